import RollerCore
import Testing

/// What differs between two versions of a package.
struct ManifestChangesTests {
    private func entry(_ path: String, _ kind: PackageManifest.Kind) throws -> PackageManifest.Entry {
        .init(path: try #require(TreePath(path)), kind: kind)
    }

    private func file(_ mode: UInt16 = 0o644, _ size: Int64 = 1, _ contents: String = "x") -> PackageManifest.Kind {
        .file(permissions: mode, size: ByteCount(size), digest: Digest(of: contents))
    }

    @Test func everyPathIsAddedRemovedChangedOrTheSame() throws {
        let old = try [
            entry("a", file()), entry("b", file()), entry("d", .directory(permissions: 0o755)),
            entry("l", .symlink(target: "a")), entry("same", file()), entry("z", file()),
        ]
        let new = try [
            entry("l", .symlink(target: "b")), entry("d", .directory(permissions: 0o700)), entry("c", file(0o644, 5)),
            entry("b", file(0o755, 3, "y")), entry("same", file()), entry("z", .directory(permissions: 0o755)),
        ]
        let changes = ManifestChanges(from: old, to: new)
        #expect(changes.added.map(\.path.rawValue) == ["c"])
        #expect(changes.removed.map(\.path.rawValue) == ["a"])
        #expect(changes.changed.map(\.new.path.rawValue) == ["b", "d", "l", "z"])
        #expect(changes.changed.map(\.what) == [[.mode, .size, .contents], [.mode], [.target], [.kind]])
        #expect(changes.growth == 5)
        #expect(ManifestChanges(from: old, to: old.reversed()).isEmpty)
    }

    /// "a.b" comes before "a/b" by bytes, and after it by components.
    @Test func pathsAreMatchedInTheOrderOfTheirBytes() throws {
        let entries = try ["a", "a.b", "a/b", "é", "e\u{301}"].map { try entry($0, file()) }
        #expect(ManifestChanges(from: entries, to: entries.shuffled()).isEmpty)
    }
}
