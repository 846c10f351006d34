internal import Glibc
public import SystemPackage

/// Tells when names appear in directories or go (inotify(7)): by renaming into them, or by removal. It sees nothing of what
/// other machines do on a network file system.
public struct NameWatch: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Watches nothing yet.
    public init() throws(FileError) {
        descriptor = Descriptor(
            owning: try attempt("watch", "names") { inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK)) })
    }

    /// Watches a directory; once is enough, and twice does no harm.
    /// - Returns: Whether it is watched. One that is not there cannot be.
    public func add(_ directory: FilePath) -> Bool {
        let events = UInt32(IN_MOVED_TO | IN_DELETE | IN_ONLYDIR)
        return directory.withPlatformString { inotify_add_watch(descriptor.raw, $0, events) } >= 0
    }

    /// A descriptor that can be read when names have changed. Whoever takes it closes it.
    public func duplicate() throws(FileError) -> CInt {
        try attempt("watch", "names") { fcntl(descriptor.raw, F_DUPFD_CLOEXEC, 0) }
    }
}
