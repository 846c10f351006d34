internal import CLinux
internal import Glibc
public import SystemPackage

/// One mount, as /proc/self/mountinfo has it (proc(5)).
public struct MountPoint: Hashable, Sendable {
    /// The mount's own number, and that of the one it is mounted on.
    public let id: Int, parent: Int
    /// What files below it have as `FileStatus.device` (on btrfs, subvolumes have others).
    public let device: UInt64
    /// Which directory of its file system is mounted: "/" but for bind mounts and subvolumes.
    public let root: FilePath
    /// Where.
    public let path: FilePath
    /// The type of its file system, such as "ext4".
    public let fileSystem: String
    /// What is mounted: a device, or whatever the file system takes.
    public let source: String
    /// The options of this mount, such as "ro" and "nosuid".
    public let options: [String]
    /// The options of the whole file system.
    public let fileSystemOptions: [String]
}

/// What is mounted where, as this process sees it.
public enum MountTable {
    /// All mounts, in the kernel's order: of two at one path, the later one is seen. A line that cannot be read is an
    /// error: to miss a mount is worse than to stop.
    public static func current() throws(FileError) -> [MountPoint] {
        let proc = try Directory.open("/proc/self", followingLinks: true)
        // Procfs hands out what one open sees in pieces; a mount made meanwhile may be missing or not, no line is torn.
        return try parse(proc.readFile("mountinfo", limit: 64 << 20))
    }

    /// The mounts at `path` and below it. `path` is compared as text: absolute, and without symlinks in it.
    public static func mounts(atOrBelow path: FilePath) throws(FileError) -> [MountPoint] {
        try current().filter { $0.path.starts(with: path.lexicallyNormalized()) }
    }

    /// Whether a mount begins at `path` itself, in the eyes of this process. A symlink in its last component is not followed.
    public static func isMountPoint(_ path: FilePath) throws(FileError) -> Bool {
        var found = linux_mount_status()
        try attempt("examine", path.string) {
            path.withPlatformString { linux_mount_status(AT_FDCWD, $0, &found) }
        }
        if found.knows_root != 0 { return found.is_root != 0 }
        let absolute = path.lexicallyNormalized()
        return try current().contains { $0.path == absolute }
    }

    /// - Throws: `FileError` with EINVAL that quotes a line it cannot read.
    static func parse(_ text: [UInt8]) throws(FileError) -> [MountPoint] {
        var mounts: [MountPoint] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let mount = MountPoint(mountinfo: line) else {
                let quoted = String(decoding: line, as: UTF8.self)
                throw FileError("read", "/proc/self/mountinfo", .invalidArgument, detail: "unknown line '\(quoted)'")
            }
            mounts.append(mount)
        }
        return mounts
    }
}

extension MountPoint {
    /// `36 35 98:0 /root /path rw,noatime shared:1 … - ext4 /dev/sda rw`: any number of optional fields before the dash.
    fileprivate init?(mountinfo line: ArraySlice<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count >= 10, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }),
            fields.count >= dash + 4,
            let id = Int(Self.text(fields[0])), let parent = Int(Self.text(fields[1])),
            let device = Self.device(fields[2])
        else { return nil }
        self.id = id
        self.parent = parent
        self.device = device
        root = Self.path(fields[3])
        path = Self.path(fields[4])
        options = Self.text(fields[5]).split(separator: ",").map(String.init)
        fileSystem = Self.text(fields[dash + 1])
        source = Self.text(fields[dash + 2])
        fileSystemOptions = Self.text(fields[dash + 3]).split(separator: ",").map(String.init)
    }

    private static func device(_ field: ArraySlice<UInt8>) -> UInt64? {
        let parts = text(field).split(separator: ":").map { UInt32($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        return linux_device(major, minor)
    }

    /// With the kernel's escapes undone: "\040" stands for a space, and so for tab, newline, backslash and "#".
    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3).map { $0 &- UInt8(ascii: "0") }
            guard byte == UInt8(ascii: "\\"), digits.count == 3, digits[0] < 4, digits[1] < 8, digits[2] < 8 else {
                bytes.append(byte)
                continue
            }
            bytes.append(digits[0] << 6 | digits[1] << 3 | digits[2])
            rest = rest.dropFirst(3)
        }
        return bytes
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { String(decoding: unescaped(field), as: UTF8.self) }

    private static func path(_ field: ArraySlice<UInt8>) -> FilePath {
        FilePath(platformString: unescaped(field).map(CChar.init(bitPattern:)) + [0])
    }
}

extension Directory {
    /// The number of the mount this directory is on: two directories can be exchanged only if theirs are equal, which
    /// `FileStatus.device` does not tell of bind mounts. Nil before Linux 5.8.
    public func mountID() throws(FileError) -> UInt64? {
        var found = linux_mount_status()
        try attempt("examine", path.string) { linux_mount_status(descriptor.raw, "", &found) }
        return found.has_mount_id != 0 ? found.mount_id : nil
    }

    /// Whether a mount begins at `relative`. Needs Linux 5.8 (ENOSYS before).
    public func isMountPoint(_ relative: String) throws(FileError) -> Bool {
        var found = linux_mount_status()
        try withParent(of: relative, for: "examine") { parent, name throws(FileError) in
            _ = try attempt("examine", full(relative)) { linux_mount_status(parent, name, &found) }
        }
        guard found.knows_root != 0 else { throw FileError("examine", full(relative), .noFunction) }
        return found.is_root != 0
    }
}
