public import GitRepository
public import RollerCore

extension ConfigSource {
    /// Reads the files at a commit, those alone whose bytes the layout has a use for. A file that cannot be read because
    /// of what somebody committed is among them, as that.
    /// - Throws: `GitError` when objects are missing or damaged, or there is more than is ever read.
    public static func files(
        of git: borrowing GitRepository, at commit: ObjectID, limits: GitLimits = GitLimits()
    ) throws(GitError) -> [RepoFile] {
        var files: [RepoFile] = []
        var total = 0
        for entry in try git.entries(at: commit, limits: limits) {
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
