public import SystemPackage

/// What one exchange may cost. Every wait and every size has a bound.
public struct TransferLimits: Sendable, Hashable {
    /// How slow is too slow, once the connection stands.
    public struct Stall: Sendable, Hashable {
        /// Bytes per second, counted in both directions, headers included.
        public var bytesPerSecond: Int64
        /// How long the rate may stay below it. Also the longest that a server may think before it answers.
        public var window: Duration

        /// Below `bytesPerSecond` for `window` the exchange is given up.
        public init(bytesPerSecond: Int64, window: Duration) {
            self.bytesPerSecond = bytesPerSecond
            self.window = window
        }
    }

    /// Most bytes of a successful answer's body. One more ends the exchange. Default 64 MiB.
    public var maxBodyBytes: Int64
    /// Most bytes of an unsuccessful answer's body that are kept; the rest is not read. Default 64 KiB.
    public var maxErrorBodyBytes: Int64
    /// Most bytes of header lines, interim answers and trailers included. Default 64 KiB.
    public var maxHeaderBytes: Int
    /// Time for name look-up, connection and TLS together. Default 5 s.
    public var connect: Duration
    /// Time for everything; nil leaves it to `stall`.
    public var total: Duration?
    /// How slow is too slow. Default: below 1 KiB/s for 15 s.
    public var stall: Stall
    /// The rate, in each direction, that the exchange keeps to; nil is as fast as it goes.
    public var maxBytesPerSecond: Int64?

    /// Bounds that suit small answers; see each property for its default.
    public init(
        maxBodyBytes: Int64 = 64 << 20, maxErrorBodyBytes: Int64 = 64 << 10, maxHeaderBytes: Int = 64 << 10,
        connect: Duration = .seconds(5), total: Duration? = nil,
        stall: Stall = Stall(bytesPerSecond: 1 << 10, window: .seconds(15)), maxBytesPerSecond: Int64? = nil
    ) {
        self.maxBodyBytes = maxBodyBytes
        self.maxErrorBodyBytes = maxErrorBodyBytes
        self.maxHeaderBytes = maxHeaderBytes
        self.connect = connect
        self.total = total
        self.stall = stall
        self.maxBytesPerSecond = maxBytesPerSecond
    }
}

/// How a client reaches servers, and whom it trusts.
public struct TransferOptions: Sendable {
    /// Which proxy to go through.
    public enum Proxy: Sendable, Hashable {
        /// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment decide.
        case environment
        /// None, whatever the environment says.
        case direct
        /// This one; `no_proxy` of the environment still excepts hosts.
        case url(String)
    }

    /// A certificate to show to servers that ask, and its key, both in PEM.
    public struct ClientCertificate: Sendable, Hashable {
        /// The certificate, with its chain where one is needed.
        public var certificate: FilePath
        /// The key, without a passphrase.
        public var key: FilePath

        /// A certificate and its key.
        public init(certificate: FilePath, key: FilePath) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Addresses for a name, used in place of a look-up.
    public struct Resolution: Sendable, Hashable {
        /// The name as the URL has it.
        public var host: String
        /// The port, as the URL has it or means it.
        public var port: Int
        /// IPv4 or IPv6 addresses.
        public var addresses: [String]

        /// `host` at `port` is at `addresses`.
        public init(host: String, port: Int, addresses: [String]) {
            self.host = host
            self.port = port
            self.addresses = addresses
        }
    }

    /// Which kinds of address may be used.
    public enum AddressFamily: Sendable, Hashable {
        /// Both.
        case any
        /// IPv4 alone.
        case ipv4
        /// IPv6 alone.
        case ipv6
    }

    /// Bounds of requests that bring none of their own.
    public var limits: TransferLimits
    /// The authorities to trust, in PEM. Given, they are the only ones; nil means the system's.
    public var caFile: FilePath?
    /// What to show to servers that ask for a certificate.
    public var clientCertificate: ClientCertificate?
    /// Which proxy to go through.
    public var proxy: Proxy
    /// The `User-Agent` header; nil sends none.
    public var userAgent: String?
    /// Names whose addresses are given.
    public var resolutions: [Resolution]
    /// Which kinds of address may be used.
    public var addressFamily: AddressFamily
    /// How long a looked-up address is kept; nil is as long as the client lives, so that a run asks once per name.
    public var nameCache: Duration?

    /// The system's authorities, the environment's proxies, default limits.
    public init(
        limits: TransferLimits = TransferLimits(), caFile: FilePath? = nil,
        clientCertificate: ClientCertificate? = nil, proxy: Proxy = .environment, userAgent: String? = nil,
        resolutions: [Resolution] = [], addressFamily: AddressFamily = .any, nameCache: Duration? = nil
    ) {
        self.limits = limits
        self.caFile = caFile
        self.clientCertificate = clientCertificate
        self.proxy = proxy
        self.userAgent = userAgent
        self.resolutions = resolutions
        self.addressFamily = addressFamily
        self.nameCache = nameCache
    }
}
