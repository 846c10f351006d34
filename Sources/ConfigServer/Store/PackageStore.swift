internal import LinuxSystem
internal import NIOPosix
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// The packages of a server, as files: `packages/NAME/VERSION/PLATFORM/{manifest,archive}`, and `pending/` for what is
/// on its way in. A package is there when its directory is, which takes its name with both files in it, on disk, in one
/// rename; so it survives being killed at any instant. All calls may wait for the disk.
final class PackageStore: Sendable {
    /// The store's own directory.
    let root: Directory
    /// Where archives are received.
    let pending: Directory
    private let records = Mutex<[PackageKey: PackageRecord]>([:])
    /// Archives that were read and found whole.
    let whole = Mutex<[PackageKey: WholeArchive]>([:])

    /// As large as a manifest may be.
    static let manifestLimit = ByteCount(128 << 20)

    /// Opens the store at `path`, and makes it where there is none.
    init(_ path: FilePath) throws(StoreError) {
        do throws(FileError) {
            root = try Self.open(path)
            for name in ["packages", "pending"] { try root.makeDirectories(name) }
            try root.sync()
            pending = try root.openDirectory("pending")
        } catch {
            throw StoreError(error)
        }
    }

    /// Opens a directory, and makes it where there is none, in one that is there.
    static func open(_ path: FilePath) throws(FileError) -> Directory {
        do {
            return try Directory.open(path, followingLinks: true)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            guard let name = path.lastComponent?.string else { throw error }
            let parent = path.removingLastComponent()
            let folder = try Directory.open(parent.isEmpty ? "." : parent, followingLinks: true)
            try folder.makeDirectory(name)
            try folder.sync()
            return try folder.openDirectory(name)
        }
    }

    /// Removes what uploads left behind more than a day ago, as after a crash.
    /// - Parameter now: The time by which age is counted.
    /// - Returns: How many things were removed.
    func removeLeftovers(now: UTCTime) throws(StoreError) -> Int {
        do throws(FileError) {
            var removed = 0
            for entry in try pending.entries() {
                guard let status = try pending.status(of: entry.name),
                    now.seconds - Int(status.changed.seconds) > 86400
                else { continue }
                _ = try pending.removeTree(entry.name)
                removed += 1
            }
            return removed
        } catch {
            throw StoreError(error)
        }
    }

    /// The directory of a package, below the root.
    static func place(_ key: PackageKey) -> String { "packages/\(key.name)/\(key.version)/\(key.platform)" }

    /// The names of all packages, sorted.
    func names() throws(StoreError) -> [PackageName] {
        var names: [PackageName] = []
        for name in try directories("packages").compactMap({ PackageName($0) }) where try !versions(of: name).isEmpty {
            names.append(name)
        }
        return names
    }

    /// The versions of a package, sorted as text, each with its platforms. None for a package that is not there.
    func versions(of name: PackageName) throws(StoreError) -> [(version: PackageVersion, platforms: [Platform])] {
        var versions: [(version: PackageVersion, platforms: [Platform])] = []
        for version in try directories("packages/\(name)").compactMap({ PackageVersion($0) }) {
            let platforms = try directories("packages/\(name)/\(version)").compactMap { Platform($0) }
            // A directory of a version without any platform is what a publisher left who was stopped half-way.
            if !platforms.isEmpty { versions.append((version, platforms)) }
        }
        return versions
    }

    private func directories(_ place: String) throws(StoreError) -> [String] {
        do throws(FileError) {
            return try root.openDirectory(place).entries().filter { $0.kind == .directory }.map(\.name)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw StoreError(error)
        }
    }

    /// What is known of a package; nil where it is not there.
    func record(of key: PackageKey) throws(StoreError) -> PackageRecord? {
        if let known = records.withLock({ $0[key] }) {
            if try exists(key) { return known }
            records.withLock { _ = $0.removeValue(forKey: key) }
        }
        guard let text = try manifest(of: key) else { return nil }
        let manifest: PackageManifest
        do throws(ManifestError) { manifest = try PackageManifest.read(text) } catch { throw .damaged(key, error) }
        let record = PackageRecord(manifest: Digest(of: text), archive: manifest.archive, size: manifest.size)
        records.withLock { $0[key] = record }
        return record
    }

    private func exists(_ key: PackageKey) throws(StoreError) -> Bool {
        do throws(FileError) { return try root.status(of: Self.place(key)) != nil } catch { throw StoreError(error) }
    }

    /// The text of a package's manifest; nil where the package is not there.
    func manifest(of key: PackageKey) throws(StoreError) -> [UInt8]? {
        do throws(FileError) {
            return try root.readFile("\(Self.place(key))/manifest", limit: Int(Self.manifestLimit.bytes))
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw StoreError(error)
        }
    }

    /// The archive of a package, opened; nil where the package is not there.
    func archive(of key: PackageKey) throws(StoreError) -> StoredArchive? {
        guard let record = try record(of: key) else { return nil }
        do throws(FileError) {
            let file = try root.openFile("\(Self.place(key))/archive", for: .reading)
            let size = try file.status().size
            guard size == record.size.bytes else {
                throw FileError(
                    "read", file.path.string, .ioError, detail: "\(size) bytes where \(record.size.bytes) belong")
            }
            return StoredArchive(file, digest: record.archive, size: size)
        } catch {
            throw StoreError(error)
        }
    }
}

/// Does `work` on a thread that may wait for the disk.
func waitingForDisk<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await NIOThreadPool.singleton.runIfActive(work)
}
