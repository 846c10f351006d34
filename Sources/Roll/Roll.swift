public import ArgumentParser
import LinuxSystem
public import RollerCore
import SystemPackage

/// Where the program begins. A validator's process must not have a second thread, so it is served before anything that
/// might make one.
@main
enum Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == ValidateInside.name {
            exit(with: ValidateInside.run(Array(arguments.dropFirst())))
        }
        // An asynchronous main ends its thread, for which glibc loads an unwinder from disk: this one waits instead, since
        // `run` ends the process in each of its ways.
        Task.detached { await run(arguments) }
        waitForever()
    }

    private static func run(_ arguments: [String]) async -> Never {
        do {
            // Files and what services make have the modes they ask for, whoever calls; a terminal that went away or a limit
            // of file sizes (ulimit -f) ends nothing: what cannot be written is an error like others.
            Processes.setFileModeMask(0o022)
            try Signals.outlive([.brokenPipe, .fileSizeLimit])
            if let order = ApplyOrder(plain: arguments) { try await order.carryOut() }
            var command = try Roll.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            exit(with: 0)
        } catch let error where error is RollError || error is FileError {
            Report(isQuiet: false, isVerbose: false).failure(error)
            exit(with: rollExit(of: error).rawValue)
        } catch let code as ExitCode {
            exit(with: code.rawValue)
        } catch {
            endWithUsage(error)
        }
    }

    /// Help and version go to stdout and are no failure; a command line that makes no sense ends with roll's own code.
    private static func endWithUsage(_ error: any Error) -> Never {
        let text = Roll.fullMessage(for: error)
        if Roll.exitCode(for: error) == .success {
            print(text)
            exit(with: 0)
        }
        standardError(text)
        exit(
            with: Roll.exitCode(for: error) == .validationFailure
                ? RollExit.usage.rawValue : RollExit.unexpected.rawValue)
    }
}

/// `roll`: makes this host what the repository says.
struct Roll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roll",
        abstract: "Makes this host what the config repository says.",
        usage: """
            roll [<options of apply>]
            roll <subcommand> [<options>]
            """,
        discussion: """
            Fetches the host's bundle, stages a new tree beside the prefix, renders configuration, validates it, \
            stops the services whose inputs changed, exchanges the trees at once, starts and checks the services, \
            and commits. If anything fails from the first stop on, the tree before is live again.

            The first time, say which host this is and where its server is; both are remembered:
              roll plan --host web-01.example.com --server https://config1.example.com --adopt
              roll --host web-01.example.com --server https://config1.example.com --adopt

            Exit codes: 0 as the repository says, 1 unexpected, 2 changed (with --detailed-exitcode), 10 usage, 11 \
            server or configuration, 12 verification, 13 staging failed and services untouched, 14 rolled back and \
            healthy, 15 rolled back and not healthy, 16 inconsistent, 17 another roll is at work or the host is held, \
            18 refused.
            """,
        version: RollerVersion.text,
        subcommands: [
            ApplyCommand.self, PlanCommand.self, StatusCommand.self, HistoryCommand.self, RollbackCommand.self,
            RecoverCommand.self, VerifyCommand.self, BlameCommand.self, HoldCommand.self, UnholdCommand.self,
            GcCommand.self, TryCommand.self, KeepCommand.self, UninstallCommand.self,
        ],
        defaultSubcommand: ApplyCommand.self)
}

/// Where the host's tree is; every command takes it.
struct PrefixOptions: ParsableArguments {
    /// The tree that is meant where nobody says.
    static let usual = "/usr/local"

    @Option(
        help: ArgumentHelp(
            "The tree that is rolled. All else of Roller's is beside it, in DIR.roller.", valueName: "dir"),
        completion: .directory)
    var prefix = usual

    /// The prefix, absolute and without dots.
    var path: FilePath {
        get throws {
            let path = FilePath(prefix)
            let absolute = path.isAbsolute ? path : try workingDirectory().pushing(path)
            return absolute.lexicallyNormalized()
        }
    }
}

/// Which host this is, and whom it asks.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A config server, as in https://config1.example.com:8443; repeat it for several. (default: those of the last roll)",
            valueName: "url"))
    var server: [String] = []

    @Option(
        help: ArgumentHelp(
            "The name of this host in the repository. (default: that of the last roll)", valueName: "name"))
    var host: HostName?

    @Option(
        help: ArgumentHelp(
            "Trust the certificate authorities in this PEM file, and no others. Not remembered.", valueName: "file"),
        completion: .file())
    var caFile: String?

    func request(_ prefix: PrefixOptions) throws -> Apply.Request {
        Apply.Request(
            prefix: try prefix.path, host: host, servers: server.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 },
            caFile: caFile.map { FilePath($0) })
    }
}

/// How much roll says.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Say only what goes wrong.")
    var quiet = false

    @Flag(help: "Show the curl command for every question to a server.")
    var verbose = false

    var report: Report { Report(isQuiet: quiet, isVerbose: verbose) }
}

extension HostName: ExpressibleByArgument {}
extension PlanID: ExpressibleByArgument {}
extension Generation: ExpressibleByArgument {
    /// A number from 0.
    public init?(argument: String) {
        guard let number = Int(argument) else { return nil }
        self.init(number)
    }
}
extension TimeSpan: ExpressibleByArgument {
    /// A length of time as in 4h.
    public init?(argument: String) { self.init(rawValue: argument) }
}
