import Crypto
import SystemPackage

/// Where the bytes of a new archive go: a file or memory. Counts and hashes them on the way.
final class ArchiveOutput {
    enum Sink {
        /// Closed by `close()`, or when the output goes away.
        case file(FileDescriptor, name: FilePath)
        case memory
    }

    private let sink: Sink
    private var isOpen = true
    private var hash = SHA256()
    private(set) var count: Int64 = 0
    /// What was written to memory.
    private(set) var bytes: [UInt8] = []
    /// Why writing failed; the callback that libarchive calls can only say that it did.
    private(set) var failure: TarballError?

    init(_ sink: Sink) { self.sink = sink }

    deinit {
        // Only when something failed before: `close()` reports what closing can report.
        if isOpen, case .file(let descriptor, _) = sink { try? descriptor.close() }
    }

    /// Writes all of `chunk`, or notes why not.
    func write(_ chunk: UnsafeRawBufferPointer) -> Bool {
        switch sink {
        case .memory: bytes.append(contentsOf: chunk)
        case .file(let descriptor, let name):
            do {
                _ = try descriptor.writeAll(chunk)
            } catch {
                failure = .system(doing: "write", on: name.string, (error as? Errno) ?? .ioError)
                return false
            }
        }
        hash.update(bufferPointer: chunk)
        count += Int64(chunk.count)
        return true
    }

    /// Closes the file; a late error of writing shows here.
    func close() throws(TarballError) {
        guard isOpen else { return }
        isOpen = false
        guard case .file(let descriptor, let name) = sink else { return }
        do {
            try descriptor.close()
        } catch {
            throw .system(doing: "close", on: name.string, (error as? Errno) ?? .ioError)
        }
    }

    /// SHA-256 of all that was written.
    var digest: [UInt8] { Array(hash.finalize()) }
}
