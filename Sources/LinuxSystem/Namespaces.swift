internal import CLinux
internal import Glibc
public import SystemPackage

/// A view of the file system that only this process and its children have.
public enum Namespaces {
    /// Moves this process to a mount namespace of its own, where `source` stands at `target`, and nothing mounted from then on
    /// reaches other processes. Without the right to do so (CAP_SYS_ADMIN) it enters a user namespace first, in which the
    /// caller is itself and no one else is known.
    ///
    /// Only for a process with one thread that is about to run another program: other threads would stay behind (EINVAL
    /// when there are any). Neither path is followed in its last component. Not undone when it fails half-way.
    public static func enterPrivateMounts(binding source: FilePath, at target: FilePath) throws(FileError) {
        let threads = try Directory.open("/proc/self/task").entries().count
        guard threads == 1 else {
            throw FileError(
                "enter a mount namespace for", target.string, .invalidArgument,
                detail: "this process has \(threads) threads")
        }
        try enter(for: target)
        // Opened in the new namespace, since mounts of the old one cannot be bound here; named by descriptor, so that a
        // symlink put there meanwhile is not followed.
        let from = try openPath(source)
        let to = try openPath(target)
        try attempt("bind", source.string, with: target.string) {
            linux_bind_mount("/proc/self/fd/\(from.raw)", "/proc/self/fd/\(to.raw)")
        }
        extendLifetime(from)
        extendLifetime(to)
    }

    private static func enter(for target: FilePath) throws(FileError) {
        let maps = IdentityMaps()  // asked before: inside, until they are mapped, they are all nobody
        var step: UnsafePointer<CChar>?
        var error = linux_enter_private_mounts(nil, nil, &step)
        if error == EPERM { error = linux_enter_private_mounts(maps.user, maps.group, &step) }
        guard error != 0 else { return }
        let tried = step.map { String(cString: $0) } ?? "unshare"
        throw FileError(
            "enter a mount namespace for", target.string, Errno(rawValue: error),
            detail: "\(tried): \(Errno(rawValue: error).description)")
    }

    private static func openPath(_ path: FilePath) throws(FileError) -> Descriptor {
        let raw = try attempt("open", path.string) {
            path.withPlatformString { open($0, linux_O_PATH | O_NOFOLLOW | O_CLOEXEC) }
        }
        return Descriptor(owning: raw)
    }

    /// Whether `enterPrivateMounts` can work here, found out by a forked child that tries all but the bind mount.
    public static var available: Bool {
        let maps = IdentityMaps()
        return linux_probe_private_mounts(nil, nil) == 0 || linux_probe_private_mounts(maps.user, maps.group) == 0
    }

    /// "1000 1000 1": this one user is itself in the new namespace (user_namespaces(7)).
    private struct IdentityMaps {
        let user = "\(geteuid()) \(geteuid()) 1"
        let group = "\(getegid()) \(getegid()) 1"
    }
}
