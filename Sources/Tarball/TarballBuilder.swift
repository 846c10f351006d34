internal import CLibArchive
internal import Glibc
public import LinuxSystem
public import SystemPackage

/// Makes a tarball of a directory tree: the same bytes from the same tree, wherever it stands and whoever owns it.
///
/// Entries come in the order of their paths' bytes, all owned by 0:0 without names and with one time. Files of the tree
/// that are one file with several names stay one: the first path has the contents, the others are hard links to it.
public enum TarballBuilder {
    /// Which permissions entries get.
    public enum Permissions: Hashable, Sendable {
        /// Those of the tree. The umask under which the tree was made shows in them, and so in the bytes.
        case exact
        /// 0o755 for directories and for files that their owner may execute, 0o644 for all else, as git keeps them;
        /// setuid, setgid and sticky as in the tree. What was hidden from others becomes readable.
        case normalised
    }

    /// How a tree becomes a tarball.
    public struct Options: Sendable {
        /// How the archive is compressed.
        public var compression: TarballCompression
        /// What may be packed. Owners do not matter: all become 0:0.
        public var policy = TarballPolicy.strict
        /// The time of every entry: seconds since 1970-01-01 UTC.
        public var modified: Int64 = 0
        /// Which permissions entries get.
        public var permissions = Permissions.exact
        /// Keeps what is below this path and takes the path off; anything beside it is an error. Empty keeps all.
        public var stripPrefix = ""
        /// Paths of the tree (before stripping) that are left out, with all below them.
        public var skipped: Set<String> = []
        /// Called now and then with the bytes of files packed so far, and those of all files.
        public var progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
        /// Whether to keep what has this path (after stripping). A directory not kept takes along what is in it.
        public var keep: @Sendable (String, FileKind) -> Bool = { _, _ in true }

        /// Options to compress so, all else as usual.
        public init(compression: TarballCompression) { self.compression = compression }
    }

    /// What was built.
    public struct Result: Hashable, Sendable {
        /// Sorted by the bytes of their paths, files with their digests.
        public let entries: [TarballEntry]
        /// What there is in all.
        public let totals: TarballTotals
        /// SHA-256 of the archive's bytes, 32 bytes.
        public let digest: [UInt8]
    }

    /// The libraries that decide about an archive's bytes, with their versions: `libarchive 3.6.2 zlib/1.2.13 …`.
    public static var libraries: String { archive_version_details().map { String(cString: $0) } ?? "libarchive" }

    /// Packs `directory` into a new file `output`. When it fails it leaves no file.
    /// - Throws: A `TarballError`; also for whatever a reader with the same policy would refuse, and for a file that
    ///   changes while it is read.
    public static func build(
        from directory: borrowing Directory, to output: FilePath, _ options: Options
    ) throws(TarballError) -> Result {
        let tree = try TreeListing(directory, options)
        let writer = try TarballWriter.create(output, compression: options.compression, policy: options.policy)
        do throws(TarballError) {
            return try write(tree, of: directory, to: writer)
        } catch {
            // Best effort: the first failure is the one to tell.
            output.withPlatformString { _ = unlink($0) }
            throw error
        }
    }

    private static func write(
        _ tree: TreeListing, of directory: borrowing Directory, to created: consuming TarballWriter
    ) throws(TarballError) -> Result {
        var writer = created
        var entries: [TarballEntry] = []
        entries.reserveCapacity(tree.items.count)
        let total = tree.items.reduce(Int64(0)) { $0 + $1.entry.size }
        var done: Int64 = 0
        for item in tree.items {
            guard case .file = item.entry.kind else {
                try writer.add(item.entry)
                entries.append(item.entry)
                continue
            }
            let file = try attempt { () throws(FileError) in try directory.openFile(item.source, for: .reading) }
            try checkUnchanged(file, item)
            do throws(TarballError) {
                entries.append(try writer.add(item.entry, contentsOf: file))
            } catch {
                if case .wrongSize = error { throw .changedWhileRead(item.source) }
                throw error
            }
            try checkUnchanged(file, item)
            done += item.entry.size
            tree.options.progress(done, total)
        }
        let summary = try writer.finish()
        return Result(entries: entries, totals: summary.totals, digest: summary.digest)
    }

    /// Whether the file is still what the listing saw: no write since, which would have changed `changed`.
    private static func checkUnchanged(_ file: borrowing OpenFile, _ item: TreeListing.Item) throws(TarballError) {
        let status: FileStatus
        do throws(FileError) {
            status = try file.status()
        } catch {
            throw .file(error)
        }
        guard status.isSameFile(as: item.status), status.size == item.status.size,
            status.modified == item.status.modified, status.changed == item.status.changed
        else { throw .changedWhileRead(item.source) }
    }
}
