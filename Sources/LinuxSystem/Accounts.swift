internal import Glibc
internal import SystemPackage

/// The accounts of this machine, by every source that it knows (nsswitch.conf(5)).
public enum Accounts {
    /// The user that this process acts as.
    public static var effectiveUser: UInt32 { geteuid() }

    /// The number of the user called `name`; nil when there is none.
    public static func user(named name: String) throws(FileError) -> UInt32? {
        var entry = passwd()
        return try lookUp("look up the user", name) { buffer, size in
            var found: UnsafeMutablePointer<passwd>?
            let status = getpwnam_r(name, &entry, buffer, size, &found)
            return (status, found.map { $0.pointee.pw_uid })
        }
    }

    /// The number of the group called `name`; nil when there is none.
    public static func group(named name: String) throws(FileError) -> UInt32? {
        var entry = Glibc.group()
        return try lookUp("look up the group", name) { buffer, size in
            var found: UnsafeMutablePointer<Glibc.group>?
            let status = getgrnam_r(name, &entry, buffer, size, &found)
            return (status, found.map { $0.pointee.gr_gid })
        }
    }

    /// Asks with a buffer that grows as long as the answer does not fit (ERANGE).
    private static func lookUp(
        _ operation: String, _ name: String,
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (status: Int32, id: UInt32?)
    ) throws(FileError) -> UInt32? {
        var size = 4096
        while true {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { buffer.deallocate() }
            let (status, id) = ask(buffer, size)
            switch status {
            case 0, ENOENT, ESRCH: return id
            case ERANGE where size < 1 << 24: size *= 4
            case EINTR: continue
            default: throw FileError(operation, name, Errno(rawValue: status))
            }
        }
    }
}
