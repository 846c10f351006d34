internal import Crypto
internal import Glibc
internal import SystemPackage

/// A file that a download grows, hashed as it is written, with the validator of what it holds kept beside it.
final class PartialFile {
    let path: FilePath
    private let descriptor: FileDescriptor
    /// How long the file was when it was opened.
    let sizeAtOpening: Int64
    private var hash = SHA256()
    /// Bytes that are in the file and in the hash.
    private(set) var size: Int64 = 0

    /// Opens or makes the file, mode 0600; refuses links and anything but a regular file.
    init(at path: FilePath) throws(TransferError) {
        self.path = path
        descriptor = try PartialFile.wrap(path) {
            try FileDescriptor.open(
                path, .readWrite, options: [.create, .noFollow, .closeOnExec, .nonBlocking],
                permissions: .ownerReadWrite)
        }
        do throws(TransferError) {
            sizeAtOpening = try regularSize(of: descriptor, at: path)
        } catch {
            try? descriptor.close()  // the cause is being thrown; nothing was written
            throw error
        }
    }

    deinit {
        // Nothing is lost by a failed close: what was written is checked by its digest, and syncing is the caller's.
        try? descriptor.close()
    }

    /// Hashes the bytes that are there, so that appending goes on behind them.
    func adopt(upTo size: Int64, unless cancellation: TransferCancellation?) throws(TransferError) {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        hash = SHA256()
        self.size = 0
        while self.size < size {
            if cancellation?.isCancelled == true { throw .cancelled }
            let wanted = Int(min(Int64(buffer.count), size - self.size))
            let count = try PartialFile.wrap(path) {
                try buffer.withUnsafeMutableBytes { buffer in
                    try descriptor.read(fromAbsoluteOffset: self.size, into: .init(rebasing: buffer[..<wanted]))
                }
            }
            guard count > 0 else { throw .fileShrank(path) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[..<count])) }
            self.size += Int64(count)
        }
    }

    /// Empties the file and the hash.
    func startOver() throws(TransferError) {
        try PartialFile.wrap(path) { try descriptor.resize(to: 0) }
        hash = SHA256()
        size = 0
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
        try PartialFile.wrap(path) { _ = try descriptor.writeAll(toAbsoluteOffset: size, bytes) }
        hash.update(bufferPointer: bytes)
        size += Int64(bytes.count)
    }

    /// The digest of all bytes in the file.
    var digest: [UInt8] { [UInt8](hash.finalize()) }
}

extension PartialFile {
    private var validatorPath: FilePath { FilePath(path.string + ".etag") }

    /// The ETag of what the file holds, if it was recorded whole.
    func recordedETag() throws(TransferError) -> String? {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                validatorPath, .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
        } catch {
            if let error = error as? Errno, error == .noSuchFileOrDirectory { return nil }
            throw .localFile(validatorPath, error as? Errno ?? .ioError)
        }
        defer { try? descriptor.close() }  // read only: nothing can be lost
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = try PartialFile.wrap(validatorPath) {
            try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return ETag.isStrong(text) ? text : nil
    }

    /// Records `etag` for the bytes about to be written; nil, or one that cannot serve, removes what was recorded.
    func record(etag: String?) throws(TransferError) {
        guard let etag, ETag.isStrong(etag), etag.utf8.count < 1024 else { return try forgetETag() }
        try PartialFile.wrap(validatorPath) {
            let descriptor = try FileDescriptor.open(
                validatorPath, .writeOnly, options: [.create, .truncate, .noFollow, .closeOnExec, .nonBlocking],
                permissions: .ownerReadWrite)
            try descriptor.closeAfter { _ = try descriptor.writeAll(etag.utf8) }
        }
    }

    /// Removes what was recorded.
    func forgetETag() throws(TransferError) {
        let result = validatorPath.withPlatformString { unlink($0) }
        if result != 0, errno != ENOENT { throw .localFile(validatorPath, Errno(rawValue: errno)) }
    }

    fileprivate static func wrap<Result>(
        _ path: FilePath, _ body: () throws -> Result
    ) throws(TransferError) -> Result {
        do { return try body() } catch { throw .localFile(path, error as? Errno ?? .ioError) }
    }
}

/// The size of the open file; throws for what is no regular file.
func regularSize(of descriptor: FileDescriptor, at path: FilePath) throws(TransferError) -> Int64 {
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { throw .localFile(path, Errno(rawValue: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .localFile(path, .invalidArgument) }
    return Int64(status.st_size)
}

/// Entity tags (RFC 9110, 8.8.3).
enum ETag {
    /// Whether `text` is one that says "the same bytes", so that it may stand in If-Range.
    static func isStrong(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count >= 2 && bytes.first == UInt8(ascii: "\"") && bytes.last == UInt8(ascii: "\"")
            && bytes.dropFirst().dropLast().allSatisfy { $0 >= 0x21 && $0 != UInt8(ascii: "\"") && $0 != 0x7f }
    }
}
