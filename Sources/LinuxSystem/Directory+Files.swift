internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// Opens the regular file `relative`. Anything else is refused: a directory with EISDIR, the rest with EINVAL. A fifo
    /// does not make it wait.
    public func openFile(_ relative: String, for purpose: OpenFile.Purpose) throws(FileError) -> OpenFile {
        switch purpose {
        case .reading:
            // O_NONBLOCK: a fifo without a writer opens at once, and is then refused. Regular files know no difference.
            let file = OpenFile(
                owning: try open(relative, O_RDONLY | O_NONBLOCK | O_NOCTTY, for: "open"), at: path.appending(relative))
            switch try file.status().kind {
            case .regular: return file
            case .directory: throw FileError("open", full(relative), .isDirectory)
            default: throw FileError("open", full(relative), .invalidArgument, detail: "not a regular file")
            }
        case .creating(let permissions):
            // Nobody else reads it before its permissions are as asked.
            let file = OpenFile(
                owning: try open(relative, O_RDWR | O_CREAT | O_EXCL, permissions: 0o600, for: "create"),
                at: path.appending(relative))
            if permissions != 0o600 { try file.setPermissions(permissions) }
            return file
        }
    }

    /// All of the regular file `relative`; EFBIG when it has more than `limit` bytes.
    public func readFile(_ relative: String, limit: Int) throws(FileError) -> [UInt8] {
        try openFile(relative, for: .reading).readToEnd(limit: limit)
    }

    /// Makes the file `relative` with these bytes; EEXIST when something has the name. When it fails half-way it leaves no
    /// file. Nothing is synced.
    public func createFile(_ relative: String, permissions: UInt16, bytes: [UInt8]) throws(FileError) {
        let file = try openFile(relative, for: .creating(permissions: 0o600))
        do {
            try file.write(bytes)
            // After the bytes: writing without privileges clears setuid and setgid.
            try file.setPermissions(permissions)
            try file.close()
        } catch {
            try? remove(relative)  // best effort; the write's own error is the one to tell
            throw error
        }
    }

    /// Puts a file with these bytes in the place of `relative`, or makes it. Readers see the old file or the new one,
    /// whole. The new one belongs to the caller, whoever owned the old one.
    /// - Parameter durable: Waits for the disk before the new file takes the name, and again after: a power cut then
    ///   leaves one of the two as well, and the new one once this returned.
    public func replaceFile(
        _ relative: String, permissions: UInt16, bytes: [UInt8], durable: Bool
    ) throws(FileError) {
        let checked = try check(relative, for: "replace")
        guard let parent = checked.parent else {
            return try replaceHere(checked.last, permissions: permissions, bytes: bytes, durable: durable)
        }
        try openDirectory(parent).replaceHere(checked.last, permissions: permissions, bytes: bytes, durable: durable)
    }

    private func replaceHere(_ name: String, permissions: UInt16, bytes: [UInt8], durable: Bool) throws(FileError) {
        let temporary = Self.temporaryPrefix + Self.uniqueName()
        let file = try openFile(temporary, for: .creating(permissions: 0o600))
        do {
            try file.write(bytes)
            try file.setPermissions(permissions)
            if durable { try file.sync() }
            try file.close()
            try rename(temporary, to: name, in: self, replacing: true)
        } catch {
            try? remove(temporary)  // best effort; the first error is the one to tell
            throw error
        }
        if durable { try sync() }
    }

    /// What the names of unfinished files begin with. A crash may leave one; whoever owns the directory may remove it.
    public static let temporaryPrefix = ".tmp-"
}
