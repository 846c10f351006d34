import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// All that an archive holds, read to its end.
struct ArchiveContent {
    let entries: [PackageManifest.Entry]
    let totals: TarballTotals
    let archive: ArchiveDigest

    /// Reads the archive at `path`, which must follow the policy.
    /// - Parameter manifest: Says what may be setuid; without one, anything may, and is shown.
    static func read(_ path: FilePath, allowing manifest: PackageManifest? = nil) async throws -> ArchiveContent {
        do {
            // On another processor than the reading below, which is busy with the digests of the files.
            async let archive = ArchiveDigest.reading(path)
            var policy = TarballPolicy.strict
            policy.setuid = manifest.map { .only(Set($0.privilegedPaths.map(\.rawValue))) } ?? .any
            policy.attributes = manifest.map { .only($0.attributeNames) } ?? .any
            if let manifest {
                // Room to name what differs, and none for a bomb.
                policy.maxUnpackedBytes = manifest.unpackedSize.bytes * 2 + (64 << 20)
            }
            var entries: [PackageManifest.Entry] = []
            let totals = try TarballScan.scan(path, policy: policy) { entry in
                guard let own = PackageManifest.Entry(entry) else { throw PackageError.unfit(entry) }
                entries.append(own)
            }
            return ArchiveContent(entries: entries, totals: totals, archive: try await archive)
        } catch {
            throw PackageError.archive(path, cause: error)
        }
    }
}
