internal import RollerCore
internal import Tarball

/// The files below a folder of the repository as a tarball: the same files, the same bytes. Paths are below the folder;
/// permissions are git's own.
func folderTarball(_ files: some Sequence<RepoFile>, below folder: String) throws -> [UInt8] {
    var entries: [String: TarballEntry] = [:]
    var contents: [String: [UInt8]] = [:]
    for file in files where file.path.hasPrefix(folder) && (file.kind == .file || file.kind == .executable) {
        let path = String(file.path.dropFirst(folder.count))
        entries[path] = TarballEntry(
            path: path, kind: .file(size: Int64(file.bytes.count)),
            permissions: file.kind == .executable ? 0o755 : 0o644)
        contents[path] = file.bytes
        for slash in path.indices where path[slash] == "/" {
            let parent = String(path[..<slash])
            entries[parent] = TarballEntry(path: parent, kind: .directory, permissions: 0o755)
        }
    }
    var writer = try TarballWriter.inMemory(compression: .none)
    for (path, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        _ = try writer.add(entry, contents: contents[path] ?? [])
    }
    return try writer.finish().bytes
}
