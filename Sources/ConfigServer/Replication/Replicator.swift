internal import LinuxSystem
internal import Logging
internal import NIOPosix
internal import RollerCore
internal import S3
internal import SystemPackage

/// Follows the bucket: learns what is new, fetches it, and tells the others what is here. What is here is served whether
/// the bucket answers or not.
actor Replicator {
    let bucket: PackageBucket
    let store: PackageStore
    nonisolated let board: ReplicationBoard
    nonisolated let snapshots: SnapshotBoard
    let options: BucketOptions
    let checkers: NIOThreadPool
    let logger: Logger
    /// Whether the bucket was found to honour conditions.
    var isProbed = false
    /// Archives on their way to the bucket.
    var pushes: [Digest: Task<Result<Void, BucketError>, Never>] = [:]
    /// Packages on their way to the bucket, and who waits for them.
    var shares: [PackageKey: Share] = [:]
    /// Archives on their way from the bucket.
    private var fetching: [PackageKey: Task<Void, Never>] = [:]
    /// Those that a host asks for come first.
    private var wanted: [PackageKey] = []
    /// When to try again what failed, and how long to wait after that.
    private var setBack: [PackageKey: (until: ContinuousClock.Instant, wait: Duration)] = [:]
    /// Parts of this server's status that the others do not have yet.
    var unsaid = Set<Int>()
    private var needs: (revision: Revision?, keys: Set<PackageKey>) = (nil, [])
    let changed: AsyncStream<Void>
    let change: AsyncStream<Void>.Continuation

    /// How many archives are fetched at once.
    private static let fetches = 4
    /// How far back announcements are read again. Clocks that a service takes signatures from differ by less.
    private static let overlap = 30 * 60 * 1000
    /// How often a server says that it lives.
    private static let heartbeat = Duration.seconds(60)

    init(
        _ options: BucketOptions, store: PackageStore, snapshots: SnapshotBoard, checkers: NIOThreadPool, logger: Logger
    ) throws(StartError) {
        self.options = options
        self.store = store
        self.snapshots = snapshots
        self.checkers = checkers
        self.logger = logger
        do throws(BucketError) { bucket = try PackageBucket(options) } catch { throw .bucket(error) }
        do throws(StoreError) {
            board = ReplicationBoard(try store.identity(in: options.datacenter, named: options.server))
            let board = board
            try store.recall(onto: board)
        } catch {
            throw .store(error)
        }
        (changed, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        snapshots.expectBucket()
    }

    /// Refuses a bucket that is not to be published to. One that does not answer is asked again before the first put.
    func start() async throws(StartError) {
        do throws(BucketError) {
            try await probe()
        } catch {
            if case .ignoresConditions = error { throw .bucket(error) }
            logger.warning("bucket not probed", metadata: ["reason": "\(explain(error))"])
        }
    }

    func probe() async throws(BucketError) {
        guard !isProbed else { return }
        try await bucket.probe()
        isProbed = true
    }

    /// Follows the bucket until cancelled.
    func follow() async {
        unsaid = Set(0..<StatusShard.count)
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.repeatedly(self.options.reconciliation) { await self.reconcile() } }
            tasks.addTask { await self.repeatedly(self.options.poll) { await self.poll() } }
            tasks.addTask { await self.repeatedly(Self.heartbeat) { await self.beat() } }
            tasks.addTask {
                for await _ in self.changed { await self.tell() }
            }
        }
        for task in fetching.values { task.cancel() }
    }

    private nonisolated func repeatedly(_ interval: Duration, _ work: () async -> Void) async {
        while !Task.isCancelled {
            await work()
            do { try await Task.sleep(for: interval) } catch { return }  // asked to stop
        }
    }

    // MARK: Learning

    /// Looks at what was announced and at what others say. One request, where nothing is new.
    private func poll() async {
        let before = snapshots.standing.bucket?.failure
        do throws(BucketError) {
            try await learn(try await bucket.look(since: UTCTime.nowMilliseconds - Self.overlap))
            snapshots.bucketSeen(failure: nil)
            if before != nil { logger.info("bucket reached again") }
            if !unsaid.isEmpty { change.yield() }
        } catch {
            guard !Task.isCancelled else { return }
            let reason = explain(error)
            snapshots.bucketSeen(failure: reason)
            if before != reason { logger.error("bucket not reached", metadata: ["reason": "\(reason)"]) }
        }
        fetchMore()
    }

    private func learn(_ objects: [S3ObjectInfo]) async throws(BucketError) {
        var announced: [(PackageKey, Int?)] = []
        var statuses: [(ServerIdentity, Int, String, String)] = []
        for object in objects {
            switch bucket.layout.entry(object.key) {
            case .announcement(let key, let time)?: announced.append((key, time))
            case .status(let server, let name)? where server != board.identity:
                if name == "seen" {
                    board.update { $0.peers[server, default: PeerStatus()].seen = object.lastModified.map { Int($0) } }
                } else if let index = (0..<StatusShard.count).first(where: { StatusShard.name($0) == name }) {
                    let version = object.etag ?? "\(object.lastModified ?? 0) \(object.size)"
                    guard board.version(of: server, name) != version else { continue }
                    statuses.append((server, index, object.key, version))
                }
            case .status?, nil: break
            }
        }
        try await learn(announced)
        fetchMore()
        for (server, index, key, version) in statuses {
            let bytes = try await bucket.status(key)
            guard let shard = try? readJSON(bytes, as: StatusShard.self) else {
                logger.warning("unreadable status", metadata: ["server": "\(server)"])
                continue
            }
            board.update {
                $0.peers[server, default: PeerStatus()].shards[index] = shard
                $0.peers[server, default: PeerStatus()].versions[StatusShard.name(index)] = version
            }
        }
    }

    /// Reads the manifests of packages that are not known here, several at once.
    private func learn(_ keys: [(PackageKey, Int?)]) async throws(BucketError) {
        let unknown = keys.filter { !board.isHere($0.0) && board.announced($0.0) == nil }
        let failure = await withTaskGroup(of: BucketError?.self) { group in
            for (key, time) in unknown {
                group.addTask {
                    do throws(BucketError) { try await self.learn(key, announcedAt: time) } catch { return error }
                    return nil
                }
            }
            var failure: BucketError?
            for await error in group { failure = failure ?? error }
            return failure
        }
        if let failure { throw failure }
    }

    /// Reads the manifest of a package that is not known here. It may be about to come.
    private func learn(_ key: PackageKey, announcedAt time: Int?) async throws(BucketError) {
        guard !board.isHere(key), board.announced(key) == nil, shares[key] == nil else { return }
        guard let text = try await bucket.manifest(of: key) else { return }
        guard !board.isHere(key) else { return }
        let record: PackageRecord
        do throws(BucketError) {
            record = try PackageRecord(manifest: text, of: key)
        } catch {
            logger.error("manifest refused", metadata: ["reason": "\(explain(error))"])
            return
        }
        do throws(FileError) { try store.keepAnnounced(text, of: key) } catch {
            logger.error("manifest not kept", metadata: ["reason": "\(error.message)"])
            return
        }
        board.update {
            $0.announced[key] = .init(record: record, time: time, waitsFor: ReplicationBoard.Announced.turn)
        }
        note(key)
    }

    /// Compares all there is: finds what no announcement told of, and gives the bucket what only this server has.
    private func reconcile() async {
        do throws(BucketError) {
            let there = Set(try await bucket.packages())
            try await learn(there.map { ($0, nil) })
            fetchMore()
            for key in board.current.announced.keys where !there.contains(key) {
                board.update { $0.announced[key] = nil }
                try? store.forgetAnnounced(key)  // best effort: the next start asks for it again and forgets it then
                note(key)
            }
            for key in board.current.here.keys where !there.contains(key) && shares[key] == nil {
                await adopt(key)
            }
            try await bucket.sweepLog(before: UTCTime.nowMilliseconds - 24 * 3600 * 1000)
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning("bucket not compared", metadata: ["reason": "\(explain(error))"])
        }
    }

    /// A host asks for a package that is not here. It is fetched before all others.
    /// - Returns: Whether it will come.
    func want(_ key: PackageKey) async -> Bool {
        if board.announced(key) == nil {
            // Between its announcement and the next look. Nothing is asked for names that nobody locks.
            guard snapshots.standing.served?.lockedPackages.contains(key) ?? false else { return false }
            try? await learn(key, announcedAt: nil)  // the bucket is away: the next look says so
        }
        guard board.announced(key) != nil else { return false }
        if fetching[key] == nil, !wanted.contains(key) {
            wanted.append(key)
            setBack[key] = nil
        }
        fetchMore()
        return true
    }

    // MARK: Fetching

    /// Begins to fetch what is to come next, as far as there is room.
    private func fetchMore() {
        guard fetching.count < Self.fetches else { return }
        let now = ContinuousClock.now
        let known = board.current.announced
        var queue = wanted.filter { known[$0] != nil }
        wanted = queue
        if options.prefetch != .none {
            let needed = neededHere()
            let others = known.sorted { ($0.value.time ?? 0) < ($1.value.time ?? 0) }.map(\.key)
            queue += others.filter(needed.contains)
            if options.prefetch == .all { queue += others.filter { !needed.contains($0) } }
        }
        for key in queue where fetching[key] == nil {
            guard fetching.count < Self.fetches else { return }
            if let until = setBack[key]?.until, until > now { continue }
            guard let package = known[key] else { continue }
            fetching[key] = Task { await self.fetch(key, package) }
        }
    }

    private func fetch(_ key: PackageKey, _ package: ReplicationBoard.Announced) async {
        do {
            try await bring(key, package.record)
            arrived(key, announcedAt: package.time)
        } catch {
            let reason = explain(error)
            // A package that cannot be had now is asked for again, less and less often.
            let wait = min((setBack[key]?.wait ?? .milliseconds(500)) * 2, .seconds(60))
            setBack[key] = (.now + wait, wait)
            board.update { $0.announced[key]?.waitsFor = reason }
            note(key)
            if !Task.isCancelled {
                logger.warning("package not fetched", metadata: ["package": "\(key)", "reason": "\(reason)"])
            }
        }
        fetching[key] = nil
        if !Task.isCancelled { fetchMore() }
    }

    private func bring(_ key: PackageKey, _ record: PackageRecord) async throws {
        let (store, checkers) = (store, checkers)
        let text = try await waitingForDisk { try store.announcedManifest(of: key) }
        // A name for this package alone: a partial file belongs to one download.
        let name = "\(PackageStore.fetchingPrefix)\(Digest(of: key.description).hex)"
        try await bucket.get(archive: record, to: store.pending.path.appending(name))
        try await checkers.runIfActive { try store.take(name, of: key, manifest: text) }
    }

    /// A package is here now.
    func arrived(_ key: PackageKey, announcedAt time: Int?) {
        let now = UTCTime.nowMilliseconds
        board.update {
            $0.announced[key] = nil
            $0.here[key] = Arrival(since: now, took: time.map { max(0, now - $0) })
        }
        setBack[key] = nil
        wanted.removeAll { $0 == key }
        // Best effort: what stays is removed when it is read at the next start.
        try? store.forgetAnnounced(key)
        note(key)
        logger.info("package arrived", metadata: ["package": "\(key)"])
    }

    /// What hosts of this datacenter need, by the commit that is served.
    private func neededHere() -> Set<PackageKey> {
        let served = snapshots.standing.served
        if needs.revision != served?.revision || served == nil {
            needs = (served?.revision, served?.packages(neededIn: options.datacenter) ?? [])
        }
        return needs.keys
    }
}
