/// A whole answer. A truncated one is an error, never a response.
public struct HTTPResponse: Sendable {
    /// The status code, 200 to 999. A redirect is returned as it is: nothing is followed.
    public var status: Int
    /// The header fields of the final answer; interim answers (1xx) and trailers are left out.
    public var headers: HTTPHeaders
    /// The body as it was sent; nothing is decoded. Of an answer other than 2xx, at most `maxErrorBodyBytes`.
    public var body: [UInt8]
    /// Whether `body` holds only the beginning of an error answer.
    public var isBodyCut: Bool
    /// The URL that was asked for.
    public var url: String
    /// How long it took.
    public var timing: TransferTiming
    /// Bytes of body that arrived.
    public var bytesReceived: Int64

    /// Any 2xx.
    public var isSuccess: Bool { (200...299).contains(status) }

    /// Whether the status blames a moment rather than the request: 408, 429, 500, 502, 503 or 504. Worth another try.
    public var isTransient: Bool { [408, 429, 500, 502, 503, 504].contains(status) }
}

/// How long the stages of an exchange took, each measured from its beginning.
public struct TransferTiming: Sendable, Hashable {
    /// Until the name was looked up; zero when the name was known already.
    public var nameLookup: Duration
    /// Until the connection stood, TLS included; zero when one was used again.
    public var connect: Duration
    /// Until the first byte of the answer.
    public var firstByte: Duration
    /// All of it.
    public var total: Duration
}

/// How far a transfer has come.
public struct TransferProgress: Sendable, Hashable {
    /// Bytes of body moved so far. In a resumed download those already there count.
    public var done: Int64
    /// How many there will be, where that is known.
    public var total: Int64?

    /// `done` of `total` bytes, for those who add up several transfers.
    public init(done: Int64, total: Int64?) {
        self.done = done
        self.total = total
    }
}
