internal import RollerCore
internal import Synchronization

/// What the server serves right now, and whether that is the newest commit.
struct Standing: Sendable {
    /// The last good commit; nil where there was none yet.
    var served: ServedSnapshot?
    /// Why the newest commit is not the one served; nil where it is.
    var refusal: Refusal?
    /// When `served` was last seen to be the newest: with an upstream, to be the newest there.
    var confirmed = ContinuousClock.now
    /// How long `served` took to make.
    var buildTime = Duration.zero
    /// How many of its hosts were looked at to make it; the others were known to be as they were.
    var hostsChecked = 0
    /// The last time since the server's start that the branch went to a commit which does not descend from the one before.
    var rewritten: Rewrite?
    /// Releases that are not where they were first seen, in use or not: one clause each, sorted.
    var movedTags: [String] = []
    /// How many commits, or tries at one, were refused since the server's start.
    var refusals = 0
    /// How fetching goes; nil where the server is pushed to.
    var upstream: UpstreamStanding?
    /// How following the bucket goes; nil where the server has its own directory alone.
    var bucket: BucketStanding?

    /// Whether the newest commit is served.
    var isReady: Bool { served != nil && refusal == nil }

    /// How old what is served may be, in whole seconds.
    func age(at now: ContinuousClock.Instant) -> Int {
        max(0, Int((now - confirmed).components.seconds))
    }
}

/// A branch that went elsewhere than forward.
struct Rewrite: Hashable, Sendable {
    let from: Revision
    let to: Revision
    /// When that was noticed.
    let noticed: UTCTime
}

/// How fetching from the upstream goes.
struct UpstreamStanding: Sendable {
    /// When it last succeeded; nil where it did not yet since the server's start.
    var fetched: ContinuousClock.Instant?
    /// Why the last one failed; nil where it succeeded or none has ended yet.
    var failure: String?
    /// How many failed since the server's start.
    var failures = 0
}

/// Where the newest good snapshot hangs. It is exchanged at once, and whoever began to read the one before goes on with
/// that; no request waits for git.
final class SnapshotBoard: Sendable {
    private let state = Mutex(Standing())

    /// What is served now.
    var standing: Standing { state.withLock { $0 } }

    /// `snapshot` is the newest commit, and a good one.
    func serve(_ snapshot: ServedSnapshot, buildTime: Duration, hostsChecked: Int) {
        // What is replaced goes after the lock: to free a large snapshot takes a moment.
        let former = state.withLock {
            let former = $0.served
            $0.served = snapshot
            $0.refusal = nil
            $0.confirm()
            $0.buildTime = buildTime
            $0.hostsChecked = hostsChecked
            return former
        }
        _ = former
    }

    /// What is served is still the newest commit.
    func confirm() {
        state.withLock {
            $0.refusal = nil
            $0.confirm()
        }
    }

    /// The newest commit is not served. What was served before stays.
    /// - Returns: Whether that is news: another commit, or another reason.
    func refuse(_ refusal: Refusal) -> Bool {
        state.withLock {
            let isNew = $0.refusal?.revision != refusal.revision || $0.refusal?.message != refusal.message
            if isNew { $0.refusals += 1 }
            $0.refusal = refusal
            return isNew
        }
    }

    /// The branch went elsewhere than forward.
    func note(_ rewrite: Rewrite) { state.withLock { $0.rewritten = rewrite } }

    /// Which releases have moved.
    func note(movedTags: [String]) { state.withLock { $0.movedTags = movedTags } }

    /// There is an upstream, which was not asked yet.
    func expectUpstream() { state.withLock { $0.upstream = UpstreamStanding() } }

    /// There is a bucket, which was not asked yet.
    func expectBucket() { state.withLock { $0.bucket = BucketStanding() } }

    /// A look into the bucket has ended.
    /// - Parameter failure: Why it failed; nil where it succeeded.
    func bucketSeen(failure: String?) {
        state.withLock {
            var bucket = $0.bucket ?? BucketStanding()
            bucket.failure = failure
            if failure == nil { bucket.seen = .now } else { bucket.failures += 1 }
            $0.bucket = bucket
        }
    }

    /// A fetch has ended.
    /// - Parameter failure: Why it failed; nil where it succeeded.
    func fetched(failure: String?) {
        state.withLock {
            var upstream = $0.upstream ?? UpstreamStanding()
            upstream.failure = failure
            if failure == nil { upstream.fetched = .now } else { upstream.failures += 1 }
            $0.upstream = upstream
        }
    }
}

extension Standing {
    /// What is served is the newest, as far as is known: what an upstream has was last seen when it was fetched.
    fileprivate mutating func confirm() {
        guard let upstream else { return confirmed = .now }
        if let fetched = upstream.fetched { confirmed = fetched }
    }
}
