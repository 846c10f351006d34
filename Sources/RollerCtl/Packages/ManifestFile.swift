import LinuxSystem
import RollerCore
import SystemPackage

/// A manifest in a directory, with its archive beside it.
struct ManifestFile {
    /// The manifest's own bytes.
    let bytes: [UInt8]
    let manifest: PackageManifest
    /// Where it was read.
    let path: FilePath

    /// As large as a manifest may be: a million paths of a hundred bytes.
    static let limit = 256 << 20

    /// Reads the manifest at `path`.
    static func read(_ path: FilePath) throws -> ManifestFile {
        do {
            let bytes = try directory(of: path).readFile(name(of: path), limit: limit)
            return ManifestFile(bytes: bytes, manifest: try PackageManifest.read(bytes), path: path)
        } catch {
            throw PackageError.manifest(path, cause: error)
        }
    }

    /// Where its archive is, when nobody moved it.
    var archivePath: FilePath { path.removingLastComponent().appending(manifest.archiveName) }

    /// Reads the archive at `path`, and makes sure that it is the one this manifest speaks of.
    func checkArchive(at path: FilePath) throws {
        let archive: ArchiveDigest
        do {
            let directory = try ManifestFile.directory(of: path)
            archive = try ArchiveDigest(of: directory.openFile(ManifestFile.name(of: path), for: .reading))
        } catch {
            throw PackageError.archive(path, cause: error)
        }
        guard archive.size == manifest.size else {
            throw PackageError.archiveSizeDiffers(path, manifest: manifest.size, archive: archive.size)
        }
        guard archive.digest == manifest.archive else {
            throw PackageError.archiveDiffers(path, manifest: manifest.archive, archive: archive.digest)
        }
    }

    static func directory(of path: FilePath) throws -> Directory {
        let parent = path.removingLastComponent()
        return try Directory.open(parent.isEmpty ? FilePath(".") : parent, followingLinks: true)
    }

    static func name(of path: FilePath) -> String { path.lastComponent?.string ?? "" }
}
