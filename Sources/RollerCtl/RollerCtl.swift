import ArgumentParser
import Glibc
import RollerCore

/// The tool for people and pipelines: checks a config repository, releases and pins classes, builds and publishes
/// packages.
struct RollerCtl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollerctl",
        abstract: "Checks a config repository, releases and pins classes, builds and publishes packages.",
        discussion: """
            From a change to a host: edit, `lock CLASS` where packages changed, commit, `release CLASS`, `pin \
            RELEASE HOST`, `lint`, commit, push.

            Where a command has --format, --json is short for --format json. Data goes to standard output, words to \
            standard error. Exit status: 0 fine, 1 found something (an error \
            in the repository, a difference), 2 could not do it.
            """,
        version: "rollerctl \(version)",
        subcommands: [
            Lint.self, Explain.self, Diff.self, ImpactCommand.self, Effective.self, Where.self, Blame.self,
            LockCommand.self, ReleaseCommand.self, Pin.self, Promote.self, New.self, Package.self, Token.self,
            SchemaCommand.self, Hook.self, FleetCommand.self, WaitCommand.self,
        ])

    /// Goes into manifests, so that another version may build other bytes and say so.
    static let version = RollerVersion.text

    @OptionGroup var repository: RepositoryOptions

    /// Runs the command that `arguments` ask for and says how it went. Everything from outside comes with `surroundings`.
    static func run(_ arguments: [String], in surroundings: Surroundings) async -> RunStatus {
        let console = surroundings.console
        do {
            guard let command = try parsed(withShortForms(arguments), console) else { return .fine }
            return try await command.run(in: surroundings)
        } catch let usage as UsageError {
            console.note(usage.text)
        } catch {
            console.report(error)
        }
        return .failed
    }

    /// `--json` is short for `--format json`, for every command that has it.
    private static func withShortForms(_ arguments: [String]) -> [String] {
        let options = arguments.prefix { $0 != "--" }
        return options.flatMap { $0 == "--json" ? ["--format", "json"] : [$0] } + arguments.dropFirst(options.count)
    }

    /// The command; nil when help or the version was asked for and shown.
    private static func parsed(_ arguments: [String], _ console: Console) throws -> (any CtlCommand)? {
        do {
            var command = try RollerCtl.parseAsRoot(arguments)
            if let command = command as? any CtlCommand { return command }
            try command.run()  // of a group of commands: throws its help
            return nil
        } catch {
            let text = RollerCtl.fullMessage(for: error)
            guard RollerCtl.exitCode(for: error).isSuccess else {
                let isError = text.hasPrefix("Error: ")
                throw UsageError(text: isError ? "error: " + text.dropFirst("Error: ".count) : text)
            }
            try console.print(text.hasSuffix("\n") ? text : text + "\n")
            return nil
        }
    }
}

/// A command, run with everything from outside passed in.
protocol CtlCommand: ParsableCommand {
    func run(in surroundings: Surroundings) async throws -> RunStatus
}

/// How a run ended.
enum RunStatus: Int32, Sendable {
    /// All is well, or was done.
    case fine = 0
    /// It looked, and found something.
    case found = 1
    /// It could not do what was asked.
    case failed = 2
}

/// Arguments that make no sense, with usage and all.
private struct UsageError: Error {
    let text: String
}

@main
enum Program {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await RollerCtl.run(arguments, in: .process()).rawValue)
    }
}
