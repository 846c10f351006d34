import RollerCore
import Tarball
import Testing

/// A package made in memory: an archive and a manifest that fits it.
struct TestPackage: Sendable {
    let archive: [UInt8]
    let manifest: [UInt8]
    var digest: Digest { Digest(of: archive) }

    /// A package with the file `bin/tool` of these contents.
    /// - Parameter change: Changes the entries that the manifest has.
    init(
        name: String = "tool", version: String = "1.0-1", platform: String = "any", contents: String = "#!/bin/sh\n",
        change: ([PackageManifest.Entry]) -> [PackageManifest.Entry] = { $0 }
    ) throws {
        var writer = try TarballWriter.inMemory(compression: .gzip(level: 1))
        let bytes = Array(contents.utf8)
        try writer.add(TarballEntry(path: "bin", kind: .directory, permissions: 0o755))
        try writer.add(
            TarballEntry(path: "bin/tool", kind: .file(size: Int64(bytes.count)), permissions: 0o755), contents: bytes)
        try writer.add(TarballEntry(path: "bin/t", kind: .symlink(target: "tool"), permissions: 0o777))
        archive = try writer.finish().bytes
        let path = { (text: String) throws in try #require(TreePath(text)) }
        let entries = try [
            PackageManifest.Entry(path: path("bin"), kind: .directory(permissions: 0o755)),
            .init(path: path("bin/t"), kind: .symlink(target: "tool")),
            .init(
                path: path("bin/tool"),
                kind: .file(permissions: 0o755, size: ByteCount(Int64(bytes.count)), digest: Digest(of: bytes))),
        ]
        manifest = Array(
            PackageManifest(
                name: try #require(PackageName(name)), version: try #require(PackageVersion(version)),
                platform: try #require(Platform(platform)), archive: Digest(of: archive),
                size: ByteCount(Int64(archive.count)), entries: change(entries)
            ).text.utf8)
    }
}
