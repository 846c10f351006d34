internal import NIOCore

/// Counts the bytes of HTTP on a connection, and tells the clock of its requests when some come.
final class WireMeter: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let clock: RequestClock
    private let metrics: RequestMetrics

    init(_ clock: RequestClock, _ metrics: RequestMetrics) {
        self.clock = clock
        self.metrics = metrics
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        metrics.addReceived(count)
        guard clock.takes(count) else { return }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        metrics.addSent(unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }
}
