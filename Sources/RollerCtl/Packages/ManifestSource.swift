import LinuxSystem
import RollerCore
import SystemPackage

/// Where the manifests of published packages come from.
enum ManifestSource {
    /// A directory of files named as `rollerctl package build` names them.
    case directory(FilePath)
    case server(PackageServer)

    /// The manifest of a package; nil where there is none of it.
    func manifest(of id: PackageID) async throws -> ManifestFile? {
        let file: ManifestFile
        switch self {
        case .directory(let path):
            guard try Directory.open(path, followingLinks: true).status(of: id.manifestName) != nil else { return nil }
            file = try ManifestFile.read(path.appending(id.manifestName))
        case .server(let server):
            guard let bytes = try await server.manifest(of: id) else { return nil }
            let url = FilePath(server.base + id.resource)
            do {
                file = ManifestFile(bytes: bytes, manifest: try PackageManifest.read(bytes), path: url)
            } catch {
                throw PackageError.manifest(url, cause: error)
            }
        }
        guard file.manifest.id == id else {
            throw PackageError.otherPackage(file.path, expected: id, found: file.manifest.id)
        }
        return file
    }
}

extension ManifestSource: CustomStringConvertible {
    var description: String {
        switch self {
        case .directory(let path): "'\(path)'"
        case .server(let server): server.base
        }
    }
}
