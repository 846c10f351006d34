public import GitRepository
public import RollerCore

extension ConfigSource {
    /// Reads the files at a commit, those alone whose bytes the layout has a use for. A file that cannot be read because
    /// of what somebody committed is among them, as that.
    /// - Parameter paths: Files and directories to read; all when empty.
    /// - Throws: `GitError` when objects are missing or damaged, or there is more than is ever read.
    public static func files(
        of git: borrowing GitRepository, at commit: ObjectID, under paths: [String] = [],
        limits: GitLimits = GitLimits()
    ) throws(GitError) -> [RepoFile] {
        try files(try git.entries(at: commit, under: paths, limits: limits), of: git, limits)
    }

    /// Reads these files.
    static func files(
        _ entries: [GitEntry], of git: borrowing GitRepository, _ limits: GitLimits
    ) throws(GitError) -> [RepoFile] {
        var files: [RepoFile] = []
        files.reserveCapacity(entries.count)
        var total = 0
        for entry in entries {
            let kind = RepoFile.Kind(entry.mode)
            // A submodule's commit is in another repository.
            guard ConfigRepo.reads(entry.path), kind != .submodule else {
                files.append(RepoFile(path: entry.path, kind: kind, bytes: []))
                continue
            }
            do {
                let bytes = try git.blob(entry.id, limit: limits.fileBytes)
                total += bytes.count
                files.append(RepoFile(path: entry.path, kind: kind, bytes: bytes))
            } catch {
                guard error.isOfContents else { throw error }
                files.append(RepoFile(path: entry.path, kind: .unreadable(why: error.message), bytes: []))
            }
            guard total <= limits.totalBytes else {
                throw .overLimit(.totalBytes, at: "'\(entry.path)'", limit: limits.totalBytes)
            }
        }
        return files
    }
}
