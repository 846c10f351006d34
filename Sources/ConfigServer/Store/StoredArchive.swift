internal import LinuxSystem
internal import NIOCore
internal import RollerCore
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

    /// Reads `count` bytes from `offset` on into `room`, which is emptied first.
    func read(_ count: Int, at offset: Int64, into room: consuming ByteBuffer) throws -> ByteBuffer {
        room.clear(minimumCapacity: count)
        while room.readableBytes < count {
            let (at, left) = (offset + Int64(room.readableBytes), count - room.readableBytes)
            let found = try unsafe room.writeWithUnsafeMutableBytes(minimumWritableBytes: left) { bytes in
                try unsafe file.read(at: at, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<left]))
            }
            // What was sent must not pass for the whole.
            guard found > 0 else { throw FileError("read", file.path.string, .ioError, detail: "it became shorter") }
        }
        return room
    }

    /// The open file, for the kernel to send from; to be closed by whoever asked.
    func handle() throws -> NIOFileHandle {
        NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: try file.duplicateDescriptor())
    }
}
