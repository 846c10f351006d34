import ArgumentParser
import RollerCore

/// `roll`, or `roll apply`.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Roll this host. What `roll` does without a command.")

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: ReportOptions

    @Flag(help: "Replace a tree that Roller did not make; it becomes generation 0.")
    var adopt = false

    @Flag(help: "Try a bundle again that failed on this host before.")
    var retryRejected = false

    @Flag(name: .customLong("json"), help: "Print the receipt to stdout.")
    var printsJSON = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when something changed.")
    var hasDetailedExitCode = false

    func run() async throws {
        var request = try server.request(prefix)
        request.adopts = adopt
        request.retriesRejected = retryRejected
        let receipt = await Apply(request: request, report: output.report, now: secondsSince1970()).roll()
        try finish(receipt, at: try prefix.path, printing: printsJSON)
        if hasDetailedExitCode, receipt.exit == .success, receipt.changed {
            throw ExitCode(RollExit.changed.rawValue)
        }
        throw ExitCode(receipt.exit.rawValue)
    }
}
