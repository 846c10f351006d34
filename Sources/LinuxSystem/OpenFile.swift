internal import CLinux
internal import Glibc
public import SystemPackage

/// An open regular file.
public struct OpenFile: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// Where it was opened. For messages only.
    public let path: FilePath

    init(owning descriptor: consuming Descriptor, at path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// What a file is opened for.
    public enum Purpose: Hashable, Sendable {
        /// To read what is there.
        case reading
        /// To make it; EEXIST when something has the name. The permissions are exact, whatever the umask; but writing
        /// without privileges clears setuid and setgid, which are then to be set again.
        case creating(permissions: UInt16)
    }

    /// Reads from where the last read ended, into the front of `buffer`, at most as many bytes as it has (one or more).
    /// - Returns: How many bytes were read; 0 at the end of the file.
    public func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        precondition(!buffer.isEmpty, "no room to read into: 0 would pass for the end of the file")
        return try attempt("read", path.string) {
            buffer.withUnsafeMutableBytes { Glibc.read(descriptor.raw, $0.baseAddress, $0.count) }
        }
    }

    /// Reads at `offset` bytes from the start, into the front of `buffer`, and leaves the reading position alone.
    /// - Returns: How many bytes were read; 0 at or after the end of the file.
    public func read(at offset: Int64, into buffer: inout [UInt8]) throws(FileError) -> Int {
        precondition(!buffer.isEmpty, "no room to read into: 0 would pass for the end of the file")
        return try attempt("read", path.string) {
            buffer.withUnsafeMutableBytes { pread(descriptor.raw, $0.baseAddress, $0.count, off_t(offset)) }
        }
    }

    /// The same, into memory of the caller's.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        precondition(!buffer.isEmpty, "no room to read into: 0 would pass for the end of the file")
        return try attempt("read", path.string) {
            pread(descriptor.raw, buffer.baseAddress, buffer.count, off_t(offset))
        }
    }

    /// Another descriptor of this open file, for a library that closes it; it is closed in programs that are started.
    public func duplicateDescriptor() throws(FileError) -> CInt {
        try attempt("open", path.string) { fcntl(descriptor.raw, F_DUPFD_CLOEXEC, 0) }
    }

    /// All bytes from the reading position on; EFBIG when they are more than `limit`.
    public func readToEnd(limit: Int) throws(FileError) -> [UInt8] {
        let expected = try status().size
        var bytes: [UInt8] = []
        guard expected <= Int64(limit) else { throw tooLarge(limit) }
        // One byte more than expected, so that the end shows in the same read; files of /proc say 0 and hold more.
        var chunk = [UInt8](repeating: 0, count: min(max(Int(expected) + 1, 4096), 1 << 20))
        while true {
            let count = try read(into: &chunk)
            if count == 0 { return bytes }
            guard count <= limit - bytes.count else { throw tooLarge(limit) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    private func tooLarge(_ limit: Int) -> FileError {
        FileError("read", path.string, .fileTooLarge, detail: "more than \(limit) bytes")
    }

    /// Writes all of `bytes` where the last write ended.
    public func write(_ bytes: [UInt8]) throws(FileError) { try write(bytes.span.bytes) }

    /// Writes all of `bytes` where the last write ended.
    public func write(_ bytes: RawSpan) throws(FileError) { try write(bytes, at: nil) }

    /// Writes all of `bytes` at `offset` bytes from the start.
    public func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) { try write(bytes.span.bytes, at: offset) }

    private func write(_ bytes: RawSpan, at offset: Int64?) throws(FileError) {
        var written = 0
        while written < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: written)
            written += try attempt("write", path.string) {
                rest.withUnsafeBytes {
                    guard let offset else { return Glibc.write(descriptor.raw, $0.baseAddress, $0.count) }
                    return pwrite(descriptor.raw, $0.baseAddress, $0.count, off_t(offset) + off_t(written))
                }
            }
        }
    }

    /// Waits until content and status are on disk. Never repeat it after a failure: the kernel reports an error once, and
    /// the bytes are lost all the same.
    public func sync() throws(FileError) { try attempt("sync", path.string) { fsync(descriptor.raw) } }

    /// The same for the content and its size alone.
    public func syncData() throws(FileError) { try attempt("sync", path.string) { fdatasync(descriptor.raw) } }

    /// The file's status now.
    public func status() throws(FileError) -> FileStatus {
        var found = stat()
        try attempt("examine", path.string) { fstat(descriptor.raw, &found) }
        return FileStatus(found)
    }

    /// Sets the permission bits, 0 to 0o7777.
    public func setPermissions(_ permissions: UInt16) throws(FileError) {
        try attempt("set the permissions of", path.string) { fchmod(descriptor.raw, mode_t(permissions)) }
    }

    /// Sets the owner. Clears setuid and setgid, so set the permissions afterwards.
    public func setOwner(uid: UInt32, gid: UInt32) throws(FileError) {
        try attempt("set the owner of", path.string) { fchown(descriptor.raw, uid, gid) }
    }

    /// Sets when the file was last modified and read. Later writes change it again.
    public func setTimes(to time: FileTime) throws(FileError) {
        let times = [time.timespec, time.timespec]
        try attempt("set the times of", path.string) { futimens(descriptor.raw, times) }
    }

    /// Closes, and tells what letting the file go without this call would hide: a late write error (NFS, quota).
    public consuming func close() throws(FileError) {
        let path = path
        let failure = descriptor.close()
        if failure != 0 { throw FileError("close", path.string, Errno(rawValue: failure)) }
    }
}
