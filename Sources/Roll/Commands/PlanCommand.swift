import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll plan`: what a roll would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a roll would change. Nothing below the prefix is touched.",
        discussion: """
            Paths, differences of text files, what was done by hand in the live tree, services and why, how long they \
            are likely to be away. The candidate is built, validated and removed again. It takes the lock, and fetches \
            packages that are missing, so that the roll after it need not. The plan has an ID: `roll apply --plan ID` \
            does what the plan says, and ends with 18 when anything moved since. Where the trees cannot be exchanged \
            the plan is shown and ends with 18, as the roll would.
            """)

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: ReportOptions

    @Flag(help: "Plan for replacing a tree that Roller did not make, or a missing one.")
    var adopt = false

    @Flag(help: "Plan for a bundle that failed on this host, or was rolled back from.")
    var retryRejected = false

    @Flag(name: .customLong("json"), help: "Print the plan as JSON, with all paths.")
    var printsJSON = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when something would change.")
    var hasDetailedExitCode = false

    func run() async throws {
        var request = try server.request(prefix)
        request.adopts = adopt
        request.retriesRejected = retryRejected
        let (planned, obstacle) = try await Apply(request: request, report: output.report, now: secondsSince1970())
            .plan()
        if printsJSON {
            let value = try readJSON(canonicalJSON(planned), as: Value.self)
            try standardOutput(String(decoding: value.json(pretty: true), as: UTF8.self))
        } else {
            try standardOutput(printableLines(planned.text))
        }
        if let obstacle { throw obstacle }
        if hasDetailedExitCode, planned.plan != nil { throw ExitCode(RollExit.changed.rawValue) }
    }
}
