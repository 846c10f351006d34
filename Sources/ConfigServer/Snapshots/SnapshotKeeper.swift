internal import ConfigSource
internal import GitRepository
internal import Logging
internal import NIOCore
internal import RollerCore
internal import ServiceLifecycle
internal import SystemPackage

/// Looks at the branch and makes a snapshot of each new commit. It works on a thread of its own: neither requests nor
/// other tasks wait for git or for the lint.
actor SnapshotKeeper {
    /// What the newest snapshot was made from; the same again makes the same snapshot.
    private struct Source: Equatable {
        let commit: ObjectID
        let releaseTargets: [ReleaseReference: ObjectID?]
    }

    private let loop: any EventLoop
    private let branch: String
    private let board: SnapshotBoard
    private let logger: Logger
    private var reader: RepositoryReader
    /// What was tried last, served or refused.
    private var tried: Source?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }

    /// - Parameter loop: The thread to work on. It must outlive the actor's last call.
    init(
        _ repository: FilePath, branch: String, board: SnapshotBoard, tags: ReleaseTags, on loop: any EventLoop,
        logger: Logger
    ) throws(SnapshotError) {
        self.loop = loop
        self.branch = branch
        self.board = board
        self.logger = logger
        reader = try RepositoryReader(repository, tags: tags, viewBytes: 64 << 20)
    }

    /// Looks at the repository now, and serves the newest commit if it is a good one.
    func look() {
        var revision: Revision?
        do throws(SnapshotError) {
            let head = try reader.head(of: branch)
            revision = Revision(head)
            if let tried, try tried == source(at: head, releases: tried.releaseTargets.keys) {
                if board.standing.refusal == nil { board.confirm() }
                return
            }
            try make(head)
        } catch {
            // What cannot be read now may be read the next time; what it says does not change.
            if case .git = error { tried = nil }
            if case .noBranch = error { tried = nil }
            refuse(Refusal(error, of: revision))
        }
    }

    private func source(
        at head: ObjectID, releases: some Sequence<ReleaseReference>
    ) throws(SnapshotError) -> Source {
        var targets: [ReleaseReference: ObjectID?] = [:]
        for release in releases { targets[release] = .some(try reader.target(of: release)) }
        return Source(commit: head, releaseTargets: targets)
    }

    private func make(_ head: ObjectID) throws(SnapshotError) {
        let start = ContinuousClock.now
        let made = try reader.snapshot(at: head)
        tried = Source(commit: head, releaseTargets: made.releaseTargets)
        try reader.note(made.releaseTargets)
        let findings = made.snapshot.lint()
        guard !findings.hasErrors else { throw .findings(made.revision, findings) }
        let took = ContinuousClock.now - start
        board.serve(made, buildTime: took)
        logger.info(
            "snapshot served",
            metadata: [
                "revision": "\(made.revision)", "hosts": "\(made.snapshot.repo.hosts.count)",
                "warnings": "\(findings.count)", "took": "\(took.brief)",
            ])
    }

    private func refuse(_ refusal: Refusal) {
        let before = board.standing.refusal
        board.refuse(refusal)
        guard before?.revision != refusal.revision || before?.message != refusal.message else { return }
        var metadata: Logger.Metadata = ["kind": "\(refusal.kind)", "reason": "\(refusal.message)"]
        if let revision = refusal.revision { metadata["revision"] = "\(revision)" }
        if let served = board.standing.served { metadata["serving"] = "\(served.revision)" }
        if let first = refusal.findings.first(where: { $0.severity == .error }) {
            metadata["first"] = "\(first.location): \(first.message)"
        }
        logger.error("newest commit refused", metadata: metadata)
    }
}

/// Has the keeper look again and again.
struct SnapshotPoller: ServiceLifecycle.Service {
    let keeper: SnapshotKeeper
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while true {
                do { try await Task.sleep(for: interval) } catch { return }  // asked to stop
                await keeper.look()
            }
        }
    }
}
