internal import RollerCore
internal import Synchronization

/// What the server serves right now, and whether that is the newest commit.
struct Standing: Sendable {
    /// The last good commit; nil where there was none yet.
    let served: ServedSnapshot?
    /// Why the newest commit is not the one served; nil where it is.
    let refusal: Refusal?
    /// When `served` was last seen to be the newest.
    let confirmed: ContinuousClock.Instant
    /// How long `served` took to make.
    let buildTime: Duration

    /// Whether the newest commit is served.
    var isReady: Bool { served != nil && refusal == nil }

    /// How old what is served may be, in whole seconds.
    func age(at now: ContinuousClock.Instant) -> Int {
        max(0, Int((now - confirmed).components.seconds))
    }
}

/// Where the newest good snapshot hangs. It is exchanged at once, and whoever began to read the one before goes on with
/// that; no request waits for git.
final class SnapshotBoard: Sendable {
    private let state = Mutex(Standing(served: nil, refusal: nil, confirmed: .now, buildTime: .zero))

    /// What is served now.
    var standing: Standing { state.withLock { $0 } }

    /// `snapshot` is the newest commit, and a good one.
    func serve(_ snapshot: ServedSnapshot, buildTime: Duration) {
        state.withLock { $0 = Standing(served: snapshot, refusal: nil, confirmed: .now, buildTime: buildTime) }
    }

    /// What is served is still the newest commit.
    func confirm() {
        state.withLock {
            $0 = Standing(served: $0.served, refusal: nil, confirmed: .now, buildTime: $0.buildTime)
        }
    }

    /// The newest commit is not served. What was served before stays.
    func refuse(_ refusal: Refusal) {
        state.withLock {
            $0 = Standing(
                served: $0.served, refusal: refusal, confirmed: $0.confirmed, buildTime: $0.buildTime)
        }
    }
}
