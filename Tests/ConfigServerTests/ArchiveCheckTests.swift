import LinuxSystem
import RollerCore
import SystemPackage
import Tarball
import Testing

@testable import ConfigServer

/// What an archive may hold that its manifest, in plain sight, makes privileged.
struct ArchiveCheckTests {
    private static let bytes = Array("code".utf8)

    /// An archive of a setuid file, a further name of it and a setgid directory.
    /// - Parameter name: How the archive writes a path that the manifest writes in NFC.
    private func check(name: String = "caf\u{e9}", manifestMode: UInt16 = 0o4755) throws {
        let folder = "archive-check-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(folder, permissions: 0o700)
        defer { _ = try? holder.removeTree(folder) }
        let path = FilePath("/tmp").appending(folder).appending("archive")
        var policy = TarballPolicy.strict
        policy.setuid = .any
        var writer = try TarballWriter.create(path, compression: .none, policy: policy)
        try writer.add(TarballEntry(path: "mail", kind: .directory, permissions: 0o2775))
        try writer.add(TarballEntry(path: "ping", kind: .file(size: 4), permissions: 0o4755), contents: Self.bytes)
        try writer.add(TarballEntry(path: "ping6", kind: .hardLink(target: "ping"), permissions: 0o4755))
        try writer.add(TarballEntry(path: name, kind: .directory, permissions: 0o755))
        _ = try writer.finish()
        let tree = { (text: String) throws in try #require(TreePath(text)) }
        let file = PackageManifest.Kind.file(
            permissions: manifestMode, size: ByteCount(4), digest: Digest(of: Self.bytes))
        try ArchiveCheck(
            PackageManifest(
                name: #require(PackageName("tool")), version: #require(PackageVersion("1")), platform: .any,
                archive: Digest(of: "unused"), size: ByteCount(1),
                entries: [
                    .init(path: tree("mail"), kind: .directory(permissions: 0o2775)),
                    .init(path: tree("ping"), kind: file),
                    .init(path: tree("ping6"), kind: .hardLink(target: tree("ping"))),
                    .init(path: tree("caf\u{e9}"), kind: .directory(permissions: 0o755)),
                ])
        ).run(path)
    }

    @Test func setgidDirectoriesAndLinksToSetuidFilesAreTakenWhereTheManifestHasThem() throws { try check() }

    @Test func setuidThatTheManifestDoesNotHaveIsRefused() {
        #expect(throws: StoreError.self) { try check(manifestMode: 0o755) }
    }

    @Test func aNameInAnotherNormalFormIsRefused() {
        #expect(throws: StoreError.self) { try check(name: "cafe\u{301}") }
    }
}
