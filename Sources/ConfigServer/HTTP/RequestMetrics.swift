internal import Synchronization

/// How many requests were answered how, how long they took, and how many bytes went over the wire.
final class RequestMetrics: Sendable {
    /// The methods that routes know. Others are one: clients may invent any.
    enum Method: String, Hashable, Comparable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case other

        init(_ text: String) { self = text == "other" ? .other : Method(rawValue: text) ?? .other }

        static func < (left: Method, right: Method) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Kind: Hashable {
        let route: String
        let method: Method
        let status: Int
    }

    private struct Counts {
        var requests: [Kind: Int] = [:]
        var durations: [String: Histogram] = [:]
    }

    private let counts = Mutex(Counts())
    private let sent = Atomic(0)
    private let received = Atomic(0)

    /// Bytes sent and received, those of TLS itself left out.
    var bytes: (sent: Int, received: Int) { (sent.load(ordering: .relaxed), received.load(ordering: .relaxed)) }

    func addSent(_ bytes: Int) { sent.add(bytes, ordering: .relaxed) }
    func addReceived(_ bytes: Int) { received.add(bytes, ordering: .relaxed) }

    /// Counts one request.
    /// - Parameters:
    ///   - route: The pattern of its route, never its path: paths have no bound.
    ///   - took: From its head to its answer's head: what clients take to read the rest is theirs.
    func count(_ route: String, _ method: Method, status: Int, took: Duration) {
        counts.withLock {
            $0.requests[Kind(route: route, method: method, status: status), default: 0] += 1
            $0.durations[route, default: Histogram()].add(took)
        }
    }

    /// The counts so far, sorted.
    var lines: [(route: String, method: Method, status: Int, count: Int)] {
        counts.withLock { $0.requests.map { ($0.key.route, $0.key.method, $0.key.status, $0.value) } }
            .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
    }

    /// How long the requests of each route took.
    var durations: [(route: String, histogram: Histogram)] {
        counts.withLock { $0.durations.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }
}

/// How often something took how long.
struct Histogram: Sendable {
    /// The upper ends of the buckets, in seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    /// How many fell into each bucket; the last holds what is above all bounds.
    private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum = Duration.zero

    var count: Int { buckets.reduce(0, +) }

    mutating func add(_ took: Duration) {
        let seconds = took / .seconds(1)
        buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += took
    }
}
