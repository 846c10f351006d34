import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll rollback [N]`: an earlier generation becomes the live one, without the network.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Make an earlier generation live again. Needs no network.",
        discussion: """
            The bundle that is left behind counts as rejected: the next roll does not bring it back, until the \
            repository says something else or somebody says --retry-rejected.
            """)

    @Argument(
        help: ArgumentHelp(
            "Its number, one of those that `roll status` lists; 0 is the tree from before Roller. (default: the one before)",
            valueName: "n"))
    var generation: Generation?

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var output: ReportOptions
    @OptionGroup var reporting: ReportingOptions

    @Flag(name: .customLong("json"), help: "Print the receipt to stdout.")
    var printsJSON = false

    func run() async throws {
        let now = secondsSince1970()
        var receipt = Receipt(id: rollID(now), started: now)
        let watch = Stopwatch()
        do {
            try await rollBack(&receipt, watch)
        } catch {
            receipt.exit = rollExit(of: error)
            receipt.failure = explain(error)
            output.report.failure(error)
        }
        receipt.steps = watch.steps
        receipt.milliseconds = watch.elapsed.milliseconds
        try await finish(
            receipt, at: try prefix.path, printing: printsJSON, sending: reporting.sender(), output.report)
        throw ExitCode(receipt.exit.rawValue)
    }

    private func rollBack(_ receipt: inout Receipt, _ watch: Stopwatch) async throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else {
            throw RollError.nothingToRollBackTo
        }
        let lock = try Lock.take(home, for: receipt.id)
        // Told which generation, it also goes there from where no other command would.
        let recovered = try await Recover(home: home, report: output.report).run(takingOver: generation != nil)
        let state = recovered.state
        let stored = try home.storedGenerations().map(\.generation)
        guard let target = generation ?? stored.filter({ $0 < state.current }).max() else {
            throw RollError.nothingToRollBackTo
        }
        guard stored.contains(target) || target == state.current else { throw RollError.noGeneration(target) }
        let current = home.record(leaving: state.current, output.report)
        let next = try home.record(of: target)
        let store = PackageStore(home)
        let explained = try ExplainedPlan.from(current, leaving: state.current, to: next, id: receipt.id) {
            try store.manifest($0)
        }
        var after = state
        after.current = target
        after.bundle = next?.bundle
        after.revision = next?.revision
        receipt.host = state.host
        receipt.release = next?.release
        receipt.bundle = next?.bundle
        receipt.revision = next?.revision
        receipt.paths = Receipt.PathCounts(explained.changes)
        try lock.check(home)
        let end = try await Finish(home: home, report: output.report, watch: watch)
            .carryOut(explained, committing: after, recovered.journal, &receipt)
        if case .committed = end, let left = current?.bundle, left != next?.bundle {
            do {
                try Rejections(home).add(left, reason: "somebody rolled back from it", roll: receipt.id)
                if let bundle = next?.bundle { try Rejections(home).remove(bundle) }
            } catch {
                output.report.warning(
                    "cannot remember that the bundle is rejected, so the next roll brings it back: \(explain(error))")
            }
        }
        lock.letGo()
    }
}

/// `roll recover`: ends a roll that was cut off. Every roll begins with it.
struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "End a roll that was cut off: back to a whole generation. For boot.",
        discussion: """
            A roll that was not committed gives way to the generation before, whose services are started. Every roll \
            begins with this; where no roll was cut off it does nothing. Needs no network. Ends with 16 when a \
            person has to look.
            """)

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var output: ReportOptions

    func run() async throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else { return }
        let now = secondsSince1970()
        let lock = try Lock.take(home, for: rollID(now))
        let recovered = try await Recover(home: home, report: output.report).run()
        lock.letGo()
        if !recovered.isHealthy { throw ExitCode(RollExit.rolledBackUnhealthy.rawValue) }
    }
}
