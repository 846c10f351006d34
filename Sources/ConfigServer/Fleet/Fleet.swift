internal import Logging
internal import NIOPosix
internal import RollerCore
internal import ServiceLifecycle
internal import Synchronization

/// What is wanted of all hosts, and what they said.
final class Fleet: Sendable {
    let receipts: ReceiptStore
    let silentAfter: Int
    private let board: SnapshotBoard
    fileprivate let logger: Logger
    private let bundles = Mutex<WantedBundles?>(nil)

    init(board: SnapshotBoard, receipts: ReceiptStore, silentAfter: Duration, logger: Logger) {
        self.board = board
        self.receipts = receipts
        self.silentAfter = Int(silentAfter.components.seconds)
        self.logger = logger
    }

    /// What hosts would get at the commit that is served, as far as it is made out; nil where none is served.
    var wanted: WantedBundles? { board.standing.served.map { wanted(at: $0) } }

    /// What hosts would get at a commit that is served.
    func wanted(at served: ServedSnapshot) -> WantedBundles {
        bundles.withLock { known in
            if let known, known.served === served { return known }
            let fresh = WantedBundles(served, since: known)
            // A request that began with an older commit does not bring that one back.
            if known == nil || board.standing.served === served { known = fresh }
            return fresh
        }
    }

    /// How many hosts of the commit that is served are in each bucket; nil where none is served.
    var buckets: FleetCounts? {
        board.standing.served.map { report(at: $0, listing: .init(limit: 0)) { _ in true }.buckets }
    }

    /// How the hosts are doing that are asked for.
    func report(
        at served: ServedSnapshot, listing: FleetOverview.Listing, where isAsked: (Host) -> Bool
    ) -> FleetOverview {
        FleetOverview(
            wanted(at: served).wanted(where: isAsked), at: served.revision, reports: receipts.newest.reports,
            now: UTCTime.now.seconds, silentAfter: silentAfter, listing: listing)
    }
}

/// Makes out beside the requests what each host would get, and prunes what hosts said that are no more.
struct FleetKeeper: ServiceLifecycle.Service {
    let fleet: Fleet

    /// How long a host's receipts are kept after it was last heard of, once the repository has it no more.
    static let keptAfterwards = 30 * 86400

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var pruneAt = ContinuousClock.now
            while !Task.isCancelled {
                do {
                    try await makeOut()
                    if ContinuousClock.now >= pruneAt {
                        try await prune()
                        pruneAt = .now + .seconds(3600)
                    }
                } catch {
                    fleet.logger.error("fleet not looked after", metadata: ["reason": "\(explain(error))"])
                    pruneAt = .now + .seconds(3600)
                }
                do { try await Task.sleep(for: .milliseconds(200)) } catch { return }  // asked to stop
            }
        }
    }

    private func makeOut() async throws {
        guard let wanted = fleet.wanted, !wanted.isComplete else { return }
        // A few at a time: a newer commit may have come, and others have work for these threads.
        while !Task.isCancelled, !wanted.isComplete, fleet.wanted === wanted {
            try await waitingForDisk { wanted.advance(by: 64) }
        }
    }

    private func prune() async throws {
        guard let hosts = fleet.wanted?.served.snapshot.repo.hosts else { return }
        let removed = try await waitingForDisk {
            try fleet.receipts.prune(
                keeping: { hosts[$0] != nil }, heardSince: UTCTime.now.seconds - Self.keptAfterwards)
        }
        if removed > 0 { fleet.logger.info("receipts of removed hosts pruned", metadata: ["hosts": "\(removed)"]) }
    }
}
