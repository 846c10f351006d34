/// What a roll takes on its file system while it works, at most: known from the bundle and the manifests before the first
/// archive is fetched.
public struct SpaceNeed: Hashable, Sendable, Codable {
    /// Bytes, each file rounded up to whole blocks.
    public private(set) var bytes = ByteCount(0)
    /// Files, directories and symlinks to be made.
    public private(set) var inodes = 0
    /// Bytes of archives to be fetched.
    public private(set) var download = ByteCount(0)

    private var largestArchive = ByteCount(0)

    /// What ext4, XFS and btrfs give out at least, to a file or a directory.
    private static let block: Int64 = 4096
    /// Room for receipts, records and the journal, and for what a file system keeps about files.
    private static let ownNeed = ByteCount(4 << 20)

    private enum CodingKeys: String, CodingKey { case bytes, inodes, download }

    /// - Parameters:
    ///   - missing: The manifests of packages that are to be fetched.
    ///   - stored: How many paths there are of each kind in the packages that are here already.
    ///   - copied: The sizes of files of those that are copied, not linked, since they have a mode of their own.
    ///   - files: The sizes of the class's files as they will be.
    ///   - keep: How many links to kept data there are.
    public init(
        missing: [PackageManifest], stored: [(directories: Int, links: Int)], copied: [ByteCount], files: [ByteCount],
        keep: Int
    ) {
        for manifest in missing { add(manifest) }
        for counts in stored { candidate(directories: counts.directories, links: counts.links) }
        for size in copied + files { add(file: size) }
        candidate(directories: files.count, links: keep)  // at most one new directory a file
        add(Self.ownNeed)
        // Archives are fetched one after the other, and go when they are unpacked.
        add(largestArchive)
        inodes += 16
    }

    private mutating func add(_ manifest: PackageManifest) {
        download = download + manifest.size
        largestArchive = max(largestArchive, manifest.size)
        var directories = 0
        var links = 0
        for entry in manifest.entries {
            switch entry.kind {
            case .file(_, let size, _): add(file: size)
            case .directory: directories += 1
            case .symlink: links += 1
            case .hardLink: break
            }
        }
        add(file: ByteCount(Int64(manifest.entries.count) * 128))  // the manifest itself
        // Once in the store, and once more in the candidate.
        candidate(directories: directories, links: links)
        candidate(directories: directories, links: links)
    }

    private mutating func candidate(directories: Int, links: Int) {
        inodes += directories + links
        add(ByteCount(Int64(directories) * Self.block))
    }

    private mutating func add(file size: ByteCount) {
        inodes += 1
        let blocks = size.bytes / Self.block + (size.bytes % Self.block == 0 ? 0 : 1)
        let (rounded, overflows) = blocks.multipliedReportingOverflow(by: Self.block)
        add(ByteCount(overflows ? .max : rounded))
    }

    private mutating func add(_ more: ByteCount) { bytes = bytes + more }

    /// What is lacking, in words with figures; nil when there is room.
    /// - Parameters:
    ///   - free: Bytes that may still be written.
    ///   - freeInodes: Files that may still be made; nil where there is no such limit.
    public func lack(free: ByteCount, freeInodes: Int?) -> String? {
        if bytes > free { return "\(bytes) are needed and \(free) are free" }
        if let freeInodes, inodes > freeInodes {
            return "\(inodes) files are to be made, and the file system takes \(freeInodes) more"
        }
        return nil
    }
}
