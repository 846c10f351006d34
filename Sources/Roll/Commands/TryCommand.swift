import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll try`: a roll that is taken back unless somebody keeps it.
struct TryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Roll, and go back after a while unless `roll keep` says otherwise.",
        discussion: """
            For changes that may shut you out. The end of the trial is on disk before anything changes: neither the end \
            of this session nor a reboot keeps the host from going back. Until then other rolls end with 17.
            """)

    @OptionGroup var apply: ApplyCommand

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, as in 30m.", valueName: "time"))
    var span: TimeSpan

    func validate() throws {
        guard span.duration >= .seconds(1), span.duration <= .seconds(7 * 86400) else {
            throw ValidationError("--for '\(span)' is not between 1s and 7d.")
        }
    }

    func run() async throws { try await apply.order(onTrialFor: span.duration).carryOut() }
}

/// `roll keep`: ends a trial, and what was tried stays.
struct KeepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep", abstract: "Keep the generation that `roll try` made live.")

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else {
            throw RollError.noTrial("\(try prefix.path) was never rolled")
        }
        let now = secondsSince1970()
        let lock = try Lock.take(home, for: rollID(now))
        try Standing.requireSettled(home)
        let current = try home.state()?.current ?? .beforeRoller
        guard let trial = try home.trial(of: current, output.report) else {
            throw RollError.noTrial("generation \(current) is on no trial")
        }
        guard try trial.remaining(at: now) > .zero else {
            throw RollError.noTrial("the trial of generation \(current) is over; the next roll goes back")
        }
        try home.endTrial()
        lock.letGo()
        output.report.step("keep", "generation \(current) stays")
    }
}
