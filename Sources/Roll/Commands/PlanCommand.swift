import ArgumentParser
import LinuxSystem
import RollerCore

/// `roll plan`: what a roll would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a roll would change. Nothing below the prefix is touched.",
        discussion: """
            Paths, differences of text files, services and why. It takes the lock, and fetches packages that are \
            missing, so that the roll after it need not.
            """)

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: ReportOptions

    @Flag(help: "Plan for replacing a tree that Roller did not make, or a missing one.")
    var adopt = false

    @Flag(help: "Plan for a bundle that failed on this host, or was rolled back from.")
    var retryRejected = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when something would change.")
    var hasDetailedExitCode = false

    func run() async throws {
        var request = try server.request(prefix)
        request.adopts = adopt
        request.retriesRejected = retryRejected
        let (prepared, home) = try await Apply(request: request, report: output.report, now: secondsSince1970()).plan()
        guard case .change(let candidate) = prepared else {
            return try standardOutput("Nothing to do.\n")
        }
        try standardOutput(printableLines(text(of: candidate, home)))
        if hasDetailedExitCode { throw ExitCode(RollExit.changed.rawValue) }
    }

    private func text(of candidate: Apply.Candidate, _ home: RollerHome) -> String {
        let plan = candidate.explained.plan
        let changes = candidate.explained.changes
        var out = "Generation \(plan.previous) -> \(plan.next), \(candidate.record.release)\n"
        out +=
            "\(changes.added.count) paths added, \(changes.changed.count) changed, \(changes.removed.count) removed\n"
        for (mark, paths) in [("+", changes.added), ("~", changes.changed), ("-", changes.removed)] {
            out += paths.prefix(shown).map { "  \(mark) \($0)\n" }.joined()
            if paths.count > shown { out += "  \(mark) … and \(paths.count - shown) more\n" }
        }
        let files = candidate.files.filter { changes.changed.contains($0.path) }
        for file in files { out += difference(of: file, home) }
        out += candidate.explained.services.isEmpty ? "No service is touched.\n" : "Services:\n"
        for service in candidate.explained.services {
            out += "  \(service.name): \(service.action.rawValue), because \(service.reason.text)\n"
        }
        return out
    }

    private var shown: Int { 40 }

    /// The difference between a file as it is live and as it will be, where both are text.
    private func difference(of file: RenderedFile, _ home: RollerHome) -> String {
        guard let live = try? home.parent.readFile("\(home.name)/\(file.path)", limit: 1 << 20),
            let old = String(validating: live, as: UTF8.self),
            let new = String(validating: file.bytes, as: UTF8.self)
        else { return "" }  // what is gone or is no text has no lines to compare
        return unifiedDiff(old, new, name: file.path.rawValue)
    }
}
