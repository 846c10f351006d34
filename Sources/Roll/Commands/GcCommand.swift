import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll gc`: removes what earlier rolls left, and says what and why.
struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove earlier trees and packages that nobody needs, and say why the others stay.",
        discussion: """
            Each roll does it at its end, keeping three. The live tree, the one before it, the one from before Roller, \
            and whatever a process still uses are never removed, nor the packages that they were made from.
            """)

    @OptionGroup var prefix: PrefixOptions

    @Flag(help: "Say what would be removed, and remove nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Keep this many earlier trees, one or more.", valueName: "n"))
    var keep = Leftovers.keptEarlier

    func validate() throws {
        guard keep >= 1 else {
            throw ValidationError("--keep \(keep) would leave nothing to go back to; keep one or more.")
        }
    }

    func run() throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else {
            return try standardOutput("\(try prefix.path) was never rolled.\n")
        }
        let lock = try Lock.take(home, for: "gc")
        try Standing.requireSettled(home)
        let collector = Collector(home: home, report: Report(isQuiet: true, isVerbose: false))
        let found: Collector.Found
        do {
            found = try collector.find(keeping: keep)
            if !dryRun { try collector.remove(found) }
        } catch {
            throw RollError.cannotStage(what: "remove what earlier rolls left", cause: error)
        }
        lock.letGo()
        try standardOutput(printableLines(text(of: found, home)))
    }

    private func text(of found: Collector.Found, _ home: RollerHome) -> String {
        let leftovers = found.leftovers
        let remove = dryRun ? "would remove" : "removed"
        var lines = leftovers.kept.map { "kept          generation \($0.generation): \($0.reason.rawValue)" }
        lines += leftovers.trees.map { "\(remove)  generation \($0): newer ones are kept, and no process uses it" }
        let records = Set(leftovers.records).subtracting(leftovers.trees).sorted()
        lines += records.map { "\(remove)  the record of generation \($0): its tree is gone" }
        lines += leftovers.packages.map { "\(remove)  package \($0.short): no tree that is kept was made from it" }
        lines += found.scraps.map { "\(remove)  \($0): left by a call that was cut off, or used up" }
        if leftovers.isEmpty, found.scraps.isEmpty { lines.append("Nothing to remove.") }
        return lines.map { $0 + "\n" }.joined()
    }
}
