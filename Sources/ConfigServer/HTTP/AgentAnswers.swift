internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import RollerCore
internal import Synchronization

/// Answers agents' requests from what the served snapshot holds in memory, as bytes ready to be sent: the same bytes that
/// `Reply` and the encoder make, which a test compares. What is not there yet is made by the router's way.
final class AgentAnswers: Sendable {
    /// The bytes of an answer.
    struct Rendered {
        let head: ByteBuffer
        var body: ByteBuffer?
    }

    /// The end of the head, which all answers of the same second from the same snapshot share.
    private struct Shared {
        var second = UTCTime(seconds: -1)
        var age = -1
        var confirmed: ContinuousClock.Instant?
        var revision: Revision?
        var isRefused = false
        var text = ""
    }

    /// Adds the headers that every answer carries.
    typealias Complete = @Sendable (inout HTTPFields, Revision?, Standing) -> Void

    private let board: SnapshotBoard
    private let metrics: RequestMetrics
    private let admission: Admission
    private let complete: Complete
    private let logger: Logger
    private let logsRequests: Bool
    private let shared = Mutex(Shared())

    /// Longer bodies are sent piece by piece, as fast as the client takes them.
    private static let longestBody = 64 << 10

    init(
        board: SnapshotBoard, metrics: RequestMetrics, admission: Admission, logger: Logger,
        logsRequests: Bool, complete: @escaping Complete
    ) {
        self.board = board
        self.metrics = metrics
        self.admission = admission
        self.logger = logger
        self.logsRequests = logsRequests
        self.complete = complete
    }

    /// The answer, if it is in memory and the client may ask now.
    func answer(to request: AgentRequest, from connection: Connection) -> Rendered? {
        let start = ContinuousClock.now
        // Each request is to be in the log then, which the router's way sees to.
        guard !logsRequests, logger.logLevel > .debug else { return nil }
        let standing = board.standing
        guard let served = standing.served, let (cache, key) = served.place(of: request),
            let known = cache.known(key)
        else { return nil }
        // What the router does with who asks too much is for the router to say.
        guard (try? admission.begin(connection)) != nil else { return nil }
        defer { admission.end() }
        if let header = request.ifNoneMatch, let tag = known.tag.match(header) {
            metrics.count(
                request.view.route, .init("GET"), status: HTTPResponse.Status.notModified.code, took: .now - start)
            return Rendered(head: head("304 Not Modified", known, tag: tag, standing, served))
        }
        let coding = ContentCoding(
            accepting: request.acceptEncoding, size: known.size, isText: View.isText(known.type))
        guard let coding, let body = cache.heldBody(of: key, coding),
            body.readableBytes <= Self.longestBody
        else { return nil }
        metrics.count(request.view.route, .init("GET"), status: HTTPResponse.Status.ok.code, took: .now - start)
        let tag = coding == .gzip ? known.tag.gzipped : known.tag
        return Rendered(head: head("200 OK", known, tag: tag, body: (body, coding), standing, served), body: body)
    }

    private func head(
        _ status: StaticString, _ known: ViewCache.Known, tag: EntityTag,
        body: (bytes: ByteBuffer, ContentCoding)? = nil,
        _ standing: Standing, _ served: ServedSnapshot
    ) -> ByteBuffer {
        var text = ByteBufferAllocator().buffer(capacity: 640)
        text.writeStaticString("HTTP/1.1 ")
        text.writeStaticString(status)
        text.writeStaticString("\r\nVary: Accept, Accept-Encoding\r\nCache-Control: no-cache\r\n")
        let line = { (name: StaticString, value: String) in
            text.writeStaticString(name)
            text.writeString(value)
            text.writeStaticString("\r\n")
        }
        if let bundle = known.bundle { line("Roller-Bundle-Digest: ", bundle.rawValue) }
        if body != nil { line("Content-Type: ", known.type) }
        text.writeStaticString("ETag: \"")
        text.writeString(tag.opaque)
        text.writeStaticString("\"\r\n")
        if let (bytes, coding) = body {
            if coding == .gzip { text.writeStaticString("Content-Encoding: gzip\r\n") }
            line("Content-Length: ", String(bytes.readableBytes))
        }
        text.writeString(end(standing, served))
        return text
    }

    /// The headers that every answer ends with, and the end of the head.
    private func end(_ standing: Standing, _ served: ServedSnapshot) -> String {
        let (second, age, isRefused) = (UTCTime.now, standing.age(at: .now), standing.refusal != nil)
        return shared.withLock { shared in
            if shared.second == second, shared.age == age, shared.confirmed == standing.confirmed,
                shared.revision == served.revision, shared.isRefused == isRefused
            {
                return shared.text
            }
            var headers = HTTPFields()
            complete(&headers, served.revision, standing)
            let lines = headers.map { "\($0.name.rawName): \($0.value)\r\n" }
            shared = Shared(
                second: second, age: age, confirmed: standing.confirmed, revision: served.revision,
                isRefused: isRefused, text: lines.joined() + "\r\n")
            return shared.text
        }
    }
}

extension EntityTag {
    /// This tag, or that of its compressed form, if an If-None-Match header has it.
    fileprivate func match(_ header: String) -> EntityTag? {
        // Nearly always it is this one tag alone.
        let bytes = header.utf8
        if bytes.count == opaque.utf8.count + 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\""),
            bytes.dropFirst().dropLast().elementsEqual(opaque.utf8)
        {
            return self
        }
        return TagCondition(header)?.match(among: [self, gzipped])
    }
}
