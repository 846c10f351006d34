internal import LinuxSystem
internal import RollerCore
internal import Synchronization
internal import SystemPackage

extension PackageStore {
    /// Whether the archive of a package is on the disk as its manifest says: its size and every byte of it. An archive
    /// that was read once is not read again until the file is another or was written to.
    func isWhole(_ key: PackageKey, _ record: PackageRecord) throws(StoreError) -> Bool {
        do throws(FileError) {
            let file = try root.openFile("\(Self.place(key))/archive", for: .reading)
            let status = try file.status()
            guard status.size == record.size.bytes else { return false }
            let seen = WholeArchive(status, digest: record.archive)
            if whole.withLock({ $0[key] }) == seen { return true }
            guard try Self.digest(of: file) == record.archive else { return false }
            whole.withLock { $0[key] = seen }
            return true
        } catch {
            // A lost archive, and one in a block that cannot be read, is what is to be mended.
            if [.noSuchFileOrDirectory, .ioError].contains(error.errno) { return false }
            throw StoreError(error)
        }
    }

    /// Puts an archive that was just received in the place of a damaged one. Whoever reads the old one goes on with it.
    func mend(_ key: PackageKey, with archive: Digest) throws(StoreError) {
        let place = Self.place(key)
        let name = "\(Self.receivingPrefix)\(Self.uniqueName())"
        do throws(FileError) {
            // A name of its own: whoever publishes the same bytes under another name may need the other.
            try pending.link(archive.hex, to: name, in: pending)
            try pending.rename(name, to: "\(place)/archive", in: root, replacing: true)
            try root.openDirectory(place).sync()
            try pending.sync()
        } catch {
            // Best effort: what stays is removed at a later start, and the first error is the one to tell.
            try? pending.remove(name)
            throw error.errno == .noSuchFileOrDirectory ? .archiveMissing(archive) : StoreError(error)
        }
        try? pending.remove(archive.hex)  // the package has a name of its own for these bytes
    }
}

/// A file that was read to its end and found to be the archive it should be.
struct WholeArchive: Hashable, Sendable {
    private let digest: Digest
    private let inode: UInt64
    private let size: Int64
    private let modified: FileTime

    init(_ status: FileStatus, digest: Digest) {
        self.digest = digest
        inode = status.inode
        size = status.size
        modified = status.modified
    }
}
