internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// Makes the directory `relative`. Its permissions are exactly `permissions`, whatever the umask.
    public func makeDirectory(_ relative: String, permissions: UInt16 = 0o755) throws(FileError) {
        try withParent(of: relative, for: "make directory") { parent, name throws(FileError) in
            _ = try attempt("make directory", full(relative)) { mkdirat(parent, name, mode_t(permissions)) }
            // The umask took bits away, and mkdirat ignores setuid and setgid.
            _ = try attempt("set the permissions of", full(relative)) {
                fchmodat(parent, name, mode_t(permissions), AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    /// Makes the directory `relative` and those parents that are missing. What exists already keeps its permissions.
    public func makeDirectories(_ relative: String, permissions: UInt16 = 0o755) throws(FileError) {
        var ends = relative.indices.filter { relative[$0] == "/" }
        ends.append(relative.endIndex)
        for end in ends {
            let prefix = String(relative[..<end])
            do {
                try makeDirectory(prefix, permissions: permissions)
            } catch let error where error.errno == .fileExists {
                guard try status(of: prefix)?.kind == .directory else { throw error }
            }
        }
    }

    /// Gives the file `relative` a second name, `target` in `other`. A symlink gets a second name itself; it is not
    /// followed. EEXIST when there is a `target`; EMLINK when the file has as many names as its file system allows
    /// (65,000 on ext4); EPERM for a directory or an immutable file.
    public func link(_ relative: String, to target: String, in other: borrowing Directory) throws(FileError) {
        try other.between(target, and: relative, in: self, for: "link") { to, newName, from, name in
            linkat(from, name, to, newName, 0)
        }
    }

    /// Moves `relative` to `newName` in `other`. What had that name is replaced, or, without `replacing`, is an error
    /// (EEXIST); neither way is there an instant without one of the two.
    public func rename(
        _ relative: String, to newName: String, in other: borrowing Directory, replacing: Bool
    ) throws(FileError) {
        let flags = replacing ? 0 : linux_RENAME_NOREPLACE
        try between(relative, and: newName, in: other, for: "rename") { from, name, to, newName in
            linux_renameat2(from, name, to, newName, flags)
        }
    }

    /// Exchanges two names in one atomic step. They may stand for different kinds of things.
    ///
    /// EBUSY: one is a mount point. EXDEV: two file systems or two mounts, or a directory that an overlay took from a lower
    /// layer. EPERM: one is immutable. EINVAL: the file system cannot. On disk only after `sync()` of a parent.
    public func exchange(
        _ relative: String, with otherName: String, in other: borrowing Directory
    ) throws(FileError) {
        try between(relative, and: otherName, in: other, for: "exchange") { from, name, to, otherName in
            linux_renameat2(from, name, to, otherName, linux_RENAME_EXCHANGE)
        }
    }

    /// Tries an exchange of two empty directories made for it in this directory, then removes them.
    ///
    /// Proves that the file system can and that this directory may be written; not that a given directory in it is no
    /// mount point, nor from an overlay's lower layer. Throws the exchange's own error, with the errno to explain.
    public func probeExchange() throws(FileError) {
        let names = ["a", "b"].map { ".exchange-probe-\(Self.uniqueName())-\($0)" }
        var made: [String] = []
        defer {
            // Best effort: an empty directory left behind harms nothing, and the exchange's own error is the one to tell.
            for name in made { try? removeDirectory(name) }
        }
        for name in names {
            try makeDirectory(name, permissions: 0o700)
            made.append(name)
        }
        try exchange(names[0], with: names[1], in: self)
    }

    /// Removes the file, symlink or other thing that is no directory.
    public func remove(_ relative: String) throws(FileError) {
        try withParent(of: relative, for: "remove") { parent, name throws(FileError) in
            _ = try attempt("remove", full(relative)) { unlinkat(parent, name, 0) }
        }
    }

    /// Removes an empty directory.
    public func removeDirectory(_ relative: String) throws(FileError) {
        try withParent(of: relative, for: "remove directory") { parent, name throws(FileError) in
            _ = try attempt("remove directory", full(relative)) { unlinkat(parent, name, AT_REMOVEDIR) }
        }
    }

    /// Makes the symlink `relative` whose text is `text`, whatever that points to.
    public func symlink(_ relative: String, to text: String) throws(FileError) {
        guard !text.utf8.contains(0) else {
            throw FileError("make symlink", full(relative), .invalidArgument, detail: "its text contains a zero byte")
        }
        try withParent(of: relative, for: "make symlink") { parent, name throws(FileError) in
            _ = try attempt("make symlink", full(relative), with: text) { symlinkat(text, parent, name) }
        }
    }

    /// The text of the symlink `relative`. EINVAL when it is none, EILSEQ when the text is not UTF-8.
    public func readLink(_ relative: String) throws(FileError) -> String {
        let bytes = try withParent(of: relative, for: "read link") { parent, name throws(FileError) in
            try readLink(parent, name, full(relative))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileError("read link", full(relative), .illegalByteSequence, detail: "its text is not UTF-8")
        }
        return text
    }

    func readLink(_ parent: CInt, _ name: String, _ shown: @autoclosure () -> String) throws(FileError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = try attempt("read link", shown()) { readlinkat(parent, name, &buffer, buffer.count) }
        return buffer[..<length].map(UInt8.init(bitPattern:))
    }

    /// Makes a call that takes two names in two directories.
    private func between(
        _ relative: String, and second: String, in other: borrowing Directory, for operation: String,
        _ call: (CInt, String, CInt, String) -> CInt
    ) throws(FileError) {
        let (shown, secondShown) = (full(relative), other.full(second))
        try other.withParent(of: second, for: operation) { to, newName throws(FileError) in
            try withParent(of: relative, for: operation) { from, name throws(FileError) in
                _ = try attempt(operation, shown, with: secondShown) { call(from, name, to, newName) }
            }
        }
    }

    /// A name that no one else has: 16 hexadecimal digits by the system's random source.
    static func uniqueName() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
