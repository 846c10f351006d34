public import SystemPackage

/// One request. Headers and their signing are the caller's; framing (`Content-Length`, `Transfer-Encoding`) is not.
public struct HTTPRequest: Sendable {
    /// What the request asks for.
    public enum Method: String, Sendable, Hashable {
        /// Reads.
        case get = "GET"
        /// Reads the headers alone.
        case head = "HEAD"
        /// Writes what the body holds under the URL.
        case put = "PUT"
        /// Hands the body to the URL.
        case post = "POST"
        /// Removes.
        case delete = "DELETE"
    }

    /// What is sent. Its length is always known beforehand and announced.
    public enum Body: Sendable {
        /// Nothing.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// The bytes of a regular file, streamed. Sent with `Expect: 100-continue`, so that a refusal comes before them.
        case file(FilePath)
        /// `length` bytes of a regular file from `offset` on, streamed as `file` is. `TransferError.fileShrank` when the
        /// file has fewer.
        case fileRange(FilePath, offset: Int64, length: Int64)
    }

    /// An absolute `http` or `https` URL in ASCII, without user or password. Sent as written: dots are not squashed.
    public var url: String
    /// What the request asks for.
    public var method: Method
    /// Sent in this order. A name or value that could break out of its line is refused before anything is sent.
    public var headers: [(name: String, value: String)]
    /// What is sent with it; GET and HEAD take none.
    public var body: Body
    /// Bounds of this request alone; nil takes those of the client.
    public var limits: TransferLimits?

    /// A request; by default a plain GET.
    public init(
        url: String, method: Method = .get, headers: [(name: String, value: String)] = [], body: Body = .none,
        limits: TransferLimits? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.limits = limits
    }
}

extension HTTPRequest {
    /// Whether the caller set the header `name`, whatever its case.
    func sets(_ name: String) -> Bool {
        headers.contains { $0.name.equalsIgnoringASCIICase(name) }
    }

    /// Refuses what would let a header or the framing say something else than the caller meant.
    func check() throws(TransferError) {
        for header in headers {
            guard HTTPHeaders.isName(header.name) else { throw .badHeader(name: header.name, .name) }
            guard HTTPHeaders.isValue(header.value) else { throw .badHeader(name: header.name, .value) }
            for framing in ["Content-Length", "Transfer-Encoding"]
            where header.name.equalsIgnoringASCIICase(framing) {
                throw .badHeader(name: header.name, .reserved)
            }
        }
        switch (method, body) {
        case (.get, .bytes), (.get, .file), (.get, .fileRange), (.head, .bytes), (.head, .file), (.head, .fileRange):
            throw .badRequest("a \(method.rawValue) takes no body")
        case (_, .none), (.put, _), (.post, _), (.delete, _): break
        }
    }
}
