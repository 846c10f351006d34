internal import ArgumentParser
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import NIOCore
internal import RollerCore
internal import SystemPackage

/// `roller-config-server`: HTTP in front of a git repository and a directory of packages.
@main
struct ConfigServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roller-config-server",
        abstract: "Answers what every host is to be, from a git repository.",
        discussion: """
            Each commit of the branch becomes a snapshot that is served as long as it is the newest good one. A \
            commit with errors is not served: the one before stays, and /readyz says why. Nothing is kept but the \
            repository and the packages. It writes its log to standard error, its address to standard output, and \
            ends with SIGTERM; SIGHUP has it read tokens and certificates anew, which it does by itself as well.
            """,
        version: "roller-config-server \(RollerVersion.text)")

    @Option(
        help: ArgumentHelp(
            "The git repository: bare, a .git directory, or a work tree with one in it.", valueName: "path"))
    var repository: String

    @Option(help: ArgumentHelp("The branch to serve.", valueName: "name"))
    var branch = "main"

    @Option(
        help: ArgumentHelp(
            "The directory of the packages; made if there is none, in a directory that is there.",
            valueName: "directory"))
    var store: String

    @Option(help: ArgumentHelp("Where to listen. Port 0 takes any free one.", valueName: "address:port"))
    var listen = "127.0.0.1:8080"

    @Option(help: ArgumentHelp("A file to write the port to, once the server listens.", valueName: "file"))
    var portFile: String?

    @Option(
        help: ArgumentHelp(
            """
            Who may write: lines of a scope (\(TokenScope.words)), sha256:HEX of a token, and a comment; `rollerctl token \
            new` makes them. Without it nobody may publish. Read anew when it changes.
            """,
            valueName: "file"))
    var tokens: String?

    @Option(
        help: ArgumentHelp(
            "The directory of hosts' receipts; made if there is none. (default: that of the store, with .receipts)",
            valueName: "directory"))
    var receipts: String?

    @Flag(help: "Take receipts from this machine without a token, as for a server on a developer's own.")
    var allowLocalReceipts = false

    @Option(help: ArgumentHelp("How long a host may say nothing before it counts as silent.", valueName: "time"))
    var silentAfter = "3h"

    @Option(
        help: ArgumentHelp(
            "How often to look at the branch, or to fetch from the upstream, as in 500ms, 1s or 1m.",
            valueName: "time"))
    var poll = "1s"

    @Option(
        help: ArgumentHelp(
            """
            Mirror this git repository (https, ssh or file) into --repository, which is made if there is none and must be \
            nobody else's to write to.
            """,
            valueName: "url"))
    var upstream: String?

    @Option(help: ArgumentHelp("How long one fetch may take.", valueName: "time"))
    var fetchLimit = "2m"

    @Option(
        help: ArgumentHelp(
            "A file whose first line is the secret of webhooks, from GitHub or GitLab; none are taken without it.",
            valueName: "file"))
    var webhookSecret: String?

    @Option(help: ArgumentHelp("As large as a package's archive may be, in bytes.", valueName: "bytes"))
    var maxArchive: Int64 = 4 << 30

    @Flag(help: "Listen on an address that other machines reach, without encryption.")
    var allowPlaintext = false

    @Option(
        help: ArgumentHelp(
            "How much to log: trace, debug (each request), info, notice, warning, error or critical.",
            valueName: "level"))
    var logLevel = "info"

    @Option(help: ArgumentHelp("How log lines look: text or json.", valueName: "format"))
    var logFormat = LogFormat.text

    @Flag(help: "Log each request at level info, instead of debug.")
    var accessLog = false

    @OptionGroup(title: "Bucket") var bucketFlags: BucketFlags
    @OptionGroup(title: "TLS") var tlsFlags: TLSFlags
    @OptionGroup(title: "Limits") var limitFlags: LimitFlags

    @Option(
        help: ArgumentHelp(
            "A YAML file with flags by their names, as in `log-level: debug`. Flags that are given outrank it.",
            valueName: "file"))
    var config: String?

    @Flag(help: "Check all that is said and all it names, a line for each, without serving; then end with 0 or 2.")
    var check = false

    /// How log lines look.
    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    /// Reads the configuration file before the flags.
    static func main() async {
        do throws(ConfigFileError) {
            await main(try ConfigFile.expand(Array(CommandLine.arguments.dropFirst())))
        } catch {
            say("error: \(explain(error))")
            Glibc.exit(2)
        }
    }

    /// What the flags say.
    private func options() throws -> (ServerOptions, Logger.Level) {
        guard let address = ListenAddress(listen) else {
            throw ValidationError("'\(listen)' is no address with a port, such as 127.0.0.1:8080")
        }
        let interval = try timeSpan(poll, of: "--poll")
        let silence = try timeSpan(silentAfter, of: "--silent-after")
        let fetching = try timeSpan(fetchLimit, of: "--fetch-limit")
        guard silence >= .seconds(1), fetching >= .seconds(1) else {
            throw ValidationError("--silent-after and --fetch-limit must be 1s or more")
        }
        guard maxArchive > 0 else { throw ValidationError("--max-archive must be above 0") }
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw ValidationError("'\(logLevel)' is no log level")
        }
        let options = ServerOptions(
            repository: FilePath(repository), branch: branch, store: FilePath(store), listen: address,
            allowsPlaintext: allowPlaintext, portFile: portFile.map { FilePath($0) },
            tokens: tokens.map { FilePath($0) }, receipts: receipts.map { FilePath($0) },
            allowsLocalReceipts: allowLocalReceipts, silentAfter: silence, poll: interval, upstream: upstream,
            fetchLimit: fetching, webhookSecret: webhookSecret.map { FilePath($0) },
            bucket: try bucketFlags.options(), archiveLimit: ByteCount(maxArchive), tls: try tlsFlags.files(),
            limits: try limitFlags.limits(),
            logsRequests: accessLog,
            notifier: ServiceNotifier { unsafe getenv($0).map { unsafe String(cString: $0) } })
        return (options, level)
    }

    func run() async throws {
        let (options, level) = try options()
        if let count = Processors.usable { NIOSingletons.groupLoopCountSuggestion = count }
        var logger = Logger(label: "roller-config-server") { label -> any LogHandler in
            switch logFormat {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler()
            }
        }
        logger.logLevel = level
        do {
            try await Server.prepare(options)
            if check {
                guard await ServerCheck(options).run() else { throw ExitCode(2) }
                return
            }
            let server = try Server(options, logger: logger)
            let log = logger
            try await server.run { port in announce(port, options, log) }
        } catch let error as any RollerError {
            say("error: \(explain(error))")
            if let hint = error.hint { say("hint: \(hint)") }
            throw ExitCode(2)
        }
    }
}

/// Tells whoever started the server where it listens: a line on standard output, and the port file.
private func announce(_ port: Int, _ options: ServerOptions, _ logger: Logger) {
    let line = "listening on \(options.listen.url(port: port, scheme: options.tls == nil ? "http" : "https"))\n"
    do {
        _ = try FileDescriptor.standardOutput.writeAll(line.utf8)
        guard let file = options.portFile, let name = file.lastComponent?.string else { return }
        let folder = file.removingLastComponent()
        try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
            .replaceFile(name, permissions: 0o644, bytes: Array("\(port)\n".utf8), durable: false)
    } catch {
        // The server works all the same; who waits for the file finds this.
        logger.error("cannot tell the port", metadata: ["reason": "\(error)"])
    }
}

private func say(_ line: String) {
    // Nobody is left to tell where standard error is closed.
    _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
}
