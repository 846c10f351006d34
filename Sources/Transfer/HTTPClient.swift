internal import Synchronization
public import SystemPackage

/// Sends requests over HTTP/1.1, one at a time, and keeps connections, TLS sessions and looked-up names between them.
///
/// Nothing is followed, decoded or retried: a redirect is an answer, a body comes as it was sent. A second request
/// waits for the first, so work that is to run at the same time takes a client each.
public final class HTTPClient: Sendable {
    let handle: Mutex<CurlHandle>
    let options: TransferOptions

    /// A client without any connection yet.
    /// - Throws: When libcurl cannot be initialised.
    public init(options: TransferOptions = TransferOptions()) throws(TransferError) {
        handle = Mutex(try CurlHandle.make())
        self.options = options
    }

    /// Sends `request` and reads the whole answer into memory, whatever its status. Blocks this thread.
    /// - Parameters:
    ///   - progress: Called on this thread whenever data moved: of the body sent, if there is one.
    ///   - cancellation: Ends the exchange from another thread.
    /// - Throws: When there was no whole answer within the limits. A status is never an error.
    public func send(
        _ request: HTTPRequest, progress: (@Sendable (TransferProgress) -> Void)? = nil,
        cancellation: TransferCancellation? = nil
    ) throws(TransferError) -> HTTPResponse {
        let hooks = ExchangeHooks(progress: progress, cancellation: cancellation)
        return try handle.withLock { handle throws(TransferError) in
            try handle.send(request, options, to: nil, hooks)
        }
    }

    /// Puts a file under `url`: `send` with a body of `.file`. Blocks this thread.
    public func upload(
        _ file: FilePath, to url: String, headers: [(name: String, value: String)] = [], limits: TransferLimits? = nil,
        progress: (@Sendable (TransferProgress) -> Void)? = nil, cancellation: TransferCancellation? = nil
    ) throws(TransferError) -> HTTPResponse {
        let request = HTTPRequest(url: url, method: .put, headers: headers, body: .file(file), limits: limits)
        return try send(request, progress: progress, cancellation: cancellation)
    }
}
