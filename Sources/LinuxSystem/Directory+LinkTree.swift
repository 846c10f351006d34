internal import CLinux
internal import Glibc
internal import SystemPackage

/// What a tree was made of.
public struct TreeCounts: Hashable, Sendable {
    /// Regular files that got a further name.
    public var files = 0
    /// Regular files that were copied instead.
    public var copies = 0
    /// Directories made; those that were there already do not count.
    public var directories = 0
    /// Symlinks made.
    public var links = 0

    /// Nothing yet.
    public init() {}

    /// Both together.
    public static func + (left: TreeCounts, right: TreeCounts) -> TreeCounts {
        var sum = left
        sum.files += right.files
        sum.copies += right.copies
        sum.directories += right.directories
        sum.links += right.links
        return sum
    }
}

extension Directory {
    /// Makes `relative` a mirror of `source`: directories with the same permissions and owners, symlinks with the same text,
    /// and regular files as further names of the same inodes, so that a write through one is a write to all.
    ///
    /// Directories that exist already are merged and keep what they have; any other name in the way is an error (EEXIST)
    /// whose `path` is that name. A file with as many names as its file system allows (EMLINK) is copied. Devices, fifos
    /// and sockets are refused (EOPNOTSUPP), names that are not UTF-8 too (EILSEQ). Nothing is synced, and what was made
    /// before a failure stays. Modification times and extended attributes of directories are not carried over.
    ///
    /// Costs one linkat a file and no status; a directory takes ten calls. `relative` must not lie inside of `source`.
    /// - Parameters:
    ///   - copied: Files to copy in any case, as paths below `source`: those that will be written in place.
    ///   - copiesAll: Whether every file is copied. Copies share their blocks where the file system can.
    @discardableResult
    public func linkTree(
        _ relative: String, from source: borrowing Directory, copying copied: Set<String> = [], copiesAll: Bool = false
    ) throws(FileError) -> TreeCounts {
        var counts = TreeCounts()
        let isNew = try withParent(of: relative, for: "make directory") { parent, name throws(FileError) in
            try Self.makeOrEnter(parent, name, at: full(relative))
        }
        if isNew { counts.directories += 1 }
        let target = try openDirectory(relative)
        var reader = EntryReader()
        // Directories made but not filled yet. Paths, not descriptors: two are open at a time, however deep the tree.
        var pending: [(path: String, isNew: Bool)] = [("", isNew)]
        while let (path, isNew) = pending.popLast() {
            let from = path.isEmpty ? try source.reopen() : try source.open(path, O_RDONLY | O_DIRECTORY, for: "open")
            let to = path.isEmpty ? try target.reopen() : try target.open(path, O_RDONLY | O_DIRECTORY, for: "open")
            let prefix = path.isEmpty ? "" : path + "/"
            while let entry = try reader.next(in: from.raw, at: source.full(path)) {
                guard let name = String(validatingCString: entry.name) else {
                    let shown = source.full(prefix + String(cString: entry.name))
                    throw FileError("link", shown, .illegalByteSequence, detail: "the name is not UTF-8")
                }
                let inner = prefix + name
                switch try entry.kind(in: from.raw, at: source.full(path)) {
                case .directory:
                    let isNew = try Self.makeOrEnter(to.raw, name, at: target.full(inner))
                    if isNew { counts.directories += 1 }
                    pending.append((inner, isNew))
                case .regular where !copiesAll && (copied.isEmpty || !copied.contains(inner)):
                    if linkat(from.raw, entry.name, to.raw, entry.name, 0) == 0 {
                        counts.files += 1
                        continue
                    }
                    let code = Errno(rawValue: errno)
                    guard code == .tooManyLinks else {
                        throw FileError("link", target.full(inner), with: source.full(inner), code)
                    }
                    fallthrough
                case .regular:
                    try source.copyFile(inner, to: inner, in: target)
                    counts.copies += 1
                case .symlink:
                    let text = try source.readLink(from.raw, name, source.full(inner))
                    let terminated = text.map(CChar.init(bitPattern:)) + [0]
                    try attempt("make symlink", target.full(inner)) { symlinkat(terminated, to.raw, name) }
                    counts.links += 1
                case .characterDevice, .blockDevice, .fifo, .socket:
                    throw FileError(
                        "link", source.full(inner), .notSupportedOnSocket,
                        detail: "neither a file, a directory nor a symlink")
                }
            }
            // Last, since a directory may be one that its owner cannot write.
            if isNew { try Self.copyOwnerAndPermissions(from: from.raw, to: to.raw, at: target.full(path)) }
        }
        return counts
    }

    /// Makes a directory that only its owner may use for now. False when there is one already.
    private static func makeOrEnter(
        _ parent: CInt, _ name: String, at shown: @autoclosure () -> String
    ) throws(FileError) -> Bool {
        do {
            try attempt("make directory", shown()) { mkdirat(parent, name, 0o700) }
            return true
        } catch let error where error.errno == .fileExists {
            var found = stat()
            guard fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) == 0, FileKind(mode: found.st_mode) == .directory
            else { throw error }
            return false
        }
    }

    /// Changes the owner only where it differs, which without privileges is refused.
    static func copyOwnerAndPermissions(
        from: CInt, to: CInt, at shown: @autoclosure () -> String
    ) throws(FileError) {
        var (wanted, found) = (stat(), stat())
        try attempt("examine", shown()) { fstat(from, &wanted) }
        try attempt("examine", shown()) { fstat(to, &found) }
        if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid) {
            try attempt("set the owner of", shown()) { fchown(to, wanted.st_uid, wanted.st_gid) }
        }
        try attempt("set the permissions of", shown()) { fchmod(to, wanted.st_mode & 0o7777) }
    }
}
