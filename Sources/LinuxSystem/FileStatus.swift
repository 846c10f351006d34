internal import Glibc

/// What a name stands for.
public enum FileKind: Hashable, Sendable {
    case regular, directory, symlink, characterDevice, blockDevice, fifo, socket

    /// From `st_mode`. Linux has no other kinds than these seven (inode(7)).
    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFLNK: .symlink
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .regular
            }
    }

    /// From `d_type`; nil when the file system did not say (DT_UNKNOWN) and a status must be asked for.
    init?(entryType: UInt8) {
        switch entryType {
        case 1: self = .fifo
        case 2: self = .characterDevice
        case 4: self = .directory
        case 6: self = .blockDevice
        case 8: self = .regular
        case 10: self = .symlink
        case 12: self = .socket
        default: return nil
        }
    }
}

/// A time as file systems keep it: since 1970-01-01 00:00 UTC.
public struct FileTime: Hashable, Comparable, Sendable {
    /// Whole seconds, negative before 1970.
    public let seconds: Int64
    /// 0 to 999,999,999, always forward from `seconds`.
    public let nanoseconds: Int32

    /// A time `seconds` and `nanoseconds` after the epoch.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    init(_ time: timespec) { self.init(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec)) }

    var timespec: timespec { .init(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds)) }

    /// Earlier first.
    public static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// What the kernel knows of a file, of the symlink itself where it is one.
public struct FileStatus: Hashable, Sendable {
    /// What it is.
    public let kind: FileKind
    /// The permission bits with setuid, setgid and sticky: 0 to 0o7777.
    public let permissions: UInt16
    /// The owning user.
    public let uid: UInt32
    /// The owning group.
    public let gid: UInt32
    /// Bytes; of a symlink, those of its text.
    public let size: Int64
    /// Hard links.
    public let links: Int
    /// The file system it lies on (`st_dev`).
    public let device: UInt64
    /// Its number there; device and inode together are the file's identity.
    public let inode: UInt64
    /// When its content last changed.
    public let modified: FileTime
    /// When its content, names, owner or permissions last changed. No program can set this one.
    public let changed: FileTime
    /// Space taken, in units of 512 bytes.
    public let blocks: Int64

    init(_ status: stat) {
        kind = FileKind(mode: status.st_mode)
        permissions = UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
        uid = status.st_uid
        gid = status.st_gid
        size = Int64(status.st_size)
        links = Int(status.st_nlink)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        modified = FileTime(status.st_mtim)
        changed = FileTime(status.st_ctim)
        blocks = Int64(status.st_blocks)
    }

    /// Whether both speak of one and the same file.
    public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}
