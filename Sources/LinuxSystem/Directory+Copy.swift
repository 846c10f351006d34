internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// Copies the regular file `relative` to `target` in `other`: content, owner, permissions, times and extended
    /// attributes, but for the SELinux label, which the new place decides. EEXIST when there is a `target`; when it fails
    /// half-way it leaves none. Blocks are shared where the file system can. Nothing is synced.
    public func copyFile(
        _ relative: String, to target: String, in other: borrowing Directory
    ) throws(FileError) {
        let from = try openFile(relative, for: .reading)
        let to = try other.openFile(target, for: .creating(permissions: 0o600))
        do {
            try Self.copyContent(of: from, to: to)
            let status = try from.status()
            let found = try to.status()
            if (status.uid, status.gid) != (found.uid, found.gid) {
                try to.setOwner(uid: status.uid, gid: status.gid)
            }
            // After the owner and the content: both clear file capabilities.
            for (name, value) in try from.extendedAttributes() where name != "security.selinux" {
                try to.setExtendedAttribute(name, value)
            }
            try to.setPermissions(status.permissions)
            try to.setTimes(to: status.modified)
            try to.close()
        } catch {
            try? other.remove(target)  // best effort; the first error is the one to tell
            throw error
        }
    }

    /// Tries whether copies made here share their blocks (FICLONE, ioctl_ficlone(2)). EOPNOTSUPP where the file system
    /// cannot, as ext4.
    public func probeSharedBlocks() throws(FileError) {
        let names = ["from", "to"].map { "\(Self.temporaryPrefix)share-\(Self.uniqueName())-\($0)" }
        let from = try openFile(names[0], for: .creating(permissions: 0o600))
        defer {
            for name in names { try? remove(name) }  // best effort; the outcome is what matters
        }
        try from.write([UInt8](repeating: 1, count: 4096))
        let to = try openFile(names[1], for: .creating(permissions: 0o600))
        try attempt("share blocks in", path.string) { linux_clone(to.descriptor.raw, from.descriptor.raw) }
    }

    private static func copyContent(of from: borrowing OpenFile, to: borrowing OpenFile) throws(FileError) {
        while true {
            let count = linux_copy_file_range(from.descriptor.raw, to.descriptor.raw, 1 << 30)
            if count > 0 || (count == -1 && errno == EINTR) { continue }
            // 0 is the end, or a file system that cannot (some of /proc and FUSE): the read below tells which. On failure
            // too, reading and writing goes on where this stopped, and reports the true error.
            break
        }
        var buffer = [UInt8](repeating: 0, count: 128 << 10)
        while true {
            let count = try from.read(into: &buffer)
            if count == 0 { return }
            try to.write(buffer.span.bytes.extracting(first: count))
        }
    }
}
