public import GitRepository
public import RollerCore

extension ConfigSource {
    /// What differs between the files of two commits, with the bytes that are new. Directories that are the same are not
    /// looked into.
    /// - Parameter limit: How many files may differ.
    /// - Returns: Nil where all had better be read anew: more differs than `limit`, or something that all depends on.
    /// - Throws: `GitError` when objects are missing or damaged, or there is more than is ever read.
    public static func changes(
        of git: borrowing GitRepository, from old: ObjectID, to new: ObjectID, limit: Int,
        limits: GitLimits = GitLimits()
    ) throws(GitError) -> RepoChanges? {
        let changes = try git.changes(from: old, to: new, limits: limits)
        guard changes.count <= limit, changes.allSatisfy(\.isUsual) else { return nil }
        let entries = changes.compactMap { change in
            switch change {
            case .added(let entry), .modified(from: _, to: let entry): entry
            case .removed: nil
            }
        }
        var classFiles: [HostclassName: [RepoFile]] = [:]
        // What a class's files say together may change with any of them.
        for name in Set(changes.compactMap { RepoChanges.hostclass(of: $0.path) }) {
            classFiles[name] = try files(of: git, at: new, under: HostclassTree.paths(of: name), limits: limits)
        }
        return RepoChanges(
            paths: changes.map(\.path), written: try files(entries, of: git, limits), classFiles: classFiles)
    }
}

extension GitChange {
    /// Whether what it says reaches no further than its own file's kind does. A directory may have been moved to where
    /// paths become too long, which is judged when all is read.
    fileprivate var isUsual: Bool { path != RepoRoot.path && path.utf8.count <= 4095 }
}
