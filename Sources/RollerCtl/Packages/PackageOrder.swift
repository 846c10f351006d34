import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// A package to be built.
struct PackageOrder {
    let id: PackageID
    let origin: [String: String]
    let options: TarballBuilder.Options

    /// Packs `tree` and writes archive and manifest into `output`. Each appears whole or not at all, the manifest last.
    /// - Parameter shown: What errors call the tree, where that is another name.
    func build(
        _ tree: FilePath, shown: FilePath? = nil, into output: FilePath, on console: Console
    ) throws -> BuiltPackage {
        let source = try Directory.open(tree, followingLinks: true)
        let target = try Directory.open(output, followingLinks: true)
        try refuseInside(source, target)
        let temporary = "\(Directory.temporaryPrefix)\(id.name)-\(UInt64.random(in: .min ... .max))"
        let progress = ProgressLine(of: "packing", on: console)
        defer { progress.clear() }
        var options = options
        options.progress = { progress.show($0, of: $1) }
        let result: TarballBuilder.Result
        do throws(TarballError) {
            result = try TarballBuilder.build(from: source, to: output.appending(temporary), options)
        } catch {
            throw PackageError.build(shown ?? tree, cause: error)
        }
        do {
            let manifest = try manifest(of: result)
            // On disk before it has its name, so that no power cut leaves a name with half of the bytes.
            try target.openFile(temporary, for: .reading).sync()
            let replaced = try otherBytes(at: manifest.archiveName, in: target, than: manifest)
            try target.rename(temporary, to: manifest.archiveName, in: target, replacing: true)
            try target.replaceFile(
                manifest.manifestName, permissions: 0o644, bytes: Array(manifest.text.utf8), durable: true)
            return BuiltPackage(manifest: manifest, replacedOtherBytes: replaced)
        } catch {
            try? target.remove(temporary)  // best effort: the first failure is the one to tell
            throw error
        }
    }

    /// An output inside the tree would be packed with the next build.
    private func refuseInside(_ source: borrowing Directory, _ target: borrowing Directory) throws {
        let (tree, output) = (try source.resolvedPath(), try target.resolvedPath())
        guard !output.starts(with: tree) else { throw PackageError.outputInside(output, tree: tree) }
    }

    private func otherBytes(
        at name: String, in target: borrowing Directory, than manifest: PackageManifest
    ) throws -> Bool {
        guard try target.status(of: name) != nil else { return false }
        let old = try ArchiveDigest(of: target.openFile(name, for: .reading))
        return old.digest != manifest.archive
    }

    private func manifest(of result: TarballBuilder.Result) throws(PackageError) -> PackageManifest {
        var entries: [PackageManifest.Entry] = []
        entries.reserveCapacity(result.entries.count)
        for entry in result.entries {
            guard let own = PackageManifest.Entry(entry) else { throw .unfit(entry) }
            entries.append(own)
        }
        guard !entries.isEmpty else { throw .empty }
        guard let digest = Digest(bytes: result.digest) else {
            preconditionFailure("SHA-256 has 32 bytes, not \(result.digest.count)")
        }
        return PackageManifest(
            name: id.name, version: id.version, platform: id.platform, archive: digest,
            size: ByteCount(result.totals.archiveBytes), origin: origin, entries: entries)
    }
}

/// What came of building.
struct BuiltPackage {
    let manifest: PackageManifest
    /// Whether an archive of the same name was there and is no more.
    let replacedOtherBytes: Bool
}

extension PackageManifest.Entry {
    /// The entry of a tarball as a manifest has it; nil when its path cannot be one below the prefix.
    init?(_ entry: TarballEntry) {
        let kind: ArchiveEntry.Kind =
            switch entry.kind {
            case .file(let size): .file(size: size)
            case .directory: .directory
            case .symlink(let target): .symlink(target: target)
            case .hardLink(let target): .hardLink(target: target)
            }
        self.init(
            ArchiveEntry(
                path: entry.path, kind: kind, permissions: entry.permissions, digest: entry.digest,
                attributes: entry.extendedAttributes))
    }
}
