import SystemPackage

/// The compressed bytes of an archive, from a file or from memory, read once from front to back.
final class ArchiveInput {
    enum Source {
        /// Closed when the input goes away.
        case file(FileDescriptor, name: FilePath)
        case bytes([UInt8])
    }

    /// Large enough that system calls cost nothing beside decompression.
    private static let bufferSize = 256 << 10

    private let source: Source
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 16)
    /// How many bytes were read so far.
    private(set) var count: Int64 = 0
    /// The last bytes read, at most 8: where gzip has its trailer.
    private(set) var tail: [UInt8] = []
    /// Why reading failed; the callback that libarchive calls can only say that it did.
    private(set) var failure: TarballError?

    init(_ source: Source) { self.source = source }

    deinit {
        buffer.deallocate()
        // Nothing was written through it: a failing close loses nothing.
        if case .file(let descriptor, _) = source { try? descriptor.close() }
    }

    /// The next bytes, valid until the next call; empty at the end.
    func next() throws(TarballError) -> UnsafeRawBufferPointer {
        let length: Int
        switch source {
        case .file(let descriptor, let name):
            do {
                length = try descriptor.read(into: buffer)
            } catch {
                throw .system(doing: "read", on: name.string, (error as? Errno) ?? .ioError)
            }
        case .bytes(let bytes):
            length = min(bytes.count - Int(count), buffer.count)
            bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[Int(count)..<(Int(count) + length)])) }
        }
        let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<length])
        count += Int64(length)
        tail = (tail + chunk.suffix(8)).suffix(8)
        return chunk
    }

    /// `next()` for a caller that cannot catch: nil when it failed, and `failure` says why.
    func nextOrFailure() -> UnsafeRawBufferPointer? {
        do throws(TarballError) {
            return try next()
        } catch {
            failure = error
            return nil
        }
    }
}
