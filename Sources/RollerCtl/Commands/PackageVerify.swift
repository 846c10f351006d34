import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// Compares an archive with its manifest.
struct PackageVerify: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compares every entry of an archive with its manifest.",
        discussion: "Differences go to standard output, one a line, and make the exit status 1.")

    @Argument(help: "The archive.")
    var archive: String
    @Argument(help: "Its manifest. (default: the file beside it)")
    var manifest: String?

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let path = surroundings.resolve(archive)
        let manifest = try ManifestFile.read(manifest.map(surroundings.resolve) ?? beside(path)).manifest
        let differences = try await differences(of: path, from: manifest)
        guard differences.isEmpty else {
            try surroundings.console.print(differences.map { $0.withoutControls + "\n" }.joined())
            let count = counted(differences.count, "difference")
            surroundings.console.note("\(path) is not what its manifest says: \(count)")
            return .found
        }
        let counts = manifest.counts
        surroundings.console.note(
            "\(manifest.id): \(counted(manifest.entries.count, "entry")) as the manifest says"
                + " (\(counted(counts.files, "file")), \(manifest.unpackedSize) unpacked)")
        return .fine
    }

    private func beside(_ path: FilePath) throws -> FilePath {
        let name = ManifestFile.name(of: path)
        guard let suffix = [".tar.zst", ".tar.gz"].first(where: name.hasSuffix) else {
            throw ValidationError("'\(path)' does not end in .tar.zst: name its manifest too")
        }
        return path.removingLastComponent().appending(name.dropLast(suffix.utf8.count) + ".manifest")
    }

    private func differences(of path: FilePath, from manifest: PackageManifest) async throws -> [String] {
        let content: ArchiveContent
        do {
            content = try await ArchiveContent.read(path, allowing: manifest)
        } catch PackageError.archive(let path, let cause as TarballError) where cause.isDamage {
            return ["\(path): \(cause.message)"]
        }
        var found: [String] = []
        if content.archive.size != manifest.size {
            found.append("archive: \(content.archive.size.bytes) bytes in place of \(manifest.size.bytes)")
        }
        if content.archive.digest != manifest.archive {
            found.append("archive: \(content.archive.digest) in place of \(manifest.archive)")
        }
        var comparison = ManifestComparison(manifest)
        let differing = content.entries.compactMap { comparison.difference(of: $0) }
        return found + (differing + comparison.missing).map(Self.line)
    }

    private static func line(_ difference: ManifestDifference) -> String {
        switch (difference.found, difference.expected) {
        case (let found?, let expected?): "differs: \(found.line)\n    not as: \(expected.line)"
        case (nil, let expected?): "missing: \(expected.line)"
        case (let found?, nil): "extra: \(found.line)"
        case (nil, nil): "extra: \(difference.path)"
        }
    }
}

extension TarballError {
    /// Whether the archive itself is at fault, and not the machine that reads it.
    fileprivate var isDamage: Bool {
        switch self {
        case .system, .file, .outOfMemory: false
        default: true
        }
    }
}
