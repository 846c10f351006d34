extension GitRepository {
    /// The files of a root tree that no commit needs to have, such as what `git write-tree` makes of the index, with
    /// their bytes, in byte order of their paths.
    public func files(ofTree tree: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [GitFile] {
        var entries: [GitEntry] = []
        var budget = TreeBudget(limits)
        try walk(tree, at: "", depth: 1, nil, &budget) { entries.append($0) }
        return try files(entries, limits: limits)
    }
}
