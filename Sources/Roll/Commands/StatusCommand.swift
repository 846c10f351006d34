import ArgumentParser
import LinuxSystem
import OrderedCollections
import RollerCore
import SystemPackage

/// `roll status`: what this host is now.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which generation is live, and where it came from.",
        discussion: """
            `generations` are the earlier trees that are kept and can be rolled back to, `restart-debt` the processes \
            that still use one of them. Ends with 16 when the last \
            roll did not end, or the live tree is not the one that was committed last; and with 0 while a roll is at \
            work.
            """)

    @OptionGroup var prefix: PrefixOptions

    @Flag(name: .customLong("json"), help: "Print it as JSON.")
    var printsJSON = false

    func run() throws {
        let home = try RollerHome.open(prefix: try prefix.path, creating: false)
        let standing = try home.map { try Standing.of($0) } ?? .settled
        guard let home, let state = try home.state() ?? (standing == .settled ? nil : .untouched) else {
            return try standardOutput(printsJSON ? "{}\n" : "\(try prefix.path) was never rolled.\n")
        }
        let record = home.record(leaving: state.current, Report(isQuiet: true, isVerbose: false))
        var fields: [(String, Value)] = [
            ("prefix", .string(home.prefix.string)),
            ("host", .string(state.host?.rawValue ?? "")),
            ("generation", .int(state.current.number)),
            ("release", .string(record?.release.rawValue ?? "none")),
            ("revision", .string(state.revision?.rawValue ?? "")),
            ("bundle", .string(state.bundle?.rawValue ?? "")),
            ("servers", .list(state.servers.map(Value.string))),
            ("generations", .list(try home.storedGenerations().map(\.generation).sorted().map { .int($0.number) })),
        ]
        let debt = try home.restartDebt()
        if !debt.isEmpty {
            let lines = debt.map {
                "\($0.name) (\($0.process)) uses generation \($0.generations.map(String.init).joined(separator: ", "))"
            }
            fields.append(("restart-debt", .list(lines.map { .string(printable($0)) })))
        }
        switch standing {
        case .settled: break
        case .rolling: fields.append(("note", .string("a roll is under way")))
        case .unsettled(let why): fields.append(("warning", .string(why)))
        }
        let value = Value.map(.init(uniqueKeysWithValues: fields))
        try standardOutput(printsJSON ? String(decoding: value.json(pretty: true), as: UTF8.self) : value.yaml)
        if case .unsettled = standing { throw ExitCode(RollExit.inconsistent.rawValue) }
    }
}

/// `roll history`: what earlier rolls did.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show what earlier rolls did, the oldest first.",
        discussion: """
            A line each: the roll's ID, the generations, the release, how long it took, and how it ended. Rolls with \
            nothing to do leave none. More is in PREFIX.roller/receipts/ID.json.
            """)

    @OptionGroup var prefix: PrefixOptions

    func run() throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else { return }
        for receipt in try home.receipts() {
            let ways = [receipt.from, receipt.to].map { $0.map { "\($0)" } ?? "?" }.joined(separator: " -> ")
            let release = receipt.release?.rawValue ?? "-"
            let words = receipt.failure.map { ": " + printable($0) } ?? ""
            try standardOutput(
                "\(receipt.id)  \(ways)  \(release)  \(Duration.milliseconds(receipt.milliseconds).brief)  exit \(receipt.exit.rawValue)\(words)\n"
            )
        }
    }
}
