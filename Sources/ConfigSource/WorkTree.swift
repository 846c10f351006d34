public import GitRepository
public import LinuxSystem
public import RollerCore

extension ConfigSource {
    /// Reads the files that git tracks, or would not ignore, as they stand in a work tree.
    /// - Parameter root: The root of the work tree.
    public static func workTreeFiles(
        of git: borrowing GitRepository, in root: borrowing Directory
    ) throws -> [RepoFile] {
        var files: [RepoFile] = []
        for path in try git.workTreePaths() {
            // A file that was removed and not yet committed is no part of the state.
            guard let status = try root.status(of: path) else { continue }
            switch status.kind {
            case .regular:
                let bytes = try root.readFile(path, limit: fileLimit)
                files.append(
                    RepoFile(path: path, kind: status.permissions & 0o111 == 0 ? .file : .executable, bytes: bytes))
            case .symlink:
                files.append(RepoFile(path: path, kind: .symlink, bytes: Array(try root.readLink(path).utf8)))
            case .directory: files.append(RepoFile(path: path, kind: .submodule, bytes: []))
            default: continue
            }
        }
        return files
    }

    /// As large as a file of a work tree may be; the same as for one in git.
    private static let fileLimit = 16 << 20
}
