internal import LinuxSystem
internal import NIOCore
internal import NIOPosix
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

    /// Bytes from `offset` on, at least one; read on a thread that may wait for the disk.
    /// - Throws: When there are none: the file became shorter, and what was sent of it must not pass for the whole.
    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive {
            var bytes = [UInt8](repeating: 0, count: count)
            let found = try self.file.read(at: offset, into: &bytes)
            guard found > 0 else {
                throw FileError("read", self.file.path.string, .ioError, detail: "it became shorter")
            }
            return ByteBuffer(bytes: bytes[..<found])
        }
    }
}
