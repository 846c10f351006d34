internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOPosix

/// Part of an archive that is to be sent as the body of the answer whose head has been written.
struct ArchiveTransfer: Sendable {
    let archive: StoredArchive
    let range: Range<Int64>
    /// Fails when the client is gone, takes nothing any more, or the archive cannot be read to its end.
    let done: EventLoopPromise<Void>
}

/// Sends archives: one piece, and when the client's connection has taken that, the next. So a slow client costs one piece
/// of memory at most, and where the kernel sends the file by itself not even that.
final class ArchiveSender: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How an archive's bytes get to the connection.
    enum Way: Sendable {
        /// By sendfile(2). Never under TLS, which must see the bytes.
        case kernel
        /// Read into memory.
        case memory
    }

    /// A transfer under way.
    private final class Running {
        let transfer: ArchiveTransfer
        let file: NIOFileHandle?
        var offset: Int64
        var timer: Scheduled<Void>?
        /// What the last piece was read into, used again: made anew for each they would leave the allocator of every
        /// thread with holes, several megabytes a connection.
        var buffer = ByteBuffer()

        init(_ transfer: ArchiveTransfer, file: NIOFileHandle?) {
            self.transfer = transfer
            self.file = file
            offset = transfer.range.lowerBound
        }
    }

    private let way: Way
    private var isInBody = false
    private var next: ArchiveTransfer?
    private var running: Running?

    /// How many bytes go to the connection at once: by sendfile a piece costs no memory, so that it may be larger.
    private static let (kernelPiece, memoryPiece): (Int64, Int64) = (256 << 10, 64 << 10)
    /// How long a client may take for one piece.
    private static let stall = TimeAmount.seconds(60)

    init(_ way: Way) { self.way = way }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let transfer = event as? ArchiveTransfer else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        guard context.channel.isActive, next == nil, running == nil else {
            transfer.done.fail(ChannelError.ioOnClosedChannel)
            return
        }
        next = transfer
        if isInBody { begin(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        switch part {
        case .head(let head) where head.status.kind != .informational:
            isInBody = true
            begin(context)
        case .head, .body: break
        case .end: isInBody = false
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop(ChannelError.ioOnClosedChannel) }

    private func begin(_ context: ChannelHandlerContext) {
        guard let transfer = next else { return }
        next = nil
        do {
            running = Running(transfer, file: way == .kernel ? try transfer.archive.handle() : nil)
            sendPiece(context)
        } catch {
            transfer.done.fail(error)
        }
    }

    private func sendPiece(_ context: ChannelHandlerContext) {
        guard let running else { return }
        let left = running.transfer.range.upperBound - running.offset
        guard left > 0 else { return stop(nil) }
        let loop = context.eventLoop
        let bound = NIOLoopBound((sender: self, context: context, running: running), eventLoop: loop)
        running.timer = loop.assumeIsolated().scheduleTask(in: Self.stall) { context.close(promise: nil) }
        let sent = loop.makePromise(of: Int64.self)
        sent.futureResult.whenComplete { result in
            let (sender, _, running) = bound.value
            running.timer?.cancel()
            guard sender.running === running else { return }
            switch result {
            case .failure(let error): sender.stop(error)
            case .success(let count):
                running.offset += count
                // Others on this thread come first: a client that is fast enough would keep it for the whole archive.
                loop.execute { bound.value.sender.sendPiece(bound.value.context) }
            }
        }
        if let file = running.file {
            send(from: file, at: running.offset, min(left, Self.kernelPiece), context, sent)
        } else {
            read(running, min(left, Self.memoryPiece), context, sent)
        }
    }

    /// Has the kernel send a piece. It goes past the encoder, which leaves bytes of a known length as they are.
    private func send(
        from file: NIOFileHandle, at offset: Int64, _ count: Int64, _ context: ChannelHandlerContext,
        _ sent: EventLoopPromise<Int64>
    ) {
        do {
            let encoder = try context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            let region = FileRegion(fileHandle: file, readerIndex: Int(offset), endIndex: Int(offset + count))
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.map { count }.cascade(to: sent)
            encoder.writeAndFlush(NIOAny(IOData.fileRegion(region)), promise: written)
        } catch {
            sent.fail(error)
        }
    }

    /// Reads a piece, on a thread that may wait for the disk, and sends it.
    private func read(
        _ running: Running, _ count: Int64, _ context: ChannelHandlerContext, _ sent: EventLoopPromise<Int64>
    ) {
        let (archive, offset, room) = (running.transfer.archive, running.offset, running.buffer)
        running.buffer = ByteBuffer()  // so that `room` is the only one that holds the memory, and uses it again
        let bound = NIOLoopBound((context: context, running: running), eventLoop: context.eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
            try archive.read(Int(count), at: offset, into: room)
        }.whenComplete { read in
            let (context, running) = bound.value
            switch read {
            case .success(let bytes):
                running.buffer = bytes
                let written = context.eventLoop.makePromise(of: Void.self)
                written.futureResult.map { count }.cascade(to: sent)
                context.writeAndFlush(NIOAny(HTTPResponsePart.body(bytes)), promise: written)
            case .failure(let error): sent.fail(error)
            }
        }
    }

    private func stop(_ error: (any Error)?) {
        if let waiting = next {
            next = nil
            waiting.done.fail(error ?? ChannelError.ioOnClosedChannel)
        }
        guard let ended = running else { return }
        running = nil
        ended.timer?.cancel()
        // Nothing is left to do for a file that was only read.
        try? ended.file?.close()
        if let error { ended.transfer.done.fail(error) } else { ended.transfer.done.succeed() }
    }
}
