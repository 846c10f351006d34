import LinuxSystem
import RollerCore
import SystemPackage

/// The bundles that generations were made from, kept so that a host can tell whence a line comes without asking anybody:
/// `bundles/<digest>.json`, the newest few.
struct BundleStore {
    let home: RollerHome

    private static let folder = "bundles"
    private static let kept = 8

    /// Keeps a bundle under its digest. Not on disk when this returns: a sync of the file system follows in a roll.
    func keep(_ bundle: Bundle, digest: Digest) throws {
        let bytes = bundle.json
        // A server may say more than this program knows of; what is kept must be what the digest speaks of.
        guard Digest(of: bytes) == digest else { return }
        try home.root.makeDirectories(Self.folder, permissions: 0o700)
        let folder = try home.root.openDirectory(Self.folder)
        try folder.replaceFile("\(digest.hex).json", permissions: 0o600, bytes: bytes, durable: false)
        try keepNewest(Self.kept, in: folder)
    }

    /// The bundle with that digest; nil when it is not kept, or is not what was kept.
    func bundle(_ digest: Digest) throws -> Bundle? {
        let name = "\(Self.folder)/\(digest.hex).json"
        guard try home.root.status(of: name) != nil else { return nil }
        let bytes = try home.root.readFile(name, limit: 256 << 20)
        return Digest(of: bytes) == digest ? try Bundle.read(bytes) : nil
    }
}

/// Removes all files of a directory but those written last.
func keepNewest(_ count: Int, in directory: borrowing Directory) throws(FileError) {
    var files: [(name: String, time: FileTime)] = []
    for entry in try directory.entries() {
        guard let status = try directory.status(of: entry.name), status.kind == .regular else { continue }
        files.append((entry.name, status.modified))
    }
    files.sort { $0.time > $1.time }
    for file in files.dropFirst(count) { try directory.remove(file.name) }
}
