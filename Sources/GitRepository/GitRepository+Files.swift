internal import CLibGit2

extension GitRepository {
    /// The files at a commit, without their bytes, in byte order of their paths.
    /// - Parameter paths: Files and directories to look at; all when empty. One that is not there yields nothing. No
    ///   leading or trailing "/".
    public func entries(
        at commit: ObjectID, under paths: [String] = [], limits: GitLimits = GitLimits()
    ) throws(GitError) -> [GitEntry] {
        let selection = try PathSelection(paths)
        var entries: [GitEntry] = []
        var budget = TreeBudget(limits)
        try walk(try tree(of: commit), at: "", depth: 1, selection, &budget) { entries.append($0) }
        return entries
    }

    /// The files at a commit with their bytes, in byte order of their paths.
    /// - Parameter paths: Files and directories to read; all when empty. One that is not there yields nothing. No
    ///   leading or trailing "/".
    public func files(
        at commit: ObjectID, under paths: [String] = [], limits: GitLimits = GitLimits()
    ) throws(GitError) -> [GitFile] {
        try files(try entries(at: commit, under: paths, limits: limits), limits: limits)
    }

    /// These files with their bytes.
    func files(_ entries: [GitEntry], limits: GitLimits) throws(GitError) -> [GitFile] {
        var files: [GitFile] = []
        files.reserveCapacity(entries.count)
        var total = 0
        for entry in entries {
            let file = try file(entry, limit: limits.fileBytes)
            total += file.bytes.count
            guard total <= limits.totalBytes else {
                throw .overLimit(.totalBytes, at: "'\(entry.path)'", limit: limits.totalBytes)
            }
            files.append(file)
        }
        return files
    }

    /// One file at a commit. Nil when there is none, or a directory.
    /// - Parameter limit: Bytes it may have.
    public func file(_ path: String, at commit: ObjectID, limit: Int = GitLimits().fileBytes) throws(GitError)
        -> GitFile?
    {
        guard let entry = try entry(path, at: commit) else { return nil }
        return try file(entry, limit: limit)
    }

    /// One file at a commit, without its bytes. Nil when there is none, or a directory.
    public func entry(_ path: String, at commit: ObjectID) throws(GitError) -> GitEntry? {
        guard let found = try treeEntry(path, inTree: try tree(of: commit)), case .file(let mode) = found.kind else {
            return nil
        }
        return GitEntry(path: path, mode: mode, id: found.id)
    }

    /// The bytes of a blob.
    /// - Parameter limit: Bytes it may have.
    public func blob(_ id: ObjectID, limit: Int = GitLimits().fileBytes) throws(GitError) -> [UInt8] {
        try objects.bytes(of: id, as: .blob, limit: limit, for: "blob \(id)")
    }

    private func file(_ entry: GitEntry, limit: Int) throws(GitError) -> GitFile {
        // A submodule's commit is in another repository.
        let bytes: [UInt8] =
            entry.mode == .submodule
            ? [] : try objects.bytes(of: entry.id, as: .blob, limit: limit, for: "file '\(entry.path)'")
        return GitFile(path: entry.path, mode: entry.mode, id: entry.id, bytes: bytes)
    }

    /// What stands at a path of a tree, directory or not.
    func treeEntry(_ path: String, inTree root: ObjectID) throws(GitError) -> TreeEntry? {
        let components = try PathSelection.components(of: path)
        var tree = root
        var place = ""
        for (index, component) in components.enumerated() {
            let entries = try treeEntries(of: tree, at: place)
            // By bytes: as strings, two normal forms of one text are equal.
            guard let entry = entries.first(where: { $0.name.utf8.elementsEqual(component.utf8) }) else { return nil }
            if index == components.count - 1 { return entry }
            guard entry.kind == .directory else { return nil }
            tree = entry.id
            place = place.isEmpty ? component : "\(place)/\(component)"
        }
        return nil
    }
}
