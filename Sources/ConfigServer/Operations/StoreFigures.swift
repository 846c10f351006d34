internal import LinuxSystem
internal import RollerCore
internal import Synchronization

/// How much the store holds, counted now and then beside the requests.
final class StoreFigures: Sendable {
    /// What was counted last.
    struct Count: Hashable, Sendable {
        /// Builds of packages: one for each name, version and platform.
        var packages = 0
        /// What their archives and manifests take, in bytes.
        var bytes = 0
        /// Uploads on their way.
        var pending = 0
        /// What is left on the file system, in bytes.
        var free = 0
    }

    private let last = Mutex<Count?>(nil)

    /// Nil before the first time.
    var count: Count? { last.withLock { $0 } }

    /// Counts what is in the store, one directory after the other.
    func update(_ store: PackageStore) throws(FileError) {
        var count = Count()
        let packages = try store.root.openDirectory("packages")
        for name in try packages.entries() where name.kind == .directory {
            for version in try packages.openDirectory(name.name).entries() where version.kind == .directory {
                let builds = try packages.openDirectory("\(name.name)/\(version.name)")
                for build in try builds.entries() where build.kind == .directory {
                    count.packages += 1
                    for file in ["archive", "manifest"] {
                        count.bytes += Int(try builds.status(of: "\(build.name)/\(file)")?.size ?? 0)
                    }
                }
            }
        }
        count.pending = try store.pending.entries().count
        count.free = Int(clamping: try store.root.space().availableBytes)
        let counted = count
        last.withLock { $0 = counted }
    }
}
