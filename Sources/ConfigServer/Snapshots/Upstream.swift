internal import LinuxSystem
internal import Logging
internal import RollerCore
internal import ServiceLifecycle
internal import Subprocess
internal import SystemPackage

/// The repository that this one mirrors. The git program fetches: it has the machine's proxies, credential helpers and ssh
/// configuration, speaks the protocols as the upstream expects, and can be ended at any moment.
actor Upstream {
    let url: String
    private let mirror: FilePath
    private let limit: Duration
    private let board: SnapshotBoard
    private let logger: Logger
    /// Those that wait for a fetch which begins after they asked.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOver = false
    private let asked: AsyncStream<Void>
    private let ask: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - mirror: The server's own bare repository.
    ///   - limit: How long one fetch may take.
    init(_ url: String, into mirror: FilePath, limit: Duration, board: SnapshotBoard, logger: Logger) {
        self.url = url
        self.mirror = mirror
        self.limit = limit
        self.board = board
        self.logger = logger
        (asked, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        board.expectUpstream()
    }

    /// Has a fetch begin soon, and does not wait for it.
    nonisolated func nudge() { ask.yield() }

    /// Returns once a fetch has ended that began after this call, or none will.
    func fetched() async {
        guard !isOver else { return }
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            ask.yield()
        }
    }

    /// Fetches whenever somebody asks, until cancelled, and has `look` see what came.
    fileprivate func follow(_ look: @Sendable () async -> Void) async {
        for await _ in asked {
            let served = waiting
            waiting = []
            await fetch()
            await look()
            for continuation in served { continuation.resume() }
        }
        isOver = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func fetch() async {
        let before = board.standing.upstream?.failure
        do throws(UpstreamError) {
            try await MirrorCommand(mirror: mirror, limit: limit).fetch(url)
            board.fetched(failure: nil)
            if before != nil { logger.info("upstream reached again") }
        } catch {
            guard !Task.isCancelled else { return }
            let reason = explain(error)
            board.fetched(failure: reason)
            if before != reason { logger.error("fetch failed", metadata: ["reason": "\(reason)"]) }
        }
    }
}

/// Has an upstream fetched again and again.
struct UpstreamFollower: ServiceLifecycle.Service {
    let upstream: Upstream
    let keeper: SnapshotKeeper
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { tasks in
                tasks.addTask {
                    while !Task.isCancelled {
                        upstream.nudge()
                        do { try await Task.sleep(for: interval) } catch { return }  // asked to stop
                    }
                }
                tasks.addTask { await upstream.follow { await keeper.look() } }
                await tasks.waitForAll()
            }
        }
    }
}

/// Why an upstream was not fetched.
enum UpstreamError: RollerError {
    case badURL(String, why: String)
    case noRepository(FilePath, said: String)
    /// The last lines of what git said.
    case fetch(said: String)
    case tooSlow(Duration)
    case notRun(why: String)

    var message: String {
        switch self {
        case .badURL(let url, let why): "'\(url)' cannot be an upstream: \(why)"
        case .noRepository(let path, let said): "cannot make a bare repository at \(path): \(said)"
        case .fetch(let said): "cannot fetch from the upstream: \(said)"
        case .tooSlow(let limit): "the upstream was not fetched within \(limit.brief)"
        case .notRun(let why): "cannot run git: \(why)"
        }
    }

    var hint: String? {
        switch self {
        case .badURL: "use https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or file:///PATH"
        case .noRepository: "name a directory that is empty or not there, or a bare repository"
        case .fetch: "try `git ls-remote URL` as the user that the server runs as"
        case .tooSlow: "see whether the upstream answers, or allow more by --fetch-limit"
        case .notRun: "install git"
        }
    }
}
