import ArgumentParser
import RollerCore

/// `roll`, or `roll apply`.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Roll this host. What `roll` does without a command.",
        discussion: """
            With nothing to do it asks the server once and changes nothing. What it says goes to standard error, the \
            receipt of --json to standard output. A roll that changed or tried something leaves its receipt in \
            PREFIX.roller/receipts, and is sent to the server; what says nothing new is sent once an hour.
            """)

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: ReportOptions
    @OptionGroup var reporting: ReportingOptions

    @Flag(help: "Replace a tree that Roller did not make, or a missing one; it becomes generation 0.")
    var adopt = false

    @Flag(help: "Try a bundle again that failed on this host, or was rolled back from.")
    var retryRejected = false

    @Flag(help: "Roll also where services are likely to be away for longer than their class allows.")
    var overBudget = false

    @Option(
        help: ArgumentHelp(
            "Do what `roll plan` printed under this ID, or nothing: ends with 18 when anything moved since.",
            valueName: "id"))
    var plan: PlanID?

    @Option(
        help: ArgumentHelp(
            "How files of packages come into the tree: hard (links), reflink (btrfs, xfs) or copy. Remembered.",
            valueName: "way"))
    var link: HostOptions.Link?

    @Option(
        help: ArgumentHelp(
            "Where crontabs of the tree are linked, or none. Remembered. (default: /etc/cron.d, for root)",
            valueName: "dir"))
    var cronDir: String?

    func validate() throws {
        guard cronDir == nil || cronDir == "none" || cronDir?.hasPrefix("/") == true else {
            throw ValidationError("--cron-dir takes an absolute path, or none.")
        }
    }

    @Flag(name: .customLong("json"), help: "Print the receipt to stdout.")
    var printsJSON = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when something changed.")
    var hasDetailedExitCode = false

    func run() async throws { try await order().carryOut() }

    /// What the command line says.
    /// - Parameter trial: How long what is rolled stays, unless somebody keeps it; nil is for good.
    func order(onTrialFor trial: Duration? = nil) throws -> ApplyOrder {
        var request = try server.request(prefix)
        request.adopts = adopt
        request.retriesRejected = retryRejected
        request.trial = trial
        request.exceedsBudget = overBudget
        request.plan = plan
        request.link = link
        request.cronDirectory = cronDir
        return ApplyOrder(
            request: request, report: output.report,
            sending: reporting.sender(to: request.servers, caFile: server.caFile), printsJSON: printsJSON,
            hasDetailedExitCode: hasDetailedExitCode)
    }
}

extension HostOptions.Link: ExpressibleByArgument {}
