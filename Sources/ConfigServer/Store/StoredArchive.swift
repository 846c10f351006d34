internal import LinuxSystem
internal import NIOCore
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// An archive of the store, opened to be read. What is open stays readable, whatever becomes of its name.
final class StoredArchive: Sendable {
    /// Of all its bytes.
    let digest: Digest
    /// Bytes.
    let size: Int64
    private let file: OpenFile

    init(_ file: consuming OpenFile, digest: Digest, size: Int64) {
        self.file = file
        self.digest = digest
        self.size = size
    }

    /// Reads the next bytes from `offset` on, at least one.
    fileprivate func read(at offset: Int64, into bytes: inout [UInt8]) throws -> Int {
        let found = try file.read(at: offset, into: &bytes)
        // What was sent must not pass for the whole.
        guard found > 0 else { throw FileError("read", file.path.string, .ioError, detail: "it became shorter") }
        return found
    }
}

/// Reads a part of an archive in chunks. Its few buffers are used again and again: made anew for each chunk they would
/// leave the allocator of every thread with holes, several megabytes a connection.
final class ArchiveChunks: Sendable {
    private struct State {
        var offset: Int64
        var bytes: [UInt8]
        /// Used in turn. One that the connection still holds is left to it, and another made in its place.
        var buffers: [ByteBuffer]
        var next = 0
    }

    private let archive: StoredArchive
    private let end: Int64
    private let state: Mutex<State>

    /// - Parameter chunk: How many bytes to read at once.
    init(_ archive: StoredArchive, _ range: Range<Int64>, chunk: Int) {
        self.archive = archive
        end = range.upperBound
        let buffers = (0..<3).map { _ in ByteBufferAllocator().buffer(capacity: chunk) }
        state = Mutex(
            State(offset: range.lowerBound, bytes: [UInt8](repeating: 0, count: chunk), buffers: buffers))
    }

    /// The next chunk, read on a thread that may wait for the disk; nil at the end.
    func next() async throws -> ByteBuffer? {
        try await waitingForDisk { try self.state.withLock { try self.read(&$0) } }
    }

    private func read(_ state: inout State) throws -> ByteBuffer? {
        guard state.offset < end else { return nil }
        let found = try archive.read(at: state.offset, into: &state.bytes)
        let count = min(found, Int(end - state.offset))
        state.offset += Int64(count)
        let place = state.next
        state.next = (place + 1) % state.buffers.count
        state.buffers[place].clear(minimumCapacity: state.bytes.count)
        state.buffers[place].writeBytes(state.bytes[..<count])
        return state.buffers[place]
    }
}
