internal import ConfigSource
internal import GitRepository
internal import LinuxSystem
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
    private let repository: FilePath
    private let branch: String
    private let board: SnapshotBoard
    private let logger: Logger
    private let tags: ReleaseTags
    private let reader: RepositoryReader
    /// What was tried last, served or refused.
    private var tried: Source?
    /// What is served, with what was found of its hosts.
    private var base: (snapshot: ServedSnapshot, checks: HostChecks)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }

    /// - Parameter loop: The thread to work on. It must outlive the actor's last call.
    init(
        _ repository: FilePath, branch: String, board: SnapshotBoard, tags: ReleaseTags, on loop: any EventLoop,
        logger: Logger
    ) throws(SnapshotError) {
        self.loop = loop
        self.repository = repository
        self.branch = branch
        self.board = board
        self.logger = logger
        self.tags = tags
        reader = try RepositoryReader(repository, tags: tags, viewBytes: 32 << 20)
    }

    /// Looks at the repository now, and serves the newest commit if it is a good one.
    func look() {
        var revision: Revision?
        defer { remember() }
        do throws(SnapshotError) {
            let head = try reader.head(of: branch)
            revision = Revision(head)
            noteHead(head)
            if let tried, tried.commit == head, try tried == source(at: head, releases: tried.releaseTargets.keys) {
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
        let (made, reached) = try reader.snapshot(at: head, since: base?.snapshot)
        tried = Source(commit: head, releaseTargets: made.releaseTargets)
        try reader.note(made.releaseTargets)
        let checks: HostChecks
        if let base, let reached {
            checks = made.snapshot.checkHosts(since: base.checks, reached: reached)
        } else {
            checks = made.snapshot.checkHosts()
        }
        let findings = made.snapshot.lint(checks)
        guard !findings.hasErrors else { throw .findings(made.revision, findings) }
        let took = ContinuousClock.now - start
        let checked = reached?.count ?? made.snapshot.repo.hosts.count
        board.serve(made, buildTime: took, hostsChecked: checked)
        base = (made, checks)
        logger.info(
            "snapshot served",
            metadata: [
                "revision": "\(made.revision)", "hosts": "\(made.snapshot.repo.hosts.count)",
                "checked": "\(checked)", "warnings": "\(findings.count)", "took": "\(took.brief)",
            ])
    }

    /// Notes where the branch is. Elsewhere than forward is told and followed: whether hosts may go there is theirs to say.
    private func noteHead(_ head: ObjectID) {
        guard let former = tags.move(branch: branch, to: head), former != head else { return }
        do throws(SnapshotError) {
            if try reader.descends(head, from: former) { return }
        } catch {
            logger.error("history not followed", metadata: ["reason": "\(explain(error))"])
            return
        }
        let rewrite = Rewrite(from: Revision(former), to: Revision(head), noticed: .now)
        board.note(rewrite)
        logger.warning(
            "branch rewritten",
            metadata: ["branch": "\(branch)", "from": "\(rewrite.from)", "to": "\(rewrite.to)"])
    }

    /// Notes all releases, when any may be new, and keeps on disk what was seen. It comes after the newest commit is
    /// served, which need not wait for it.
    private func remember() {
        if let changed = tags.changeOfTags(in: repository) {
            do throws(SnapshotError) {
                let moved = try reader.noteAllReleases().map { explain($0) }.sorted()
                if moved != board.standing.movedTags {
                    board.note(movedTags: moved)
                    for why in moved { logger.error("release moved", metadata: ["reason": "\(why)"]) }
                }
                tags.hasNotedAll(at: changed)
            } catch {
                logger.error("tags not read", metadata: ["reason": "\(explain(error))"])
            }
        }
        do throws(FileError) { try tags.save() } catch {
            logger.error("seen releases not kept", metadata: ["reason": "\(error.message)"])
        }
    }

    private func refuse(_ refusal: Refusal) {
        guard board.refuse(refusal) else { return }
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
