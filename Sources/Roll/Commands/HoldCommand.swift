import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll hold`: rolls of this host are refused for a while.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Refuse rolls of this host for a while.",
        discussion: """
            They end with 17 and say until when and why; so do their receipts. A roll that is at work goes on to its \
            end. `roll rollback` and `roll recover` work as ever. A second hold replaces the first.
            """)

    @OptionGroup var prefix: PrefixOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, as in 4h or 2d.", valueName: "time"))
    var span: TimeSpan

    @Option(help: ArgumentHelp("Why: others will read it.", valueName: "text"))
    var reason: String

    func validate() throws {
        guard span.duration >= .seconds(1), span.duration <= .seconds(90 * 86400) else {
            throw ValidationError(
                "--for '\(span)' is not between 1s and 90d: a hold that nobody remembers helps nobody.")
        }
        guard (1...500).contains(reason.utf8.count), printable(reason) == reason else {
            throw ValidationError("--reason takes one line of 1 to 500 bytes.")
        }
    }

    func run() throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: true) else {
            preconditionFailure("a home that is made where it is missing is there")
        }
        let now = secondsSince1970()
        let hold = Hold(until: now + Int(span.duration.components.seconds), reason: reason, since: now)
        try home.write(hold)
        standardError("held until \(utc(hold.until))")
    }
}

/// `roll unhold`: rolls may go on.
struct UnholdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unhold", abstract: "End a hold of this host.")

    @OptionGroup var prefix: PrefixOptions

    func run() throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false),
            try home.hold(at: secondsSince1970()) != nil
        else { return standardError("\(try prefix.path) is not held") }
        try home.endHold()
    }
}
