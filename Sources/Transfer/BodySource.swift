internal import Glibc
internal import SystemPackage

/// Where the bytes of a request's body come from. It can be read again, since a kept connection that turns out to be
/// dead makes libcurl send the request anew.
final class BodySource {
    private enum Origin {
        case bytes([UInt8])
        case file(FileDescriptor, FilePath, offset: Int64)
    }

    private let origin: Origin
    /// Bytes in all.
    let size: Int64
    /// Bytes handed out.
    private(set) var position: Int64 = 0

    private init(_ bytes: [UInt8]) {
        origin = .bytes(bytes)
        size = Int64(bytes.count)
    }

    /// Nil for a request without a body.
    convenience init?(_ body: HTTPRequest.Body) throws(TransferError) {
        switch body {
        case .none: return nil
        case .bytes(let bytes): self.init(bytes)
        case .file(let path): try self.init(path, offset: 0, length: nil)
        case .fileRange(let path, let offset, let length): try self.init(path, offset: offset, length: length)
        }
    }

    /// `length` bytes of a regular file from `offset` on; all of the file when that is nil.
    private init(_ path: FilePath, offset: Int64, length: Int64?) throws(TransferError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw .localFile(path, error as? Errno ?? .ioError)
        }
        do throws(TransferError) {
            let whole = try regularSize(of: descriptor, at: path)
            guard offset >= 0, offset <= whole, (0...(whole - offset)).contains(length ?? 0) else {
                throw .fileShrank(path)
            }
            size = length ?? (whole - offset)
        } catch {
            try? descriptor.close()  // the cause is being thrown; nothing was written
            throw error
        }
        origin = .file(descriptor, path, offset: offset)
    }

    deinit {
        if case .file(let descriptor, _, _) = origin { try? descriptor.close() }  // read only: nothing can be lost
    }

    /// Fills `buffer` with what comes next; zero once `size` bytes were handed out, however long the file is by now.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransferError) -> Int {
        let wanted = Int(min(Int64(buffer.count), size - position))
        guard wanted > 0 else { return 0 }
        switch origin {
        case .bytes(let bytes):
            let start = Int(position)
            buffer.copyBytes(from: bytes[start..<(start + wanted)])
            position += Int64(wanted)
            return wanted
        case .file(let descriptor, let path, let offset):
            let count: Int
            do {
                count = try descriptor.read(
                    fromAbsoluteOffset: offset + position, into: .init(rebasing: buffer[..<wanted]))
            } catch {
                throw .localFile(path, error as? Errno ?? .ioError)
            }
            guard count > 0 else { throw .fileShrank(path) }
            position += Int64(count)
            return count
        }
    }

    /// Reads on from `position`; false when that lies outside.
    func seek(to position: Int64) -> Bool {
        guard (0...size).contains(position) else { return false }
        self.position = position
        return true
    }
}
