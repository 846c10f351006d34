internal import CLibGit2

extension GitRepository {
    /// A commit by its id.
    /// - Throws: `notACommit` when the id is of another kind of object; a tag is not followed, `resolve` does that.
    public func commit(_ id: ObjectID) throws(GitError) -> GitCommit {
        try withCommit(id) { pointer in
            guard let tree = git_commit_tree_id(pointer), let author = git_commit_author(pointer),
                let committer = git_commit_committer(pointer)
            else { return nil }
            let parents = (0..<git_commit_parentcount(pointer)).compactMap { git_commit_parent_id(pointer, $0) }
            return GitCommit(
                id: id, tree: ObjectID(tree.pointee), parents: parents.map { ObjectID($0.pointee) },
                author: GitSignature(author.pointee), committer: GitSignature(committer.pointee),
                summary: String(repairing: git_commit_summary(pointer)),
                message: String(repairing: git_commit_message(pointer)))
        }
    }

    /// Whether `ancestor` is `commit` or one that `commit` descends from.
    public func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
        for id in [ancestor, commit] { try requireCommit(id) }
        if ancestor == commit { return true }
        var (old, new) = (ancestor.libraryID, commit.libraryID)
        return try followingHistory(of: commit) { () throws(LibraryFailure) in
            let status = git_graph_descendant_of(handle, &new, &old)
            try check(status)
            return status == 1
        }
    }

    /// The commits that `to` descends from and `from` does not, `to` itself first and each before its parents, as
    /// `git log --topo-order from..to` lists them.
    /// - Parameters:
    ///   - from: Nil for the whole history.
    ///   - limit: At most so many come out; there may be more.
    public func commits(from: ObjectID?, to: ObjectID, limit: Int) throws(GitError) -> [GitCommit] {
        for id in [from, to].compactMap({ $0 }) { try requireCommit(id) }
        let ids: [ObjectID] = try followingHistory(of: to) { () throws(LibraryFailure) in
            let walk = try Owned.make(freedBy: git_revwalk_free) { git_revwalk_new(&$0, handle) }
            try check(git_revwalk_sorting(walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue))
            var id = to.libraryID
            try check(git_revwalk_push(walk.pointer, &id))
            if var hidden = from?.libraryID { try check(git_revwalk_hide(walk.pointer, &hidden)) }
            var ids: [ObjectID] = []
            while ids.count < limit {
                let status = git_revwalk_next(&id, walk.pointer)
                if status == GIT_ITEROVER.rawValue { break }
                try check(status)
                ids.append(ObjectID(id))
            }
            return ids
        }
        var commits: [GitCommit] = []
        for id in ids { commits.append(try commit(id)) }
        return commits
    }

    /// The newest commit, of `commit` and its first parents, that gave `path` what it has at `commit`: a file, or a
    /// directory with all below it. Nil when nothing is there.
    /// - Parameter limit: How many commits to look at.
    /// - Throws: `overLimit` when none of them did.
    public func lastChange(
        of path: String, at commit: ObjectID, limit: Int = 100_000
    ) throws(GitError) -> GitCommit? {
        var current = try self.commit(commit)
        guard let now = try treeEntry(path, inTree: current.tree) else { return nil }
        for _ in 0..<limit {
            guard let first = current.parents.first else { return current }
            let parent = try self.commit(first)
            if parent.tree != current.tree, try treeEntry(path, inTree: parent.tree) != now { return current }
            current = parent
        }
        throw .overLimit(.commits, at: "'\(path)'", limit: limit)
    }

    /// Reads one commit object; `body` returns nil when it makes no sense.
    func withCommit<Result>(_ id: ObjectID, _ body: (OpaquePointer) -> Result?) throws(GitError) -> Result {
        try requireCommit(id)
        var libraryID = id.libraryID
        do throws(LibraryFailure) {
            let object = try Owned.make(freedBy: git_object_free) { git_commit_lookup(&$0, handle, &libraryID) }
            guard let result = body(object.pointer) else { throw LibraryFailure.nothing }
            return result
        } catch {
            throw .corruptObject(id, of: "a commit", detail: error.detail)
        }
    }

    private func followingHistory<Result>(
        of commit: ObjectID, _ body: () throws(LibraryFailure) -> Result
    ) throws(GitError) -> Result {
        do throws(LibraryFailure) { return try body() } catch {
            guard error.isNotFound else { throw GitError(error, "follow the history of commit \(commit)") }
            throw .incompleteHistory(of: commit, isShallow: objects.isShallow, detail: error.detail)
        }
    }

    private func requireCommit(_ id: ObjectID) throws(GitError) {
        let (kind, size) = try objects.header(of: id, for: "a commit")
        guard kind == .commit else { throw .notACommit("\(id)", kind: kind) }
        guard size <= Self.metadataLimit else {
            throw .tooLarge("commit \(id)", size: size, limit: Self.metadataLimit)
        }
    }
}

extension GitSignature {
    init(_ signature: git_signature) {
        self.init(
            name: String(repairing: signature.name), email: String(repairing: signature.email),
            time: Int(signature.when.time))
    }
}
