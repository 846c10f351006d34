internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
internal import LinuxSystem
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RollerCore
internal import ServiceLifecycle
internal import SystemPackage
internal import UnixSignals

/// A config server, put together: the repository behind its keeper, the store, the routes and the listening socket.
struct Server: Sendable {
    private let options: ServerOptions
    private let logger: Logger
    private let keeper: SnapshotKeeper
    let handler: RequestHandler
    private let fleet: Fleet
    /// What is followed; nil where the repository is pushed to.
    private let upstream: Upstream?
    private let gitDirectory: FilePath
    private let connections: Connections
    private let upkeep: Upkeep
    /// What shares packages with other servers; nil where the store is all there is.
    private let replicator: Replicator?
    /// Threads of this server alone, so that it can be stopped whole.
    private let threads: Threads

    /// What works beside the requests.
    private struct Threads: Sendable {
        /// One for the newest commit, one for old ones.
        let git = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        /// For reading archives through when they are published.
        let checkers = NIOThreadPool(numberOfThreads: 2)
        /// For comparing all hosts of two commits.
        let comparers = NIOThreadPool(numberOfThreads: 2)
    }

    /// Opens everything that a server needs; nothing listens yet.
    init(_ options: ServerOptions, logger: Logger) throws(StartError) {
        guard options.listen.isLoopback || options.allowsPlaintext || options.tls != nil else {
            throw .plaintext(options.listen)
        }
        self.options = options
        self.logger = logger
        let board = SnapshotBoard()
        let tags = try Self.tags(options)
        let metrics = RequestMetrics()
        let tokens = try Self.tokens(options.tokens, logger)
        let secret = try Self.secret(options.webhookSecret)
        let tls = try Self.tls(options.tls, logger)
        let admission = Admission(options.limits)
        let figures = StoreFigures()
        let store = try Self.store(options.store, logger)
        fleet = try Self.fleet(options, board, logger)
        let threads = Threads()
        self.threads = threads
        let replicator = try options.bucket.map { bucket throws(StartError) in
            try Replicator(bucket, store: store, snapshots: board, checkers: threads.checkers, logger: logger)
        }
        self.replicator = replicator
        let history: History
        let log: CommitLog
        do throws(SnapshotError) {
            let path = try Self.gitDirectory(options.repository)
            let (newest, old) = (threads.git.next(), threads.git.next())
            keeper = try SnapshotKeeper(
                path, branch: options.branch, board: board, tags: tags, on: newest, logger: logger)
            history = try History(path, board: board, tags: tags, on: old)
            log = try CommitLog(path, on: old)
            gitDirectory = path
        } catch {
            threads.git.shutdownGracefully { _ in }  // nothing runs on them yet, and nobody waits
            throw .repository(error)
        }
        upstream = options.upstream.map {
            Upstream($0, into: options.repository, limit: options.fetchLimit, board: board, logger: logger)
        }
        var pages = PageRoutes(history: history, log: log, store: store, fleet: fleet)
        if let replicator { pages.replication = ReplicationSource(replicator) }
        let indexes = SnapshotIndexes()
        let routes =
            pages.routes + HostRoutes(history: history, indexes: indexes).routes
            + HostclassRoutes(history: history, indexes: indexes).routes
            + DatacenterRoutes(history: history, indexes: indexes).routes
            + UserRoutes(history: history, indexes: indexes).routes
            + UsesRoutes(history: history, indexes: indexes).routes
            + DiffRoutes(history: history, queue: DiffQueue(on: threads.comparers)).routes
            + OpenAPIRoutes().routes
            + PackageRoutes(
                store: store, tokens: tokens, archiveLimit: options.archiveLimit, checkers: threads.checkers,
                replicator: replicator
            ).routes
            + ReplicationRoutes(replicator: replicator).routes
            + ReceiptRoutes(fleet: fleet, tokens: tokens, allowsLocal: options.allowsLocalReceipts).routes
            + FleetRoutes(fleet: fleet).routes
            + ServiceRoutes(
                keeper: keeper, upstream: upstream, board: board, metrics: metrics, tokens: tokens,
                admission: admission, figures: figures, tls: tls, fleet: fleet
            ).routes
            + WebhookRoutes(secret: secret, upstream: upstream, keeper: keeper).routes
        handler = RequestHandler(
            routes: RouteTable(routes: routes), board: board, metrics: metrics, logger: logger,
            patience: options.patience, failurePage: pages.failure, admission: admission,
            access: CertificateAccess(tokens: tokens), logsRequests: options.logsRequests)
        let answers = AgentAnswers(
            board: board, metrics: metrics, admission: admission, logger: logger,
            logsRequests: options.logsRequests, complete: handler.complete)
        connections = Connections(
            handler: handler, answers: answers, archiveWay: options.archiveWay, admission: admission, metrics: metrics,
            tls: tls)
        upkeep = Upkeep(keeper: keeper, tokens: tokens, tls: tls, store: store, figures: figures, logger: logger)
    }

    private static func tokens(_ path: FilePath?, _ logger: Logger) throws(StartError) -> LiveTokens {
        do throws(TokensError) { return try LiveTokens(path, logger: logger) } catch { throw .tokens(error) }
    }

    private static func tls(_ files: TLSFiles?, _ logger: Logger) throws(StartError) -> LiveTLS? {
        guard let files else { return nil }
        do throws(TLSError) { return try LiveTLS(files, logger: logger) } catch { throw .tls(error) }
    }

    /// What was seen is kept beside the packages: the repository may belong to another.
    private static func tags(_ options: ServerOptions) throws(StartError) -> ReleaseTags {
        do throws(SeenError) { return try ReleaseTags(file: options.store.appending("seen")) } catch {
            throw .seen(error)
        }
    }

    private static func secret(_ path: FilePath?) throws(StartError) -> WebhookSecret? {
        do throws(WebhookSecretError) { return try path.map(WebhookSecret.init(file:)) } catch {
            throw .webhook(error)
        }
    }

    private static func store(_ path: FilePath, _ logger: Logger) throws(StartError) -> PackageStore {
        do throws(StoreError) {
            let store = try PackageStore(path)
            let removed = try store.removeLeftovers(now: .now)
            if removed > 0 { logger.info("leftovers removed", metadata: ["count": "\(removed)"]) }
            return store
        } catch {
            throw .store(error)
        }
    }

    private static func fleet(
        _ options: ServerOptions, _ board: SnapshotBoard, _ logger: Logger
    ) throws(StartError) -> Fleet {
        do throws(StoreError) {
            let path = options.receipts ?? FilePath(options.store.lexicallyNormalized().string + ".receipts")
            return Fleet(
                board: board, receipts: try ReceiptStore(path, logger: logger), silentAfter: options.silentAfter,
                logger: logger)
        } catch {
            throw .receipts(error)
        }
    }

    /// The directory that git keeps its objects in: `path`, or `.git` in it.
    private static func gitDirectory(_ path: FilePath) throws(SnapshotError) -> FilePath {
        let inside = path.appending(".git")
        // A `.git` that is a file, as in a worktree, is git's own to follow; say so by failing to open it.
        return (try? Directory.open(inside, followingLinks: true)) == nil ? path : inside
    }
}

extension Server {
    /// How long requests may take to end once the server is asked to stop.
    private static let stopping = Duration.seconds(20)
    /// Serves until it is told to stop by SIGTERM or SIGINT, or its task is cancelled. Requests that have begun end first.
    /// - Parameters:
    ///   - stop: Ends to stop it gracefully, as the signals do.
    ///   - onListening: Called once, with the port.
    func run(
        signals: [UnixSignal] = [.sigterm, .sigint], stop: AsyncStream<Never>? = nil,
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        threads.checkers.start()
        threads.comparers.start()
        do throws(StartError) { try await replicator?.start() } catch {
            await close()
            throw error
        }
        await keeper.look()
        let connections = raiseDescriptorLimit() / 2
        let service = HummingbirdCore.Server(
            childChannelSetup: self.connections,
            configuration: ServerConfiguration(
                address: .hostname(options.listen.host, port: options.listen.port), backlog: 4096,
                availableConnectionsDelegate: .maximum(connections, logger: logger)),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? 0)
                options.notifier?.tell("READY=1", "STATUS=Listening on \(options.listen.host)")
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: followers + [
                FleetKeeper(fleet: fleet),
                UpkeepPoller(upkeep: upkeep, interval: options.poll, notifier: options.notifier), service,
            ], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.stopping
        let group = ServiceGroup(configuration: configuration)
        do {
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                if !signals.isEmpty {
                    tasks.addTask {
                        await obey(signals, group)
                        try await Task.sleep(for: .seconds(86400))  // the group's end ends this as well
                    }
                }
                if let stop {
                    tasks.addTask {
                        for await _ in stop {}
                        await group.triggerGracefulShutdown()
                        try await Task.sleep(for: .seconds(86400))  // the group's end ends this as well
                    }
                }
                defer { tasks.cancelAll() }
                try await tasks.next()
            }
        } catch {
            await close()
            guard let error = error as? IOError else { throw error }
            throw StartError.listen(options.listen, why: Errno(rawValue: error.errnoCode).description)
        }
        await close()
    }

    /// What finds new commits.
    private var followers: [any ServiceLifecycle.Service] {
        var services: [any ServiceLifecycle.Service] = [SnapshotPoller(keeper: keeper, interval: options.poll)]
        if let upstream {
            services = [UpstreamFollower(upstream: upstream, keeper: keeper, interval: options.poll)]
        } else if options.watches {
            services.append(
                ReferenceWatch(
                    repository: gitDirectory, branch: options.branch, keeper: keeper, loop: threads.git,
                    logger: logger))
        }
        if let replicator { services.append(ReplicationFollower(replicator: replicator)) }
        return services
    }

    /// Stops when told so: gracefully the first time, at once the second. Reads everything anew at SIGHUP.
    private func obey(_ signals: [UnixSignal], _ group: ServiceGroup) async {
        var isStopping = false
        for await signal in await UnixSignalsSequence(trapping: signals + [.sighup]) {
            if signal == .sighup {
                options.notifier?.tell("RELOADING=1")
                await upkeep.reload()
                options.notifier?.tell("READY=1")
                logger.info("reloaded")
            } else if isStopping {
                logger.warning("stopped at once", metadata: ["signal": "\(signal)"])
                // Nothing is lost: what is on disk is whole at every moment. 128 and the signal, as a shell has it.
                _exit(128 + signal.rawValue)
            } else {
                isStopping = true
                options.notifier?.tell("STOPPING=1")
                await group.triggerGracefulShutdown()
            }
        }
    }

    /// Reads the files of tokens and certificates anew, as is done with each poll.
    func renew() { upkeep.renew() }

    /// Reads the newest commit as a server would, without serving it.
    /// - Returns: The commit.
    /// - Throws: Why it could not be served.
    func check() async throws -> Revision {
        await keeper.look()
        let standing = handler.board.standing
        await close()
        guard standing.isReady, let served = standing.served else {
            throw SnapshotError.nothingServed(standing.refusal)
        }
        return served.revision
    }

    /// Ends the server's own threads. Nothing may be asked of it afterwards.
    func close() async {
        do {
            try await threads.checkers.shutdownGracefully()
            try await threads.comparers.shutdownGracefully()
            try await threads.git.shutdownGracefully()
        } catch {
            logger.error("threads did not stop", metadata: ["reason": "\(error)"])
        }
    }
}
