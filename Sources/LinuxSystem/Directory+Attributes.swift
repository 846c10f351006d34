internal import Glibc
internal import SystemPackage

extension Directory {
    /// Sets the permission bits (0 to 0o7777) of `relative`. A symlink has none: EOPNOTSUPP. Needs /proc.
    public func setPermissions(_ relative: String, _ permissions: UInt16) throws(FileError) {
        try withParent(of: relative, for: "set the permissions of") { parent, name throws(FileError) in
            _ = try attempt("set the permissions of", full(relative)) {
                fchmodat(parent, name, mode_t(permissions), AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    /// Sets the owner of `relative`, of a symlink itself. Clears setuid and setgid, so set the permissions afterwards.
    public func setOwner(_ relative: String, uid: UInt32, gid: UInt32) throws(FileError) {
        try withParent(of: relative, for: "set the owner of") { parent, name throws(FileError) in
            _ = try attempt("set the owner of", full(relative)) {
                fchownat(parent, name, uid, gid, AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    /// Sets when `relative` was last modified and read, of a symlink itself, to `time`.
    public func setTimes(_ relative: String, to time: FileTime) throws(FileError) {
        let times = [time.timespec, time.timespec]
        try withParent(of: relative, for: "set the times of") { parent, name throws(FileError) in
            _ = try attempt("set the times of", full(relative)) { utimensat(parent, name, times, AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Sets this directory's own permission bits.
    public func setPermissions(_ permissions: UInt16) throws(FileError) {
        try attempt("set the permissions of", path.string) { fchmod(descriptor.raw, mode_t(permissions)) }
    }

    /// Sets this directory's own owner.
    public func setOwner(uid: UInt32, gid: UInt32) throws(FileError) {
        try attempt("set the owner of", path.string) { fchown(descriptor.raw, uid, gid) }
    }

    /// Sets this directory's own times.
    public func setTimes(to time: FileTime) throws(FileError) {
        let times = [time.timespec, time.timespec]
        try attempt("set the times of", path.string) { futimens(descriptor.raw, times) }
    }
}
