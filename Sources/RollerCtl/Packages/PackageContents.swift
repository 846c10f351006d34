import LinuxSystem
import OrderedCollections
import RollerCore
import SystemPackage
import Tarball

/// What an archive or a manifest says that a package holds.
struct PackageContents {
    /// What it is, in short.
    let summary: OrderedDictionary<String, Value>
    let entries: [PackageManifest.Entry]
    /// Which package it is; nil for an archive, which does not say.
    let id: PackageID?

    /// Reads a file, which is either.
    static func read(_ path: FilePath) async throws -> PackageContents {
        guard try isArchive(path) else { return try PackageContents(ManifestFile.read(path).manifest) }
        return try await PackageContents(ArchiveContent.read(path))
    }

    init(_ manifest: PackageManifest) {
        summary = manifest.summaryFields
        entries = manifest.entries
        id = manifest.id
    }

    private init(_ content: ArchiveContent) {
        let setuid = content.entries.filter { ($0.permissions ?? 0) & 0o6000 != 0 }.map {
            Value.string($0.path.rawValue)
        }
        var fields: OrderedDictionary<String, Value> = [
            "archive": .string(content.archive.digest.rawValue), "size": .int(Int(content.archive.size.bytes)),
            "unpacked": .int(Int(content.totals.unpackedBytes)),
            "files": .int(content.totals.files + content.totals.hardLinks),
            "directories": .int(content.totals.directories), "links": .int(content.totals.symlinks),
        ]
        if !setuid.isEmpty { fields["setuid"] = .list(setuid) }
        let attributes = attributeSummary(content.entries)
        if !attributes.isEmpty { fields["attributes"] = .list(attributes) }
        summary = fields
        entries = content.entries
        id = nil
    }

    /// Whether the file begins as gzip, zstd or tar do; manifests are text.
    private static func isArchive(_ path: FilePath) throws -> Bool {
        let file = try ManifestFile.directory(of: path).openFile(ManifestFile.name(of: path), for: .reading)
        var start = [UInt8](repeating: 0, count: 512)
        let count = try file.read(into: &start)
        return start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) || start.starts(with: [0x1f, 0x8b])
            || (count == 512 && start[257...].starts(with: Array("ustar".utf8)))
    }
}
