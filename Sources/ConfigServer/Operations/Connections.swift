internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL

/// Makes each accepted socket a connection that asks, within limits, and is answered.
struct Connections: ServerChildChannel {
    /// A connection that is set up.
    struct Value: ServerChildChannelValue {
        let connection: Connection
        let parts: HTTP1Channel.Value
        var channel: any Channel { parts.channel }
    }

    let handler: RequestHandler
    let answers: AgentAnswers
    /// How archives get to connections that speak plain text.
    let archiveWay: ArchiveSender.Way
    let admission: Admission
    let metrics: RequestMetrics
    /// Nil for a server that speaks plain text.
    let tls: LiveTLS?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let isLocal = channel.remoteAddress?.isLoopback ?? false
        let entry = admission.enter(address, isLocal: isLocal)
        channel.closeFuture.whenComplete { _ in admission.leave(address) }
        guard entry != .refused else { return channel.eventLoop.makeFailedFuture(ConnectionRefused()) }
        let connection = Connection(address: address, isLocal: isLocal, isExcess: entry == .excess)
        return http(connection).setup(channel: channel, logger: logger).flatMapThrowing { parts in
            let pipeline = channel.pipeline.syncOperations
            let clock = RequestClock(admission.limits, connection, metrics)
            let state = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            try pipeline.addHandler(clock, position: .before(state))
            // TLS must see the bytes, so that the kernel cannot send them by itself.
            try pipeline.addHandler(ArchiveSender(tls == nil ? archiveWay : .memory), position: .before(state))
            try pipeline.addHandler(AgentResponder(answers, connection), position: .before(state))
            try pipeline.addHandler(WireMeter(clock, metrics), position: .first)
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context), position: .first) }
            return Value(connection: connection, parts: parts)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await http(value.connection).handle(value: value.parts, logger: logger)
    }

    private func http(_ connection: Connection) -> HTTP1Channel {
        HTTP1Channel(
            responder: { request, writer, channel in
                try await handler.handle(request, writer, channel, from: connection)
            },
            configuration: .init(
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: admission.limits.headBytes, maxHeaderListSize: admission.limits.headBytes,
                    maxHeaderFieldCount: admission.limits.headers)))
    }
}

/// The client's address has far more connections than it may.
struct ConnectionRefused: Error {}
