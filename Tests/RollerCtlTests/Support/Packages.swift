import LinuxSystem
import RollerCore
import SystemPackage
import Testing

/// The text of a manifest with files at `paths`; a path with ` -> ` in it is a link, one that ends in `/` a directory.
func manifest(
    _ name: String, _ version: String, _ platform: String = "debian-12-x86_64", paths: [String], archive: String = ""
) throws -> PackageManifest {
    PackageManifest(
        name: try #require(PackageName(name)), version: try #require(PackageVersion(version)),
        platform: try #require(Platform(platform)), archive: Digest(of: name + version + archive), size: ByteCount(100),
        entries: try paths.map { text in
            if let arrow = text.range(of: " -> ") {
                return .init(
                    path: try #require(TreePath(String(text[..<arrow.lowerBound]))),
                    kind: .symlink(target: String(text[arrow.upperBound...])))
            }
            if text.hasSuffix("/") {
                return .init(
                    path: try #require(TreePath(String(text.dropLast()))), kind: .directory(permissions: 0o755))
            }
            return .init(
                path: try #require(TreePath(text)),
                kind: .file(permissions: 0o644, size: ByteCount(1), digest: Digest(of: "x")))
        })
}

extension TemporaryDirectory {
    /// Writes manifests under the names that rollerctl gives them.
    func write(_ manifests: PackageManifest...) throws {
        try write(Dictionary(uniqueKeysWithValues: manifests.map { ($0.manifestName, $0.text) }))
    }
}

extension String {
    /// Where `part` begins and ends, the first time.
    func range(of part: String) -> Range<String.Index>? {
        indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
    }
}
