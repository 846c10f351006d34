internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import RollerCore

/// An answer fitted to one request, ready to be sent.
struct Reply {
    private enum Body {
        case none
        case bytes(ByteBuffer)
        case part(StoredArchive, Range<Int64>)
    }

    var head: HTTPResponse
    private let body: Body

    /// Applies the request's conditions, ranges, encodings and method to an answer.
    init(_ answer: Answer, to request: HTTPRequest) throws {
        switch answer.content {
        case .view(let view): try self.init(view, answer, request)
        case .archive(let archive): self.init(archive, answer, request)
        }
    }

    private init(_ view: View, _ answer: Answer, _ request: HTTPRequest) throws {
        var headers = answer.headers
        headers[.vary] = "Accept, Accept-Encoding"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-cache" }
        if let bundle = view.bundle { headers[.rollerBundleDigest] = bundle.rawValue }
        let isRead = request.method == .get || request.method == .head
        if answer.status == .ok, isRead, let condition = TagCondition(request.headerFields[.ifNoneMatch]),
            let tag = condition.match(among: [view.tag, view.tag.gzipped])
        {
            headers[.eTag] = tag.text
            head = HTTPResponse(status: .notModified, headerFields: headers)
            body = .none
            return
        }
        headers[.contentType] = view.type
        headers[.eTag] = view.tag.text
        var bytes = try view.body(.identity)
        let coding = ContentCoding(
            accepting: request.headerFields[.acceptEncoding], size: bytes.readableBytes, isText: view.isText)
        // An error is told even to a client that takes no bytes at all.
        if coding == nil, answer.status == .ok {
            throw RequestError.noCoding(request.headerFields[.acceptEncoding] ?? "")
        }
        if coding == .gzip {
            bytes = try view.body(.gzip)
            headers[.contentEncoding] = "gzip"
            headers[.eTag] = view.tag.gzipped.text
        }
        headers[.contentLength] = "\(bytes.readableBytes)"
        head = HTTPResponse(status: answer.status, headerFields: headers)
        body = request.method == .head ? .none : .bytes(bytes)
    }

    private init(_ archive: StoredArchive, _ answer: Answer, _ request: HTTPRequest) {
        let tag = EntityTag(opaque: archive.digest.hex)
        var headers = answer.headers
        headers[.eTag] = tag.text
        headers[.acceptRanges] = "bytes"
        headers[.rollerDigest] = archive.digest.rawValue
        // The bytes under this name never change.
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        if TagCondition(request.headerFields[.ifNoneMatch])?.match(among: [tag]) != nil {
            head = HTTPResponse(status: .notModified, headerFields: headers)
            body = .none
            return
        }
        headers[.contentType] = "application/octet-stream"
        var range = ByteRange.whole
        // A client with part of other bytes gets all of these (RFC 9110, section 13.1.5).
        let ifRange = request.headerFields[.ifRange]
        if request.method == .get, ifRange == nil || ifRange?.trimmed == tag.text {
            range = ByteRange(request.headerFields[.range], of: archive.size)
        }
        switch range {
        case .whole:
            headers[.contentLength] = "\(archive.size)"
            head = HTTPResponse(status: .ok, headerFields: headers)
            body = request.method == .head ? .none : .part(archive, 0..<archive.size)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(archive.size)"
            headers[.contentLength] = "\(part.count)"
            head = HTTPResponse(status: .partialContent, headerFields: headers)
            body = .part(archive, part)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(archive.size)"
            headers[.contentLength] = "0"
            head = HTTPResponse(status: .rangeNotSatisfiable, headerFields: headers)
            body = .none
        }
    }

    /// How much is in memory at once for one answer, in bytes.
    private static let chunk = 64 << 10
    /// How long the client may take for one chunk.
    private static let stall = TimeAmount.seconds(60)

    /// The bytes of the body, where they are in memory.
    var bytes: ByteBuffer? { if case .bytes(let bytes) = body { bytes } else { nil } }

    /// Writes the answer.
    /// - Throws: When the client is gone or takes nothing any more, or the archive cannot be read to its end.
    func send(_ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        switch body {
        case .none: try await writer.writeResponse(head)
        case .bytes(let bytes) where bytes.readableBytes <= Self.chunk:
            try await writer.write(response: head, body: ResponseBody(byteBuffer: bytes))
        case .bytes(var bytes):
            var out = try await writer.writeHead(head)
            while let slice = bytes.readSlice(length: min(Self.chunk, bytes.readableBytes)), slice.readableBytes > 0 {
                try await within(Self.stall, channel) { try await out.write(slice) }
            }
            try await out.finish(nil)
        case .part(let archive, let range):
            let out = try await writer.writeHead(head)
            let done = channel.eventLoop.makePromise(of: Void.self)
            channel.triggerUserOutboundEvent(
                ArchiveTransfer(archive: archive, range: range, done: done), promise: nil)
            try await done.futureResult.get()
            try await out.finish(nil)
        }
    }

    /// Does `work`, and closes the connection, which ends it, when it takes longer than `limit`.
    private func within(_ limit: TimeAmount, _ channel: any Channel, _ work: () async throws -> Void) async throws {
        let timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        defer { timer.cancel() }
        try await work()
    }
}
