internal import Synchronization

/// How many requests were answered how.
final class RequestMetrics: Sendable {
    private struct Kind: Hashable {
        let route: String
        let status: Int
    }

    private let counts = Mutex<[Kind: Int]>([:])

    /// Counts one request.
    /// - Parameter route: The pattern of its route, never its path: paths have no bound.
    func count(_ route: String, status: Int) {
        counts.withLock { $0[Kind(route: route, status: status), default: 0] += 1 }
    }

    /// The counts so far, sorted.
    var lines: [(route: String, status: Int, count: Int)] {
        counts.withLock { $0.map { ($0.key.route, $0.key.status, $0.value) } }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }
}
