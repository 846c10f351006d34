public import GitRepository
public import LinuxSystem
public import RollerCore

extension ConfigSource {
    /// Reads the files that git tracks, or would not ignore, as they stand in a work tree.
    /// - Parameter root: The root of the work tree.
    /// - Returns: The files. One that cannot be read, or is of a kind that git does not know, is among them, as that.
    public static func workTreeFiles(
        of git: borrowing GitRepository, in root: borrowing Directory
    ) throws -> [RepoFile] {
        files(try git.workTreePaths(), in: root) + specialFiles(in: root)
    }

    /// Those of the files at these paths that are there.
    static func files(_ paths: [String], in root: borrowing Directory) -> [RepoFile] {
        var files: [RepoFile] = []
        for path in paths {
            do throws(FileError) {
                if let file = try file(path, in: root) { files.append(file) }
            } catch {
                files.append(RepoFile(path: path, kind: .unreadable(why: error.message), bytes: []))
            }
        }
        return files
    }

    /// Git does not list these at all, and in its eyes a file that one of them replaces is gone.
    static func specialFiles(in root: borrowing Directory) -> [RepoFile] {
        var files: [RepoFile] = []
        for folder in ConfigRepo.folders { addSpecialFiles(below: folder, of: root, to: &files) }
        return files
    }

    /// A file of a work tree; nil where it was removed, and when that is not committed yet, it is no part of the state.
    private static func file(_ path: String, in root: borrowing Directory) throws(FileError) -> RepoFile? {
        guard let status = try root.status(of: path) else { return nil }
        let isRead = ConfigRepo.reads(path)
        switch status.kind {
        case .regular:
            return RepoFile(
                path: path, kind: status.permissions & 0o111 == 0 ? .file : .executable,
                bytes: isRead ? try root.readFile(path, limit: fileLimit) : [])
        case .symlink:
            return RepoFile(path: path, kind: .symlink, bytes: isRead ? Array(try root.readLink(path).utf8) : [])
        case .directory: return RepoFile(path: path, kind: .submodule, bytes: [])
        // Told with the others of its kind.
        case .characterDevice, .blockDevice, .fifo, .socket: return nil
        }
    }

    private static func addSpecialFiles(
        below folder: String, of root: borrowing Directory, to files: inout [RepoFile]
    ) {
        // A folder that is not there, or cannot be read, has none that could be told.
        guard let entries = try? root.openDirectory(folder).entries() else { return }
        for entry in entries {
            let path = "\(folder)/\(entry.name)"
            switch entry.kind {
            case .regular, .symlink: continue
            case .directory: addSpecialFiles(below: path, of: root, to: &files)
            case .characterDevice, .blockDevice, .fifo, .socket:
                files.append(
                    RepoFile(path: path, kind: .unreadable(why: "it is a \(entry.kind.words)"), bytes: []))
            }
        }
    }

    /// As large as a file of a work tree may be; the same as for one in git.
    private static let fileLimit = 16 << 20
}

extension FileKind {
    fileprivate var words: String {
        switch self {
        case .regular: "file"
        case .directory: "directory"
        case .symlink: "symbolic link"
        case .characterDevice, .blockDevice: "device"
        case .fifo: "named pipe"
        case .socket: "socket"
        }
    }
}
