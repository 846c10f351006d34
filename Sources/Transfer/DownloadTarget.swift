internal import SystemPackage

/// How one answer goes into a partial file.
final class DownloadTarget {
    /// What the answer may write.
    struct Bound {
        /// Most bytes the file may have.
        var limit: Int64
        /// Whether the file is to have exactly that many.
        var isExact: Bool
    }

    /// What became of the request for a range.
    enum Outcome {
        /// No answer that bears on the file came yet.
        case none
        /// The file was continued at this offset, or written from its beginning at 0.
        case writing(from: Int64)
        /// The server has nothing behind what is there, and that is all.
        case alreadyWhole
        /// The server has no such range: the file is not a beginning of what the server has.
        case noSuchRange
    }

    let file: PartialFile
    private let expectedSize: Int64?
    private let maxBytes: Int64
    /// The ETag that the range was asked under.
    private let etag: String?
    private(set) var outcome = Outcome.none
    /// Size of the whole, once it is known.
    private(set) var total: Int64?

    init(file: PartialFile, etag: String?, expectedSize: Int64?, maxBytes: Int64) {
        self.file = file
        self.etag = etag
        self.expectedSize = expectedSize
        self.maxBytes = maxBytes
        total = expectedSize
    }

    /// Decides by the headers what the body is, before a byte of the file changes.
    /// - Returns: What may be written; nil when the body is no part of the file.
    func begin(status: Int, headers: HTTPHeaders, announced: Int64?) throws(TransferError) -> Bound? {
        let range = try contentRange(in: headers)
        switch status {
        case 416:
            outcome = range?.total == file.size && expectedSize ?? file.size == file.size ? .alreadyWhole : .noSuchRange
            return nil
        case 206:
            guard let range else { throw .malformedResponse("206 without Content-Range") }
            return try go(on: range, headers: headers, announced: announced)
        case 200:
            // Some servers send a part with status 200 and a Content-Range.
            if let range { return try go(on: range, headers: headers, announced: announced) }
            return try startOver(size: announced, etag: headers["ETag"])
        default: throw .malformedResponse("status \(status) to a download")
        }
    }

    /// Empties the file and forgets its validator.
    func discard() throws(TransferError) {
        try file.forgetETag()
        try file.startOver()
    }

    private func contentRange(in headers: HTTPHeaders) throws(TransferError) -> ContentRange? {
        guard let text = headers["Content-Range"] else { return nil }
        guard let range = ContentRange(text) else { throw .malformedResponse("Content-Range '\(text.onOneLine)'") }
        return range
    }

    private func startOver(size: Int64?, etag: String?) throws(TransferError) -> Bound {
        let bound = try bound(whole: size)
        try file.forgetETag()  // first: it must never speak of other bytes than the file's
        try file.startOver()
        try file.record(etag: etag)
        outcome = .writing(from: 0)
        return bound
    }

    private func go(on range: ContentRange, headers: HTTPHeaders, announced: Int64?) throws(TransferError) -> Bound {
        guard let span = range.span, span.lowerBound == file.size || span.lowerBound == 0 else {
            throw .malformedResponse("it holds another part of the file than byte \(file.size) and on")
        }
        let length = span.upperBound - span.lowerBound + 1
        guard announced == nil || announced == length else {
            throw .malformedResponse("its Content-Range and its length disagree")
        }
        if span.lowerBound == 0 { return try startOver(size: range.total, etag: headers["ETag"]) }
        if let etag, let other = headers["ETag"], other != etag {
            throw .malformedResponse("it is part of another file, ETag \(other.onOneLine)")
        }
        let bound = try bound(whole: range.total)
        outcome = .writing(from: file.size)
        return bound
    }

    private func bound(whole: Int64?) throws(TransferError) -> Bound {
        if let expectedSize {
            if let whole, whole != expectedSize { throw .wrongSize(announced: whole, expected: expectedSize) }
            return Bound(limit: expectedSize, isExact: true)
        }
        if let whole, whole > maxBytes { throw .tooLarge(.body, limit: maxBytes) }
        total = whole
        return Bound(limit: whole ?? maxBytes, isExact: whole != nil)
    }
}
