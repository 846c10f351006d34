import Crypto
public import LinuxSystem
public import SystemPackage

/// Writes a tarball, entry after entry: the same bytes for the same entries. What a reader with the same policy would
/// refuse cannot be written.
public struct TarballWriter: ~Copyable {
    /// What was written in all.
    public struct Summary: Hashable, Sendable {
        /// What there is in all.
        public let totals: TarballTotals
        /// SHA-256 of the archive's bytes, 32 bytes.
        public let digest: [UInt8]
        /// The archive itself, when it was made in memory; else empty.
        public let bytes: [UInt8]
    }

    private static let bufferSize = 256 << 10

    private let handle: TarWriterHandle
    private var rules: EntryRules
    private var buffer = [UInt8](repeating: 0, count: bufferSize)

    /// Makes the archive at `path`, readable for all but for what the umask forbids.
    /// - Throws: `.system` with EEXIST when something is there already. A file that was begun stays behind when
    ///   anything fails later.
    public static func create(
        _ path: FilePath, compression: TarballCompression, policy: TarballPolicy = .strict
    ) throws(TarballError) -> TarballWriter {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o644))
        } catch {
            throw .system(doing: "create", on: path.string, (error as? Errno) ?? .ioError)
        }
        return try TarballWriter(.file(descriptor, name: path), compression, policy)
    }

    /// Makes an archive in memory; `finish()` returns it.
    public static func inMemory(
        compression: TarballCompression, policy: TarballPolicy = .strict
    ) throws(TarballError) -> TarballWriter {
        try TarballWriter(.memory, compression, policy)
    }

    private init(
        _ sink: ArchiveOutput.Sink, _ compression: TarballCompression, _ policy: TarballPolicy
    ) throws(TarballError) {
        handle = try TarWriterHandle.open(ArchiveOutput(sink), compression)
        rules = EntryRules(policy)
    }

    /// Adds a directory or a link.
    public mutating func add(_ entry: TarballEntry) throws(TarballError) { _ = try add(entry, contents: []) }

    /// Adds an entry with the contents `contents`, which are as long as it says.
    /// - Returns: The entry with the digest of the contents when it is a file.
    @discardableResult
    public mutating func add(_ entry: TarballEntry, contents: [UInt8]) throws(TarballError) -> TarballEntry {
        guard Int64(contents.count) == entry.size else {
            throw .wrongSize(entry.path, expected: entry.size, actual: Int64(contents.count))
        }
        try begin(entry)
        try handle.write(contents.span.bytes, of: entry.path)
        try handle.endEntry()
        var entry = entry
        if case .file = entry.kind { entry.digest = Array(SHA256.hash(data: contents)) }
        return entry
    }

    /// Adds a file entry with all that is to be read from `file`, which must be as long as the entry says.
    /// - Returns: The entry with the digest of the contents.
    @discardableResult
    public mutating func add(
        _ entry: TarballEntry, contentsOf file: borrowing OpenFile
    ) throws(TarballError) -> TarballEntry {
        guard case .file(let size) = entry.kind else { throw .wrongSize(entry.path, expected: 0, actual: 1) }
        try begin(entry)
        var hash = SHA256()
        var total: Int64 = 0
        while true {
            let count: Int
            do throws(FileError) {
                count = try file.read(into: &buffer)
            } catch {
                throw .file(error)
            }
            if count == 0 { break }
            total += Int64(count)
            guard total <= size else { throw .wrongSize(entry.path, expected: size, actual: total) }
            let bytes = buffer.span.bytes.extracting(first: count)
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            try handle.write(bytes, of: entry.path)
        }
        guard total == size else { throw .wrongSize(entry.path, expected: size, actual: total) }
        try handle.endEntry()
        var entry = entry
        entry.digest = Array(hash.finalize())
        return entry
    }

    /// Ends the archive and closes its file. Nothing is synced.
    public consuming func finish() throws(TarballError) -> Summary {
        try handle.close()
        var totals = rules.totals
        totals.archiveBytes = handle.output.count
        return Summary(totals: totals, digest: handle.output.digest, bytes: handle.output.bytes)
    }

    /// Checks an entry as a reader would, and writes its headers.
    private mutating func begin(_ entry: TarballEntry) throws(TarballError) {
        var isDirectory = false
        switch entry.kind {
        case .directory: isDirectory = true
        case .symlink(let target): _ = try PathRules.checkLink(Array(target.utf8), from: entry.path, rules.policy)
        case .file, .hardLink: break
        }
        let path = try PathRules.normalised(Array(entry.path.utf8), isDirectory: isDirectory, rules.policy)
        guard path.utf8.elementsEqual(entry.path.utf8) else { throw .unclearPath(entry.path) }
        try rules.accept(entry)
        try handle.begin(entry)
    }
}
