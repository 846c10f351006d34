import ArgumentParser
import LinuxSystem
import OrderedCollections
import RollerCore
import SystemPackage
import Tarball

/// Shows what a package is.
struct PackageInspect: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what an archive or a manifest holds.")

    @Argument(help: "An archive or a manifest.")
    var file: String
    @Flag(help: "List every path too.")
    var paths = false
    @Option(help: "How it is shown.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let path = surroundings.resolve(file)
        let (summary, entries) =
            try PackageInspect.isArchive(path) ? try archive(at: path) : try manifest(at: path)
        if format == .json {
            guard case .map(var fields) = summary else { preconditionFailure("a summary has names") }
            if paths { fields["paths"] = .list(entries.map { .string($0.line) }) }
            try surroundings.console.print(Value.map(fields).prettyJSON)
            return .fine
        }
        var text = summary.yaml
        if paths { text += "---\n" + entries.map { $0.line.withoutControls + "\n" }.joined() }
        try surroundings.console.print(text)
        return .fine
    }

    /// Whether the file begins as gzip, zstd or tar do; manifests are text.
    private static func isArchive(_ path: FilePath) throws -> Bool {
        let file = try ManifestFile.directory(of: path).openFile(ManifestFile.name(of: path), for: .reading)
        var start = [UInt8](repeating: 0, count: 512)
        let count = try file.read(into: &start)
        return start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) || start.starts(with: [0x1f, 0x8b])
            || (count == 512 && start[257...].starts(with: Array("ustar".utf8)))
    }

    private func manifest(at path: FilePath) throws -> (Value, [PackageManifest.Entry]) {
        let manifest = try ManifestFile.read(path).manifest
        return (manifest.summary, manifest.entries)
    }

    private func archive(at path: FilePath) throws -> (Value, [PackageManifest.Entry]) {
        let content = try ArchiveContent.read(path)
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
        return (.map(fields), content.entries)
    }
}
