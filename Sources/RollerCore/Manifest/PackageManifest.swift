/// A package's description: what it is, the bytes of its archive, and every path in it.
public struct PackageManifest: Hashable, Sendable {
    /// Which package.
    public let name: PackageName
    /// Which version.
    public let version: PackageVersion
    /// What it was built for, or `any`.
    public let platform: Platform
    /// The digest of the archive.
    public let archive: Digest
    /// The size of the archive.
    public let size: ByteCount
    /// Where it came from: free words by key, such as `built-from`.
    public let origin: [String: String]
    /// Every path, sorted by its bytes; directories are listed too.
    public let entries: [Entry]

    /// One path of a package.
    public struct Entry: Hashable, Sendable {
        /// The path below the prefix.
        public let path: TreePath
        /// What is there.
        public let kind: Kind
        /// The extended attributes of a file; nothing else has any.
        public let attributes: [AttributeName: [UInt8]]

        /// A path and what is there.
        public init(path: TreePath, kind: Kind, attributes: [AttributeName: [UInt8]] = [:]) {
            self.path = path
            self.kind = kind
            self.attributes = attributes
        }

        /// What the program at the path may do beyond its user; nil when that is nothing.
        public var capabilities: FileCapabilities? {
            attributes.first { $0.key.isCapabilities }.flatMap { FileCapabilities($0.value) }
        }
    }

    /// What stands at a path.
    public enum Kind: Hashable, Sendable {
        /// A file, with its mode bits, size and digest.
        case file(permissions: UInt16, size: ByteCount, digest: Digest)
        /// A directory, with its mode bits.
        case directory(permissions: UInt16)
        /// A symbolic link to `target`, as it is written.
        case symlink(target: String)
        /// Another name of the file at `target`.
        case hardLink(target: TreePath)
    }

    /// A manifest; entries come out sorted.
    public init(
        name: PackageName, version: PackageVersion, platform: Platform, archive: Digest, size: ByteCount,
        origin: [String: String] = [:], entries: [Entry]
    ) {
        self.name = name
        self.version = version
        self.platform = platform
        self.archive = archive
        self.size = size
        self.origin = origin
        self.entries = entries.sorted { $0.path.rawValue.utf8.lexicographicallyPrecedes($1.path.rawValue.utf8) }
    }

    /// The size of all files, unpacked.
    public var unpackedSize: ByteCount {
        entries.reduce(ByteCount(0)) { sum, entry in
            if case .file(_, let size, _) = entry.kind { sum + size } else { sum }
        }
    }

    /// How many paths of each kind there are.
    public var counts: (files: Int, directories: Int, links: Int) {
        entries.reduce(into: (0, 0, 0)) { counts, entry in
            switch entry.kind {
            case .file, .hardLink: counts.0 += 1
            case .directory: counts.1 += 1
            case .symlink: counts.2 += 1
            }
        }
    }

    /// The name of the archive's file.
    public var archiveName: String { "\(name)-\(version)-\(platform).tar.zst" }
    /// The name of the manifest's file.
    public var manifestName: String { "\(name)-\(version)-\(platform).manifest" }
}

/// Why a manifest cannot be used.
public enum ManifestError: RollerError, Hashable {
    /// A line that cannot be read; lines count from 1.
    case malformed(line: Int, why: String)
    /// A path that stands twice, or not in order.
    case outOfOrder(line: Int, path: String)
    /// The counts of the head do not fit the lines below it.
    case countsDiffer

    public var message: String {
        switch self {
        case .malformed(let line, let why): "cannot read line \(line) of the manifest: \(why)"
        case .outOfOrder(let line, let path):
            "line \(line) of the manifest: '\(path)' stands twice, or not in the order of bytes"
        case .countsDiffer: "the manifest's head counts other entries than stand below it"
        }
    }

    public var hint: String? { "build the package again with `rollerctl package build`" }
}
