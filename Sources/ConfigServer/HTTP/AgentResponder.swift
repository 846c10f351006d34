internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Stands between the connection and the router, and answers at once, on the connection's own thread, what agents ask for
/// and memory holds. Everything else it hands on as it came.
///
/// Answers keep the order of their requests: while one that was handed on is not answered, all that follow are handed on
/// as well. So they are while the client does not take what it was sent, and from then on it is the router's way that
/// holds them back.
final class AgentResponder: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Makes the answer to a request that there is no room for.
    typealias Refuse = @Sendable (HTTPRequest) -> (head: HTTPResponse, body: ByteBuffer)

    private let answers: AgentAnswers
    /// Told when all of a request has come that was answered here, and whether its answer was written as others are.
    private let answered: (_ isCounted: Bool) -> Void
    /// Whether a request may be answered here that can be.
    private let mayAnswer: () -> Bool
    private let refuse: Refuse
    /// After so long with nothing handed on, one request is, so that those behind see that the connection is in use: they
    /// close idle ones.
    private let pause: TimeAmount

    /// Requests that were handed on and are not answered yet: whether each holds a place among those being made.
    private var handedOn = CircularBuffer<Bool>()
    private var lastHandedOn = NIODeadline.now()
    /// The request that comes in was answered already; what is left of it is its end.
    private var isAnswered = false
    /// It was refused, with an answer that was written as others are.
    private var isRefused = false
    /// The connection ends after what was handed on, so nothing may be answered past it.
    private var isEnding = false
    /// Where bytes that are encoded already go on towards the client.
    private var encoder: ChannelHandlerContext?

    /// - Parameter idle: How long a connection without a request is left open.
    init(
        _ answers: AgentAnswers, idle: TimeAmount, answered: @escaping (_ isCounted: Bool) -> Void,
        mayAnswer: @escaping () -> Bool, refuse: @escaping Refuse
    ) {
        self.answers = answers
        self.answered = answered
        self.mayAnswer = mayAnswer
        self.refuse = refuse
        pause = .nanoseconds(idle.nanoseconds / 3)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Without an encoder nothing can be answered here, and all is handed on.
        encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        encoder = nil
        giveUpPlaces()
    }

    func channelInactive(context: ChannelHandlerContext) {
        giveUpPlaces()
        context.fireChannelInactive()
    }

    private func giveUpPlaces() {
        answers.leave(handedOn.count { $0 })
        handedOn.removeAll()
        isEnding = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            isAnswered = answer(request, context)
            if isAnswered { return }
            lastHandedOn = .now()
            isEnding = isEnding || request.headerFields.contains(.connection)
        case .body: break
        case .end:
            guard !isAnswered else {
                answered(isRefused)
                isAnswered = false
                isRefused = false
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    /// Answers a request if it can be answered here and now; else notes that it is handed on.
    private func answer(_ head: HTTPRequest, _ context: ChannelHandlerContext) -> Bool {
        guard handedOn.isEmpty, !isEnding, let encoder, context.channel.isWritable, let request = AgentRequest(head)
        else {
            handedOn.append(false)
            return false
        }
        if NIODeadline.now() - lastHandedOn < pause, let answer = answers.answer(to: request, if: mayAnswer) {
            encoder.write(NIOAny(IOData.byteBuffer(answer.head)), promise: nil)
            if let body = answer.body { encoder.write(NIOAny(IOData.byteBuffer(body)), promise: nil) }
            return true
        }
        guard answers.admit() else {
            answers.noteRefusal(of: request)
            let (head, body) = refuse(head)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(body)), promise: nil)
            context.write(wrapOutboundOut(.end(nil)), promise: nil)
            isRefused = true
            return true
        }
        handedOn.append(true)
        return false
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response): isEnding = isEnding || response.headerFields.contains(.connection)
        case .body: break
        // One that was not asked for, as on a request that cannot be read, ends the connection.
        case .end: if handedOn.popFirst() == true { answers.leave() }
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let isEnd = event is ChannelShouldQuiesceEvent || (event as? ChannelEvent) == .inputClosed
        guard isEnd, let encoder, !isEnding else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // Those behind may close the connection now. What was answered here is to be sent first.
        let sent = context.eventLoop.makePromise(of: Void.self)
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: sent)
        let behind = NIOLoopBound(context, eventLoop: context.eventLoop)
        let told = NIOLoopBound(event, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in behind.value.fireUserInboundEventTriggered(told.value) }
    }
}
