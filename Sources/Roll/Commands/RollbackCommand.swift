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
        try await GoBack(home: home, report: output.report, watch: watch).run(
            to: generation, from: recovered, because: "somebody rolled back from it", lock, &receipt)
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

    @Flag(help: "Where another roll is at work, wait for its end, ten minutes at most.")
    var wait = false

    func run() async throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else { return }
        if wait { try await waitForOthers(home) }
        let now = secondsSince1970()
        let lock = try Lock.take(home, for: rollID(now))
        let (recovered, trial) = try await TrialEnd(home: home, report: output.report, now: now)
            .run(try await Recover(home: home, report: output.report).run(), lock)
        lock.letGo()
        // The timer of a trial does not outlive a reboot.
        if let trial, try trial.boot != Boot.id() {
            await TrialTimer(home: home, report: output.report).set(trial, now: now)
        }
        if !recovered.isHealthy { throw ExitCode(RollExit.rolledBackUnhealthy.rawValue) }
    }

    /// Waits while another roll has the lock, for some time.
    private func waitForOthers(_ home: RollerHome) async throws {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(600)
        while clock.now < end, try isLocked(home) { try await Task.sleep(for: .seconds(1)) }
    }

    private func isLocked(_ home: RollerHome) throws(RollError) -> Bool {
        do throws(RollError) {
            try Lock.take(home, for: "recover").letGo()
            return false
        } catch {
            guard case .locked = error else { throw error }
            return true
        }
    }
}
