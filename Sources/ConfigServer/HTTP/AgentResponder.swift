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

    private let answers: AgentAnswers
    private let connection: Connection
    /// How many requests were handed on and are not answered yet.
    private var handedOn = 0
    /// The answer to the request that comes in, which goes out when all of that is here.
    private var ready: AgentAnswers.Rendered?
    /// The connection ends after what was handed on, so nothing may be answered past it.
    private var isEnding = false
    /// Where bytes that are encoded already go on towards the client.
    private var encoder: ChannelHandlerContext?

    init(_ answers: AgentAnswers, _ connection: Connection) {
        self.answers = answers
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Without an encoder nothing can be answered here, and all is handed on.
        encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { encoder = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            ready = answer(request, context)
            if ready != nil { return }
            handedOn += 1
            isEnding = isEnding || request.headerFields.contains(.connection)
        case .body: break
        case .end:
            if let answer = ready {
                ready = nil
                return send(answer, context)
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    /// The answer to a request, if it can be answered here and now.
    private func answer(_ head: HTTPRequest, _ context: ChannelHandlerContext) -> AgentAnswers.Rendered? {
        // Who shows a certificate may not see all, which the router decides.
        guard handedOn == 0, !isEnding, encoder != nil, context.channel.isWritable,
            connection.clientCertificate == nil, let request = AgentRequest(head)
        else { return nil }
        return answers.answer(to: request, from: connection)
    }

    /// Sends head and body past the encoder. Its end goes the usual way, for those that count answers; after an answer of
    /// a known length, as all of ours are, the encoder adds nothing to it.
    private func send(_ answer: AgentAnswers.Rendered, _ context: ChannelHandlerContext) {
        encoder?.write(NIOAny(IOData.byteBuffer(answer.head)), promise: nil)
        if let body = answer.body { encoder?.write(NIOAny(IOData.byteBuffer(body)), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response): isEnding = isEnding || response.headerFields.contains(.connection)
        case .body: break
        // One that was not asked for, as on a request that cannot be read, ends the connection.
        case .end: handedOn = max(0, handedOn - 1)
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
        let behind = NIOLoopBound((context: context, event: event), eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in
            behind.value.context.fireUserInboundEventTriggered(behind.value.event)
        }
    }
}
