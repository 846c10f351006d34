internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import RollerCore
internal import Synchronization

/// Answers agents' requests from what the served snapshot holds in memory, as bytes ready to be sent: the same bytes that
/// `Reply` and the encoder make, which a test compares. What is not there yet is made by the router's way, a bounded
/// number at once.
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
    private let complete: Complete
    private let logger: Logger
    private let logsRequests: Bool
    private let shared = Mutex(Shared())
    private let making = Atomic<Int>(0)
    private let mostMaking: Int

    /// Longer bodies are sent piece by piece, as fast as the client takes them.
    private static let longestBody = 64 << 10

    /// - Parameter mostMaking: How many agents' requests may wait for an answer that must be made. A bundle takes well
    ///   under a millisecond of one processor, so that whoever is admitted waits for less than a second.
    init(
        board: SnapshotBoard, metrics: RequestMetrics, logger: Logger, logsRequests: Bool = false,
        mostMaking: Int = 1024, complete: @escaping Complete
    ) {
        self.logsRequests = logsRequests
        self.mostMaking = mostMaking
        self.board = board
        self.metrics = metrics
        self.complete = complete
        self.logger = logger
    }

    /// The answer, if it is in memory.
    /// - Parameter admits: Asked once there is an answer: whether the client may have it.
    func answer(to request: AgentRequest, if admits: () -> Bool) -> Rendered? {
        // Each request is to be in the log then, which the router's way sees to.
        guard logger.logLevel > .debug, !logsRequests else { return nil }
        let standing = board.standing
        guard let served = standing.served, let known = served.views.known(request.key) else { return nil }
        if let header = request.ifNoneMatch, let tag = known.tag.match(header) {
            guard admits() else { return nil }
            metrics.count(request.view.route, .get, status: HTTPResponse.Status.notModified.code, took: .zero)
            return Rendered(head: head("304 Not Modified", known, tag: tag, standing, served))
        }
        let coding = ContentCoding(
            accepting: request.acceptEncoding, size: known.size, isText: View.isText(known.type))
        guard let coding, let body = served.views.heldBody(of: request.key, coding),
            body.readableBytes <= Self.longestBody, admits()
        else { return nil }
        metrics.count(request.view.route, .get, status: HTTPResponse.Status.ok.code, took: .zero)
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

extension AgentAnswers {
    /// Admits one request whose answer must be made, unless too many wait already. Each admitted one must leave.
    func admit() -> Bool {
        guard making.wrappingAdd(1, ordering: .relaxed).newValue > mostMaking else { return true }
        leave()
        return false
    }

    /// So many admitted requests were answered, or their clients are gone.
    func leave(_ count: Int = 1) { making.wrappingSubtract(count, ordering: .relaxed) }

    /// A request was refused for want of room.
    func noteRefusal(of request: AgentRequest) {
        metrics.count(
            request.view.route, .get, status: HTTPResponse.Status.serviceUnavailable.code, took: .zero)
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
