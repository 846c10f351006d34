extension GitRepository {
    /// The files that differ between two commits, in byte order of their paths. Renames are not looked for.
    /// - Parameter from: Nil compares with nothing: every file is added.
    public func changes(
        from: ObjectID?, to: ObjectID, limits: GitLimits = GitLimits()
    ) throws(GitError) -> [GitChange] {
        var old: ObjectID?
        if let from { old = try tree(of: from) }
        var comparison = TreeComparison(budget: TreeBudget(limits))
        try compare(old, try tree(of: to), at: "", depth: 1, &comparison)
        return comparison.changes
    }

    /// Directories with the same id are the same all the way down, so only what changed is ever read.
    private func compare(
        _ old: ObjectID?, _ new: ObjectID?, at path: String, depth: Int, _ comparison: inout TreeComparison
    ) throws(GitError) {
        guard old != new else { return }
        try comparison.budget.enter(path, depth: depth)
        var left: ArraySlice<TreeEntry> = []
        var right: ArraySlice<TreeEntry> = []
        if let old { left = try treeEntries(of: old, at: path)[...] }
        if let new { right = try treeEntries(of: new, at: path)[...] }
        while let pair = TreeEntry.nextPair(&left, &right) {
            guard pair.old != pair.new else { continue }
            let place = joined(path, (pair.old ?? pair.new)?.name ?? "")
            try comparison.budget.spend(at: place)
            let (oldDirectory, newDirectory) = (pair.old?.directory, pair.new?.directory)
            try compare(oldDirectory, newDirectory, at: place, depth: depth + 1, &comparison)
            comparison.note(pair.old?.entry(at: place), pair.new?.entry(at: place))
        }
    }
}

private struct TreeComparison {
    var budget: TreeBudget
    var changes: [GitChange] = []

    mutating func note(_ old: GitEntry?, _ new: GitEntry?) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, let new?): changes.append(.added(new))
        case (let old?, nil): changes.append(.removed(old))
        case (let old?, let new?): changes.append(.modified(from: old, to: new))
        }
    }
}

extension TreeEntry {
    fileprivate var directory: ObjectID? { kind == .directory ? id : nil }

    fileprivate func entry(at path: String) -> GitEntry? {
        guard case .file(let mode) = kind else { return nil }
        return GitEntry(path: path, mode: mode, id: id)
    }

    /// Git's order within a tree: a directory as if its name ended in "/".
    private var sortKey: [UInt8] { kind == .directory ? name.utf8 + [UInt8(ascii: "/")] : Array(name.utf8) }

    /// Takes the first of both lists where they are the same name and both directories or neither, else the lesser.
    fileprivate static func nextPair(
        _ left: inout ArraySlice<TreeEntry>, _ right: inout ArraySlice<TreeEntry>
    ) -> (old: TreeEntry?, new: TreeEntry?)? {
        guard let old = left.first else { return right.popFirst().map { (nil, $0) } }
        guard let new = right.first else { return (left.popFirst(), nil) }
        // Nearly always: most of a directory is as it was. By bytes, as git tells names apart.
        if old.kind == new.kind, old.name.utf8.elementsEqual(new.name.utf8) {
            return (left.popFirst(), right.popFirst())
        }
        let (oldKey, newKey) = (old.sortKey, new.sortKey)
        if oldKey == newKey { return (left.popFirst(), right.popFirst()) }
        return oldKey.lexicographicallyPrecedes(newKey) ? (left.popFirst(), nil) : (nil, right.popFirst())
    }
}
