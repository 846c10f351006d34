/// One entry of a tarball: a path below the root that the tarball unpacks to, and what stands there.
public struct TarballEntry: Hashable, Sendable {
    /// What an entry is. Nothing else can be read or written: devices, sockets and pipes are refused.
    public enum Kind: Hashable, Sendable {
        /// A regular file of `size` bytes.
        case file(size: Int64)
        case directory
        /// A symbolic link that holds `target`, as written.
        case symlink(target: String)
        /// Another name of the file at `target`, a path of the same tarball in the form that `path` has.
        case hardLink(target: String)
    }

    /// The path below the root: UTF-8, no leading `./`, no trailing `/`.
    public var path: String
    /// What stands there.
    public var kind: Kind
    /// Permission bits with setuid, setgid and sticky: at most 0o7777.
    public var permissions: UInt16
    /// The numeric owner. Names of owners are neither read nor written.
    public var uid: UInt32
    /// The numeric group.
    public var gid: UInt32
    /// Time of the last change of the contents: whole seconds since 1970-01-01 UTC. A fraction is dropped.
    public var modified: Int64
    /// Extended attributes by name, for policies that allow some; else they are read so that they can be refused by name.
    public var extendedAttributes: [String: [UInt8]]
    /// SHA-256 of a file's bytes, 32 bytes, where they were read. Nil for what is no file.
    public var digest: [UInt8]?

    /// An entry as given; reading and writing check it.
    public init(
        path: String, kind: Kind, permissions: UInt16, uid: UInt32 = 0, gid: UInt32 = 0, modified: Int64 = 0,
        extendedAttributes: [String: [UInt8]] = [:], digest: [UInt8]? = nil
    ) {
        self.path = path
        self.kind = kind
        self.permissions = permissions
        self.uid = uid
        self.gid = gid
        self.modified = modified
        self.extendedAttributes = extendedAttributes
        self.digest = digest
    }

    /// The size of the entry's own contents in bytes; 0 for what is no file.
    public var size: Int64 {
        if case .file(let size) = kind { size } else { 0 }
    }
}

/// What a tarball holds in all.
public struct TarballTotals: Hashable, Sendable {
    /// Regular files, without further hard links to them.
    public var files = 0
    /// Directories with an entry of their own.
    public var directories = 0
    /// Symbolic links.
    public var symlinks = 0
    /// Further names of files.
    public var hardLinks = 0
    /// The bytes of all files, each hard-linked file counted once.
    public var unpackedBytes: Int64 = 0
    /// The bytes of the archive itself, compressed.
    public var archiveBytes: Int64 = 0

    /// Nothing yet.
    public init() {}

    /// The number of entries of every kind.
    public var entries: Int { files + directories + symlinks + hardLinks }

    mutating func count(_ entry: TarballEntry) {
        switch entry.kind {
        case .file(let size):
            files += 1
            unpackedBytes += size
        case .directory: directories += 1
        case .symlink: symlinks += 1
        case .hardLink: hardLinks += 1
        }
    }
}
