internal import CLinux
internal import Glibc
internal import SystemPackage

/// A file of fixed size that is only ever overwritten, for records that must be written even when the disk is full.
///
/// Its blocks are allocated and written once when it is made, so that ext4 and XFS need no new one to overwrite them. On
/// btrfs it is marked to be overwritten in place, which also takes it out of that file system's checksums: records should
/// carry their own. A record that a power cut tears is the reader's to notice.
public struct PreallocatedFile: ~Copyable, Sendable {
    private let file: OpenFile
    /// Bytes, for ever.
    public let size: Int

    private init(file: consuming OpenFile, size: Int) {
        self.file = file
        self.size = size
    }

    /// Opens a file made by `create`. ENOENT when there is none; EINVAL when its size is another.
    public static func open(
        in directory: borrowing Directory, name relative: String, size: Int
    ) throws(FileError) -> PreallocatedFile {
        let shown = directory.full(relative)
        let file = OpenFile(
            owning: try directory.open(relative, O_RDWR | O_NONBLOCK | O_NOCTTY, for: "open"),
            at: directory.path.appending(relative))
        let status = try file.status()
        guard status.kind == .regular else {
            throw FileError("open", shown, .invalidArgument, detail: "not a regular file")
        }
        guard status.size == Int64(size) else {
            throw FileError(
                "open", shown, .invalidArgument, detail: "it has \(status.size) bytes where \(size) are expected")
        }
        return PreallocatedFile(file: file, size: size)
    }

    /// Makes the file, full of zeros (0600), in the place of one that may be there, and waits until it is on disk. A crash
    /// leaves the one before or the whole new one.
    public static func create(
        in directory: borrowing Directory, name: String, size: Int
    ) throws(FileError) -> PreallocatedFile {
        guard size > 0 else {
            throw FileError("create", directory.full(name), .invalidArgument, detail: "its size must be above 0")
        }
        let temporary = Directory.temporaryPrefix + Directory.uniqueName()
        let file = OpenFile(
            owning: try directory.open(temporary, O_RDWR | O_CREAT | O_EXCL, permissions: 0o600, for: "create"),
            at: directory.path.appending(name))
        do throws(FileError) {
            _ = linux_overwrite_in_place(file.descriptor.raw)  // means something on btrfs only; elsewhere it may fail
            try allocate(file, size)
            try file.sync()
            try directory.rename(temporary, to: name, in: directory, replacing: true)
            try directory.sync()
        } catch {
            try? directory.remove(temporary)  // best effort; the first error is the one to tell
            throw error
        }
        return PreallocatedFile(file: file, size: size)
    }

    private static func allocate(_ file: borrowing OpenFile, _ size: Int) throws(FileError) {
        do {
            try attempt("allocate", file.path.string) { linux_fallocate(file.descriptor.raw, 0, off_t(size)) }
        } catch let error where error.errno == .notSupportedOnSocket {
            // The zeros below allocate as well, if in more pieces.
        }
        // Allocated blocks are not enough: the first write to one splits an extent, which may need a block of its own.
        let zeros = [UInt8](repeating: 0, count: min(size, 1 << 20))
        var offset = 0
        while offset < size {
            let part = min(zeros.count, size - offset)
            try file.write(part == zeros.count ? zeros : Array(zeros[..<part]), at: Int64(offset))
            offset += part
        }
    }

    /// All of it.
    public func read() throws(FileError) -> [UInt8] { try read(at: 0, count: size) }

    /// `count` bytes from `offset` on. They must lie inside the file (EINVAL).
    public func read(at offset: Int, count wanted: Int) throws(FileError) -> [UInt8] {
        guard offset >= 0, wanted >= 0, wanted <= size, offset <= size - wanted else {
            throw FileError("read", file.path.string, .invalidArgument, detail: "outside of its \(size) bytes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(wanted)
        while bytes.count < wanted {
            var chunk = [UInt8](repeating: 0, count: min(wanted - bytes.count, 1 << 20))
            let count = try file.read(at: Int64(offset + bytes.count), into: &chunk)
            guard count > 0 else {
                throw FileError("read", file.path.string, .ioError, detail: "it became shorter than \(size) bytes")
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    /// Writes `bytes` at `offset` and, if `syncing`, waits until they are on disk. They must lie inside the file (EINVAL).
    ///
    /// After a failure nothing is known of these bytes, and no second sync tells more.
    public func overwrite(at offset: Int, _ bytes: [UInt8], syncing: Bool = true) throws(FileError) {
        guard offset >= 0, bytes.count <= size, offset <= size - bytes.count else {
            throw FileError("write", file.path.string, .invalidArgument, detail: "outside of its \(size) bytes")
        }
        try file.write(bytes, at: Int64(offset))
        if syncing { try file.syncData() }
    }
}
