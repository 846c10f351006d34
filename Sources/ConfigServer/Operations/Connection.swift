internal import NIOCore
internal import RollerCore
internal import Synchronization

/// What is known of one connection, from its acceptance to its end.
final class Connection: Sendable {
    /// The client's IP address; empty where there is none, as with a socket that is gone already.
    let address: String
    /// Whether the client is on this machine.
    let isLocal: Bool
    /// Whether its address has more connections than it may.
    let isExcess: Bool
    private let certificate = Mutex<ClientCertificate?>(nil)

    init(address: String, isLocal: Bool, isExcess: Bool) {
        self.address = address
        self.isLocal = isLocal
        self.isExcess = isExcess
    }

    /// What the client showed of itself; nil without TLS, and where it showed nothing.
    var clientCertificate: ClientCertificate? {
        get { certificate.withLock { $0 } }
        set { certificate.withLock { $0 = newValue } }
    }
}

/// The names in a client's certificate that the server's authority for clients vouches for.
struct ClientCertificate: Hashable, Sendable {
    /// The DNS names among the subject's alternative names, in lower case. The common name is not read (RFC 9525,
    /// section 2).
    let names: [String]

    /// Whether it may read and report for `host`.
    func stands(for host: HostName) -> Bool { names.contains(host.rawValue) }
}
