internal import LinuxSystem
internal import RollerCore
internal import SystemPackage
internal import Tarball

/// Compares an archive with a manifest, to the last entry of both.
struct ArchiveCheck {
    private let manifest: PackageManifest

    init(_ manifest: PackageManifest) { self.manifest = manifest }

    /// Reads the archive at `path` to its end.
    func run(_ path: FilePath) throws(StoreError) {
        var policy = TarballPolicy.strict
        // Setuid is for whom the manifest says so in plain sight, and for no one else.
        policy.setuid = .only(Set(manifest.privilegedPaths.map(\.rawValue)))
        policy.attributes = .only(manifest.attributeNames)
        var comparison = ManifestComparison(manifest)
        do {
            _ = try TarballScan.scan(path, policy: policy) { entry in
                if let difference = comparison.difference(of: ArchiveEntry(entry)) { throw StoreError(difference) }
            }
        } catch let error as StoreError {
            throw error
        } catch let error as TarballError {
            if case .file(let error) = error { throw StoreError(error) }
            throw .badArchive(error.message)
        } catch {
            throw .badArchive("\(error)")
        }
        if let difference = comparison.missing.first { throw StoreError(difference) }
    }
}

extension StoreError {
    fileprivate init(_ difference: ManifestDifference) {
        self = .differs(path: difference.path, why: difference.why.rawValue)
    }
}

extension ArchiveEntry {
    fileprivate init(_ entry: TarballEntry) {
        let kind: Kind =
            switch entry.kind {
            case .file(let size): .file(size: size)
            case .directory: .directory
            case .symlink(let target): .symlink(target: target)
            case .hardLink(let target): .hardLink(target: target)
            }
        self.init(
            path: entry.path, kind: kind, permissions: entry.permissions, digest: entry.digest,
            attributes: entry.extendedAttributes)
    }
}
