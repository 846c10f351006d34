internal import CLinux
internal import Glibc
public import SystemPackage

/// An open directory, and all that is done below it. It stays the same directory wherever its name moves.
///
/// Names are given relative to it: one component or several, none of them empty, "." or "..". No component is ever
/// followed if it is a symlink: a parent that is one fails with ELOOP, a last component that is one is itself the object
/// of the call. All descriptors are closed on exec, and calls that a signal interrupts are made again.
public struct Directory: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// Where it was when it was opened. For messages only: no call uses it.
    public let path: FilePath

    init(owning descriptor: consuming Descriptor, at path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens the directory at `path`. Parents in `path` may be symlinks; the last component only if `followingLinks`.
    public static func open(_ path: FilePath, followingLinks: Bool = false) throws(FileError) -> Directory {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW)
        let raw = try attempt("open", path.string) { path.withPlatformString { Glibc.open($0, flags) } }
        return Directory(owning: Descriptor(owning: raw), at: path)
    }

    /// Opens the directory at `relative`.
    public func openDirectory(_ relative: String) throws(FileError) -> Directory {
        let found = try open(relative, O_RDONLY | O_DIRECTORY, for: "open")
        return Directory(owning: found, at: path.appending(relative))
    }

    /// A second descriptor of this same directory, with a life of its own.
    public func duplicate() throws(FileError) -> Directory {
        Directory(owning: try reopen(), at: path)
    }

    /// A new open file description, with a reading position of its own.
    func reopen() throws(FileError) -> Descriptor {
        Descriptor(
            owning: try attempt("open", path.string) {
                openat(descriptor.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            })
    }

    /// Where the directory is now, as the kernel tells through /proc: absolute, without symlinks.
    public func resolvedPath() throws(FileError) -> FilePath {
        let link = "/proc/self/fd/\(descriptor.raw)"
        return FilePath(String(decoding: try readLink(AT_FDCWD, link, link), as: UTF8.self))
    }

    /// The status of this directory itself.
    public func status() throws(FileError) -> FileStatus {
        var found = stat()
        try attempt("examine", path.string) { fstat(descriptor.raw, &found) }
        return FileStatus(found)
    }

    /// The status of what `relative` names, or nil when there is none (ENOENT), nor a parent of it.
    public func status(of relative: String) throws(FileError) -> FileStatus? {
        var found = stat()
        do {
            try withParent(of: relative, for: "examine") { parent, name throws(FileError) in
                _ = try attempt("examine", full(relative)) { fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
        return FileStatus(found)
    }

    /// Waits until the directory's own entries are on disk: what was made, renamed and removed in it.
    ///
    /// After a failure nothing is known and no second call tells more: the kernel reports an error once.
    public func sync() throws(FileError) {
        try attempt("sync", path.string) { fsync(descriptor.raw) }
    }

    /// Waits until all that was written to this file system is on disk.
    ///
    /// Reports errors of writes since this directory was opened (Linux 5.8), so open it before the first write. A failure
    /// voids what was written; a second call may well succeed, and then means nothing.
    public func syncFileSystem() throws(FileError) {
        try attempt("sync the file system of", path.string) { linux_syncfs(descriptor.raw) }
    }

    /// Room on a file system, for a process without privileges.
    public struct Space: Hashable, Sendable {
        /// Bytes that may still be written.
        public let availableBytes: UInt64
        /// Files that may still be made. Means nothing when `totalInodes` is 0.
        public let availableInodes: UInt64
        /// All files there may be; 0 where the file system has no such limit (btrfs).
        public let totalInodes: UInt64
    }

    /// The room left on this directory's file system. Quotas are not in it.
    public func space() throws(FileError) -> Space {
        var found = statvfs()
        try attempt("ask the free space of", path.string) { fstatvfs(descriptor.raw, &found) }
        return Space(
            availableBytes: UInt64(found.f_bavail) * UInt64(found.f_frsize), availableInodes: UInt64(found.f_favail),
            totalInodes: UInt64(found.f_files))
    }
}
