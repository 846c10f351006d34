internal import CLibArchive
import Crypto
public import SystemPackage

/// Reads a tarball from front to back: plain, gzip or zstd, which its bytes tell. Every entry that comes out obeys the
/// policy, and nil comes out only after the real end; a damaged archive throws and never passes for a short one.
public struct TarballReader: ~Copyable {
    private let stream: TarStream
    private var rules: EntryRules
    private var current: TarballEntry?
    private var position: Int64 = 0

    /// Opens the archive at `path`.
    public static func open(_ path: FilePath, policy: TarballPolicy = .strict) throws(TarballError) -> TarballReader {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try TarballReader(.file(descriptor, name: path), policy)
        } catch let error as TarballError {
            throw error
        } catch {
            throw .system(doing: "open", on: path.string, (error as? Errno) ?? .ioError)
        }
    }

    /// Reads an archive from memory.
    public static func open(bytes: [UInt8], policy: TarballPolicy = .strict) throws(TarballError) -> TarballReader {
        try TarballReader(.bytes(bytes), policy)
    }

    /// Reads the archive that `descriptor` stands at the start of. A duplicate is read, so that the caller may close its
    /// own at any time; the two share one position.
    /// - Parameter name: What errors call it.
    public static func open(
        descriptor: FileDescriptor, name: FilePath, policy: TarballPolicy = .strict
    ) throws(TarballError) -> TarballReader {
        let copy: FileDescriptor
        do {
            copy = try descriptor.duplicate()
        } catch {
            throw .system(doing: "open", on: name.string, (error as? Errno) ?? .ioError)
        }
        return try TarballReader(.file(copy, name: name), policy)
    }

    private init(_ source: ArchiveInput.Source, _ policy: TarballPolicy) throws(TarballError) {
        let decompressor = try Decompressor.open(source, allowsOthers: policy.allowsOtherCompression)
        let ahead = decompressor.isCompressed ? Prefetcher.start(decompressor) : nil
        stream = try TarStream.open(ahead ?? decompressor)
        rules = EntryRules(policy)
    }

    var policy: TarballPolicy { rules.policy }

    /// What was met so far; after `next()` returned nil, what there is.
    public var totals: TarballTotals {
        var totals = rules.totals
        totals.archiveBytes = stream.archiveBytes
        return totals
    }

    /// The next entry, without a digest, or nil at the end. Contents not read are passed over.
    /// The root directory itself is no entry: `./`, which GNU tar likes to begin with, is skipped.
    public mutating func next() throws(TarballError) -> TarballEntry? {
        current = nil
        while let (handle, audited) = try stream.next() {
            guard let entry = try entry(handle, audited) else { continue }
            try rules.accept(entry)
            current = entry
            position = 0
            return entry
        }
        return nil
    }

    /// Reads the contents of the current entry, piece by piece, to their end.
    /// - Throws: What `body` throws, or a `TarballError` when the contents are not as long as their header says.
    public mutating func readContents(_ body: (RawSpan) throws -> Void) throws {
        try readBlocks { try body($0.bytes) }
    }

    /// The contents of the current entry, to be used where the policy keeps them small.
    public mutating func contents() throws -> [UInt8] {
        var contents: [UInt8] = []
        try readBlocks { contents += $0 }
        return contents
    }

    mutating func readBlocks(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let current, current.size > 0 else { return }
        while let block = try stream.nextBlock(at: position, of: current.path) {
            position += Int64(block.count)
            try body(block)
        }
        guard position == current.size else {
            throw TarballError.wrongSize(current.path, expected: current.size, actual: position)
        }
    }

    /// Reads the contents of the current entry and returns their SHA-256; nil when it is no file.
    public mutating func digestContents() throws -> [UInt8]? {
        guard let current, case .file = current.kind else { return nil }
        var hash = SHA256()
        try readBlocks { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}
