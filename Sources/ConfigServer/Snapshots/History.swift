internal import GitRepository
internal import NIOCore
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// Reads what is not the newest commit: old ones, and releases that no host names. It has a thread and a view of the
/// repository of its own, so that looking back never keeps the newest commit from being served.
actor History {
    private let loop: any EventLoop
    private let board: SnapshotBoard
    private let reader: RepositoryReader
    private var snapshots: [(commit: ObjectID, snapshot: ServedSnapshot, cost: Int)] = []
    private var hostclasses: [(commit: ObjectID, found: HostclassAtRelease)] = []
    private let waiting = Mutex(0)

    /// How many commits are held, and how many hosts they may have between them that no other snapshot shares; the last
    /// one is held in any case.
    private static let heldSnapshots = 4
    private static let heldHosts = 5000
    private static let heldHostclasses = 32
    /// How many requests may wait for the thread. A snapshot of 10,000 hosts takes about a second.
    private static let longestQueue = 16

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }

    /// - Parameter loop: The thread to work on. It must outlive the actor's last call.
    init(
        _ repository: FilePath, board: SnapshotBoard, tags: ReleaseTags, on loop: any EventLoop
    ) throws(SnapshotError) {
        self.loop = loop
        self.board = board
        reader = try RepositoryReader(repository, tags: tags, viewBytes: 4 << 20)
    }

    /// The snapshot of the commit that `revision` names. It may have errors.
    nonisolated func snapshot(at revision: String) async throws -> ServedSnapshot {
        try await queued { history in try await history.readSnapshot(revision) }
    }

    /// A class at a release.
    nonisolated func hostclass(at reference: ReleaseReference) async throws -> HostclassAtRelease {
        try await queued { history in try await history.readHostclass(reference) }
    }

    /// The releases of a class, in byte order of their names, each with the time of its commit.
    nonisolated func releases(of hostclass: HostclassName) async throws -> [(tag: GitTag, time: UTCTime)] {
        try await queued { history in try await history.readReleases(hostclass) }
    }

    private nonisolated func queued<Result: Sendable>(
        _ body: (History) async throws -> Result
    ) async throws -> Result {
        let isFree = waiting.withLock { waiting in
            guard waiting < Self.longestQueue else { return false }
            waiting += 1
            return true
        }
        guard isFree else { throw SnapshotError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await body(self)
    }

    private func readSnapshot(_ revision: String) throws -> ServedSnapshot {
        let commit = try reader.resolve(revision)
        if let place = snapshots.firstIndex(where: { $0.commit == commit }) {
            let found = snapshots.remove(at: place)
            snapshots.append(found)
            return found.snapshot
        }
        // Most of an old commit is as it is in the newest, and shared with it.
        let (made, reached) = try reader.snapshot(at: commit, since: board.standing.served ?? snapshots.last?.snapshot)
        try reader.note(made.releaseTargets)
        snapshots.append((commit, made, reached?.count ?? made.snapshot.repo.hosts.count))
        while snapshots.count > 1,
            snapshots.count > Self.heldSnapshots || snapshots.reduce(0, { $0 + $1.cost }) > Self.heldHosts
        {
            snapshots.removeFirst()
        }
        return made
    }

    private func readHostclass(_ reference: ReleaseReference) throws -> HostclassAtRelease {
        let target = try reader.target(of: reference)
        if let place = hostclasses.firstIndex(where: {
            $0.found.release.reference == reference && $0.commit == target
        }) {
            let found = hostclasses.remove(at: place)
            hostclasses.append(found)
            return found.found
        }
        let found = try reader.hostclass(at: reference, target)
        if let target {
            hostclasses.append((target, found))
            if hostclasses.count > Self.heldHostclasses { hostclasses.removeFirst() }
        }
        return found
    }

    private func readReleases(_ hostclass: HostclassName) throws -> [(tag: GitTag, time: UTCTime)] {
        try reader.releases(of: hostclass)
    }
}
