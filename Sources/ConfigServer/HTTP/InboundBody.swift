internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import RollerCore

/// The body of a request, read once and within limits. It belongs to the one task that answers the request.
final class InboundBody {
    /// How many bytes were announced; nil where none were, as with chunks.
    let announced: Int64?
    private(set) var received: Int64 = 0
    private let isChunked: Bool
    private var iterator: RequestBody.AsyncIterator?
    private let body: RequestBody
    private var hasEnded = false
    private let patience: Patience

    /// How slowly a body may come.
    struct Patience: Sendable {
        /// How long the rate does not matter.
        var grace = Duration.seconds(30)
        /// Bytes a second, on average, after that.
        var rate: Int64 = 4096
    }

    init(_ request: Request, patience: Patience) {
        announced = request.headers[.contentLength].flatMap { Int64($0) }
        isChunked = request.headers[.transferEncoding] != nil
        body = request.body
        self.patience = patience
    }

    /// Whether so much is left unread that the connection is better closed than read to the request's end.
    var isBetterAbandoned: Bool {
        guard !hasEnded else { return false }
        return isChunked || (announced ?? 0) - received > 64 << 10
    }

    /// Hands on all of the body, piece by piece.
    /// - Throws: `bodyTooLarge` before any piece that would exceed `limit`; `bodyCut` when fewer bytes came than were
    ///   announced; what `each` throws.
    func read(limit: ByteCount, _ each: (ByteBuffer) async throws -> Void) async throws {
        guard (announced ?? 0) <= limit.bytes else { throw RequestError.bodyTooLarge(limit: limit) }
        let start = ContinuousClock.now
        while let piece = try await next() {
            received += Int64(piece.readableBytes)
            guard received <= limit.bytes else { throw RequestError.bodyTooLarge(limit: limit) }
            let elapsed = ContinuousClock.now - start
            if elapsed > patience.grace, Double(received) < Double(patience.rate) * (elapsed / .seconds(1)) {
                throw RequestError.bodyTooSlow
            }
            try await each(piece)
        }
        if let announced, received < announced {
            throw RequestError.bodyCut(announced: announced, received: received)
        }
    }

    /// All of the body.
    func collect(limit: ByteCount) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await read(limit: limit) { piece in bytes.append(contentsOf: piece.readableBytesView) }
        return bytes
    }

    /// Reads what is left and forgets it, at most `limit` bytes: closing before the client has sent all would reset the
    /// connection, and the answer might be lost with it.
    func discard(limit: Int64) async throws {
        var discarded: Int64 = 0
        while discarded < limit, let piece = try await next() { discarded += Int64(piece.readableBytes) }
    }

    private func next() async throws -> ByteBuffer? {
        guard !hasEnded else { return nil }
        var reading = iterator ?? body.makeAsyncIterator()
        // A body can be iterated once; after a failure nothing more comes.
        hasEnded = true
        let piece = try await reading.next()
        iterator = reading
        hasEnded = piece == nil
        return piece
    }
}
