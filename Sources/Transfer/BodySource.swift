internal import Glibc
internal import SystemPackage

/// Where the bytes of a request's body come from. It can be read again, since a kept connection that turns out to be
/// dead makes libcurl send the request anew.
final class BodySource {
    private enum Origin {
        case bytes([UInt8])
        case file(FileDescriptor, FilePath)
    }

    private let origin: Origin
    /// Bytes in all.
    let size: Int64
    /// Bytes handed out.
    private(set) var position: Int64 = 0

    /// Nil for a request without a body.
    init?(_ body: HTTPRequest.Body) throws(TransferError) {
        switch body {
        case .none: return nil
        case .bytes(let bytes):
            origin = .bytes(bytes)
            size = Int64(bytes.count)
        case .file(let path):
            let descriptor: FileDescriptor
            do {
                descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            } catch {
                throw .localFile(path, error as? Errno ?? .ioError)
            }
            do throws(TransferError) {
                size = try regularSize(of: descriptor, at: path)
            } catch {
                try? descriptor.close()  // the cause is being thrown; nothing was written
                throw error
            }
            origin = .file(descriptor, path)
        }
    }

    deinit {
        if case .file(let descriptor, _) = origin { try? descriptor.close() }  // read only: nothing can be lost
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
        case .file(let descriptor, let path):
            let count: Int
            do {
                count = try descriptor.read(fromAbsoluteOffset: position, into: .init(rebasing: buffer[..<wanted]))
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
