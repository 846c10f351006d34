import RollerCore
import Testing

/// What an archive may hold, by its manifest.
struct ManifestComparisonTests {
    private static let digest = Digest(of: "text")
    private static let other = Digest(of: "other")

    private static func file(_ permissions: UInt16 = 0o644, digest: Digest = digest) -> PackageManifest.Kind {
        .file(permissions: permissions, size: ByteCount(4), digest: digest)
    }

    private static func manifest(_ entries: [(String, PackageManifest.Kind)]) throws -> PackageManifest {
        PackageManifest(
            name: try #require(PackageName("tool")), version: try #require(PackageVersion("1")), platform: .any,
            archive: digest, size: ByteCount(1),
            entries: try entries.map { .init(path: try #require(TreePath($0)), kind: $1) })
    }

    private static let plain: [(String, PackageManifest.Kind)] = [
        ("bin", .directory(permissions: 0o755)), ("bin/a", file()), ("bin/l", .symlink(target: "caf\u{e9}")),
    ]

    @Test(
        arguments: [
            ("bin/x", .file(size: 4), 0o644, .extra), ("../x", .directory, 0o755, .extra),
            ("bin", .directory, 0o700, .mode), ("bin/a", .file(size: 4), 0o4644, .mode),
            ("bin/a", .file(size: 5), 0o644, .size), ("bin/a", .directory, 0o644, .kind),
            ("bin/a", .hardLink(target: "bin"), 0o644, .kind), ("bin/l", .symlink(target: "b"), 0o777, .target),
            ("bin/l", .symlink(target: "cafe\u{301}"), 0o777, .target),
        ] as [(String, ArchiveEntry.Kind, UInt16, ManifestDifference.Reason)])
    func anEntryDiffersByItsFirstDifference(
        _ path: String, _ kind: ArchiveEntry.Kind, _ permissions: UInt16, _ why: ManifestDifference.Reason
    ) throws {
        var comparison = ManifestComparison(try Self.manifest(Self.plain))
        let bytes: [UInt8]? = if case .file = kind { [UInt8](repeating: 0, count: 32) } else { nil }
        let entry = ArchiveEntry(path: path, kind: kind, permissions: permissions, digest: bytes)
        let difference = comparison.difference(of: entry)
        #expect(difference?.why == why)
        #expect(difference?.path == path)
    }

    @Test func otherBytesOfTheSameSizeDiffer() throws {
        var comparison = ManifestComparison(try Self.manifest([("a", Self.file(digest: Self.other))]))
        let found = PackageManifest.Entry(path: try #require(TreePath("a")), kind: Self.file())
        #expect(comparison.difference(of: found)?.why == .contents)
    }

    /// Two names to the kernel, whatever they look like.
    @Test func anotherNormalFormOfAPathIsAnotherPath() throws {
        var comparison = ManifestComparison(try Self.manifest([("caf\u{e9}", Self.file())]))
        let found = PackageManifest.Entry(path: try #require(TreePath("cafe\u{301}")), kind: Self.file())
        #expect(comparison.difference(of: found)?.why == .extra)
        #expect(comparison.missing.map(\.why) == [.missing])
    }

    @Test func aPathThatComesTwiceIsOneTooMany() throws {
        let manifest = try Self.manifest(Self.plain)
        var comparison = ManifestComparison(manifest)
        for entry in manifest.entries { #expect(comparison.difference(of: entry) == nil) }
        #expect(comparison.missing.isEmpty)
        #expect(comparison.difference(of: manifest.entries[0])?.why == .extra)
    }

    @Test func directoriesAndFurtherNamesOfSetuidFilesArePrivileged() throws {
        let manifest = try Self.manifest([
            ("bin/a", Self.file(0o4755)), ("bin/b", .hardLink(target: #require(TreePath("bin/a")))),
            ("bin/c", Self.file()), ("bin/d", .hardLink(target: #require(TreePath("bin/c")))),
            ("bin/s", .symlink(target: "a")), ("mail", .directory(permissions: 0o2775)),
            ("tmp", .directory(permissions: 0o1777)),
        ])
        #expect(manifest.privilegedPaths.map(\.rawValue).sorted() == ["bin/a", "bin/b", "mail"])
    }
}
