internal import Synchronization
public import SystemPackage

/// Whether a download goes on from what its partial file holds.
public enum Resumption: Sendable, Hashable {
    /// No: the file is written from its beginning.
    case startOver
    /// Yes, what is there being the beginning of the bytes with this strong ETag, quotes included.
    case ifETag(String)
    /// Yes, if a download recorded a strong ETag beside the file, as `NAME.etag`.
    case ifRecordedETag
}

/// What came of a download that got an answer.
public enum DownloadResult: Sendable {
    /// The file holds all of it.
    case complete(Download)
    /// The server sent something else, such as 304, 404 or 503. The partial file is as it was.
    case declined(HTTPResponse)
}

/// A file that holds all that was asked for. Whether it is the right thing is for its digest to say.
public struct Download: Sendable {
    /// The answer, without body. Nil when all bytes were there already and nothing was asked.
    public var response: HTTPResponse?
    /// Size of the file in bytes.
    public var size: Int64
    /// SHA-256 of the whole file, 32 bytes.
    public var sha256: [UInt8]
    /// How many bytes were there already and were kept.
    public var resumedFrom: Int64
}

/// Where a download goes.
struct DownloadOrder: Sendable {
    var file: FilePath
    var expectedSize: Int64?
    var resume: Resumption

    /// The ETag to go on under; nil to start over.
    func etag(of file: PartialFile) throws(TransferError) -> String? {
        switch resume {
        case .startOver: return nil
        case .ifRecordedETag: return try file.recordedETag()
        case .ifETag(let etag):
            guard ETag.isStrong(etag) else { throw .badRequest("'\(etag.onOneLine)' is no strong ETag in quotes") }
            return etag
        }
    }
}

extension HTTPClient {
    /// Downloads into a partial file, hashing what is written. Blocks this thread.
    ///
    /// The file is made (mode 0600) if it is not there, grows as the bytes come, and keeps them when the answer is cut,
    /// for the next try. Nothing is synced; links are refused. Bytes are stored as sent, decoded by nobody. The file
    /// must be this call's alone.
    ///
    /// To go on from a partial file its bytes are hashed, then `Range` is sent with `If-Range`. A part that does not
    /// begin where the file ends is refused; a whole answer (200) starts the file over; 416 asks once more, for all.
    /// - Parameters:
    ///   - expectedSize: Exact size of the whole, which is also the most ever written. Without it the limit is
    ///     `maxBodyBytes`. A file that has this size already is hashed, and no request is made.
    ///   - progress: Called on this thread whenever data moved.
    ///   - cancellation: Ends the download from another thread.
    /// - Throws: When the file does not hold all of it. `.tooLarge` empties the file, for its bytes are wrong.
    public func download(
        _ request: HTTPRequest, to file: FilePath, expectedSize: Int64? = nil, resume: Resumption = .startOver,
        progress: (@Sendable (TransferProgress) -> Void)? = nil, cancellation: TransferCancellation? = nil
    ) throws(TransferError) -> DownloadResult {
        let order = DownloadOrder(file: file, expectedSize: expectedSize, resume: resume)
        let hooks = ExchangeHooks(progress: progress, cancellation: cancellation)
        return try handle.withLock { handle throws(TransferError) in
            try handle.download(request, options, order, hooks)
        }
    }
}
