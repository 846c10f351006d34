internal import RollerCore

/// How much clients may ask of the server, and how slowly.
struct Limits: Hashable, Sendable {
    /// A connection without a request is closed after so long.
    var idle = Duration.seconds(60)
    /// How long the head of a request may take, from its first byte to its last.
    var head = Duration.seconds(10)
    /// How long nothing may come in the middle of a body.
    var stall = Duration.seconds(30)
    /// How long a request may take as a whole, its answer included.
    var request = Duration.seconds(3600)
    /// How large the head of a request may be, in bytes.
    var headBytes = 32 << 10
    /// How many headers a request may have.
    var headers = 100
    /// How many connections one address may have.
    var connectionsPerAddress = 1024
    /// How many requests may be answered at once.
    var concurrentRequests = 4096
    /// How many requests a second one address may make in the long run; none are counted at 0.
    var rate = 500
    /// How many requests one address may make at once, above its rate.
    var burst = 1000
    /// Whether rate and connections of clients on this machine are limited as well. A proxy in front of the server makes
    /// everybody such a client.
    var includesLoopback = false
}

/// Why a request is not taken now. The same request may do later.
enum Overload: RollerError, Hashable {
    /// One address asks too often.
    case rate(address: String, limit: Int, retryAfter: Int)
    /// One address has too many connections.
    case connections(address: String, limit: Int)
    /// The server as a whole has too much to do.
    case busy(limit: Int, retryAfter: Int)

    var message: String {
        switch self {
        case .rate(let address, let limit, _): "\(address) makes more than \(limit) requests a second"
        case .connections(let address, let limit): "\(address) has more than \(limit) connections"
        case .busy(let limit, _): "\(limit) requests are being answered already"
        }
    }

    var hint: String? {
        switch self {
        case .rate(_, _, let seconds), .busy(_, let seconds): "ask again in \(seconds) s"
        case .connections: "use fewer connections, and each for several requests"
        }
    }

    /// The client's address, where it is to blame.
    var value: String {
        switch self {
        case .rate(let address, _, _), .connections(let address, _): address
        case .busy: ""
        }
    }

    /// When to ask again, in seconds.
    var retryAfter: Int {
        switch self {
        case .rate(_, _, let seconds), .busy(_, let seconds): seconds
        case .connections: 5
        }
    }
}
