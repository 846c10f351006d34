import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

@testable import Roll

/// A package made for a test: an archive in `downloads`, and a manifest that may tell another story.
struct TestPackage {
    var package: Bundle.Package
    var manifest: PackageManifest
    let archive: FilePath

    /// What stands at a path.
    enum Item {
        case file(String, UInt16)
        case directory(UInt16)
        case symlink(String)
        case hardLink(String)
    }

    /// - Parameters:
    ///   - items: What the archive holds, in its order.
    ///   - listed: What the manifest lists, where that is not the same.
    init(
        _ name: String, _ items: [(String, Item)], listed: [(String, Item)]? = nil, on host: TestHost
    ) throws {
        archive = host.home.downloads.path.appending("\(name)-\(UInt64.random(in: .min ... .max)).tar")
        var policy = TarballPolicy.strict
        policy.setuid = .any
        var writer = try TarballWriter.create(archive, compression: .none, policy: policy)
        for (path, item) in items { try writer.add(item.entry(path), contents: item.contents) }
        let summary = try writer.finish()
        guard let digest = Digest(bytes: summary.digest) else { preconditionFailure("a digest has 32 bytes") }
        let size = ByteCount(summary.totals.archiveBytes)
        manifest = PackageManifest(
            name: known(name), version: known("1"), platform: known("debian-12-x86_64"), archive: digest, size: size,
            entries: (listed ?? items).map { PackageManifest.Entry(path: TreePath(known: $0), kind: $1.kind) })
        package = Bundle.Package(
            name: manifest.name, version: manifest.version, platform: manifest.platform, archive: digest, size: size,
            manifest: Digest(of: Array(manifest.text.utf8)))
    }

    /// Unpacks it, as roll does before the bytes are synced.
    func unpack(on host: TestHost) throws {
        try host.store.unpack(package, archive: archive, manifest: manifest, text: Array(manifest.text.utf8))
    }

    /// Brings it into the store.
    func install(on host: TestHost) throws {
        try unpack(on: host)
        try host.store.publish(package)
    }
}

extension TestPackage.Item {
    fileprivate var contents: [UInt8] {
        if case .file(let text, _) = self { Array(text.utf8) } else { [] }
    }

    fileprivate func entry(_ path: String) -> TarballEntry {
        switch self {
        case .file(let text, let permissions):
            TarballEntry(path: path, kind: .file(size: Int64(text.utf8.count)), permissions: permissions)
        case .directory(let permissions): TarballEntry(path: path, kind: .directory, permissions: permissions)
        case .symlink(let target): TarballEntry(path: path, kind: .symlink(target: target), permissions: 0o777)
        case .hardLink(let target): TarballEntry(path: path, kind: .hardLink(target: target), permissions: 0o644)
        }
    }

    fileprivate var kind: PackageManifest.Kind {
        switch self {
        case .file(let text, let permissions):
            .file(
                permissions: permissions, size: ByteCount(Int64(text.utf8.count)), digest: Digest(of: Array(text.utf8)))
        case .directory(let permissions): .directory(permissions: permissions)
        case .symlink(let target): .symlink(target: target)
        case .hardLink(let target): .hardLink(target: TreePath(known: target))
        }
    }
}
