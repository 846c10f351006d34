internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOSSL
internal import RollerCore

/// Watches the requests of one connection: none may take longer than it may, and what is no request gets an answer.
///
/// It stands between the HTTP codec and the task that answers. It lives on the connection's event loop.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What the client and the server are at.
    private enum Phase {
        /// Nothing is asked.
        case idle
        /// Bytes of a head have come, and not all.
        case head
        /// A head has come, and its body not to the end.
        case body
        /// All of the request is here.
        case answering
        /// The last answer is on its way, or sent.
        case ending
    }

    private let limits: Limits
    private let connection: Connection
    private let metrics: RequestMetrics
    private var phase = Phase.idle
    /// When the phase has lasted too long.
    private var deadline: NIODeadline
    /// When the request has lasted too long as a whole.
    private var end = NIODeadline.distantFuture
    /// Heads that came in and were not answered to the end.
    private var unanswered = 0
    private var isAnswerBegun = false
    /// Whether the newest request has said that it is the connection's last.
    private var isEndAsked = false
    /// Whether an answer has said that no other follows.
    private var isLast = false
    /// What follows the answers to the requests before it.
    private var lastAnswer: Failure?
    private var timer: Scheduled<Void>?
    private var timerFires = NIODeadline.distantFuture
    private var context: ChannelHandlerContext?
    private var isFirst = true
    /// Bytes that came since the last part of a request.
    private var barren = 0

    /// How long a client has to take an answer after which the connection ends.
    private static let farewell = Duration.seconds(5)

    init(_ limits: Limits, _ connection: Connection, _ metrics: RequestMetrics) {
        self.limits = limits
        self.connection = connection
        self.metrics = metrics
        deadline = .now() + TimeAmount(limits.idle)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedule()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
        timer = nil
    }

    /// Called for any bytes of HTTP, before they are parsed.
    /// - Returns: Whether they should be: bytes without end that make no part of a request, as a chunk's extension can be,
    ///   are not.
    func takes(_ count: Int) -> Bool {
        barren += count
        switch phase {
        case .idle: move(to: .head, within: limits.head)
        case .body:
            deadline = .now() + TimeAmount(limits.stall)
            if barren > limits.headBytes + count, let context {
                fail(context, HTTPParserError.invalidChunkSize)
                return false
            }
        case .ending: return false
        case .head, .answering: break
        }
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .ending, lastAnswer == nil else { return }
        barren = 0
        switch unwrapInboundIn(data) {
        case .head(let request):
            unanswered += 1
            isEndAsked = isEndAsked || request.headerFields.endConnection
            if unanswered == 1 { end = .now() + TimeAmount(limits.request) }
            if isFirst { noteCertificate(context) }
            move(to: .body, within: limits.stall)
        case .body: break
        case .end: if phase == .body { move(to: .answering, within: limits.request) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var data = data
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isAnswerBegun = head.status.kind != .informational
            if isAnswerBegun, isEndAsked, unanswered == 1 {
                head.headerFields[.connection] = "close"
                data = wrapOutboundOut(.head(head))
            }
            isLast = isLast || head.headerFields[.connection] == "close"
        case .body: break
        case .end:
            isAnswerBegun = false
            unanswered -= 1
            end = unanswered > 0 ? .now() + TimeAmount(limits.request) : .distantFuture
            if isLast, unanswered == 0 {
                context.writeAndFlush(data, promise: promise)
                return part(context)
            }
            if phase == .answering, unanswered == 0 { move(to: .idle, within: limits.idle) }
        }
        context.write(data, promise: promise)
        if unanswered == 0, let lastAnswer { finish(context, with: lastAnswer) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        guard phase != .ending, lastAnswer == nil, !isLast else { return }
        if case .closedConnection = error {
            // Bytes after the last request are nobody's (RFC 9112, section 9.6): it is answered, and that is all.
            isEndAsked = true
            if unanswered == 0 { part(context) }
        } else if phase == .body {
            fail(context, error)
        } else if unanswered > 0 {
            lastAnswer = Failure(error)
        } else {
            finish(context, with: Failure(error))
        }
    }
}

extension RequestClock {
    private func move(to next: Phase, within limit: Duration) {
        phase = next
        deadline = .now() + TimeAmount(limit)
        // A timer that fires too early looks again; so a busy connection sets one every few seconds, not one a request.
        if min(deadline, end) < timerFires { schedule() }
    }

    private func schedule() {
        guard let context else { return }
        timer?.cancel()
        timerFires = min(deadline, end)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: timerFires) { [weak self] in
            self?.expire()
        }
    }

    private func expire() {
        timerFires = .distantFuture
        guard let context, context.channel.isActive else { return }
        guard min(deadline, end) <= .now() else { return schedule() }
        switch phase {
        case .idle, .ending: context.close(promise: nil)
        case .head: finish(context, with: Failure(RequestError.headTooSlow))
        case .body where !isAnswerBegun && unanswered == 1: fail(context, RequestError.bodyTooSlow)
        case .body, .answering: context.close(promise: nil)
        }
        if context.channel.isActive { schedule() }
    }

    /// Hands an error to the task that answers, so that the answer is its own.
    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        end = .distantFuture
        move(to: .ending, within: Self.farewell)
        context.fireErrorCaught(error)
    }

    /// Answers what never became a request, and ends the connection.
    private func finish(_ context: ChannelHandlerContext, with failure: Failure) {
        lastAnswer = nil
        metrics.count("none", .other, status: failure.status.code, took: .zero)
        let body = ByteBuffer(bytes: failure.asValue.bytes(as: .yaml))
        var headers = failure.headers
        headers[.connection] = "close"
        headers[.contentType] = Format.yaml.mediaType
        headers[.contentLength] = "\(body.readableBytes)"
        headers[.xContentTypeOptions] = "nosniff"
        context.write(wrapOutboundOut(.head(HTTPResponse(status: failure.status, headerFields: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        part(context)
    }

    /// Ends the connection after its last answer, so that the client gets it: while it may still be sending, closing both
    /// ways at once would reset the connection.
    private func part(_ context: ChannelHandlerContext) {
        end = .distantFuture
        move(to: .ending, within: Self.farewell)
        context.close(mode: .output, promise: nil)
    }

    /// Keeps the names in the client's certificate, which is there once the first request is.
    private func noteCertificate(_ context: ChannelHandlerContext) {
        isFirst = false
        do {
            guard let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate() else { return }
            connection.clientCertificate = ClientCertificate(certificate)
        } catch {
            // Without TLS there is nobody to show a certificate.
        }
    }
}

extension HTTPFields {
    /// Whether they say that the connection ends with this message (RFC 9112, section 9.6).
    fileprivate var endConnection: Bool {
        self[values: .connection].contains { value in
            value.split(separator: ",").contains { $0.trimmed.lowercased() == "close" }
        }
    }
}

extension ClientCertificate {
    init(_ certificate: NIOSSLCertificate) {
        names = certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }
            .map { String(decoding: $0.contents, as: UTF8.self).lowercased() }
    }
}
