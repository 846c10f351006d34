internal import CLibGit2

/// Branches and tags, by their names.
extension GitRepository {
    /// What HEAD names.
    /// - Throws: `unbornHead` when its branch has no commit yet.
    public func head() throws(GitError) -> GitHead {
        var target: String?
        do throws(LibraryFailure) {
            let reference = try Owned.make(freedBy: git_reference_free) { git_reference_lookup(&$0, handle, "HEAD") }
            target = git_reference_symbolic_target(reference.pointer).map { String(cString: $0) }
        } catch {
            throw error.isNotFound ? .unbornHead(branch: nil) : GitError(error, "read HEAD")
        }
        let branch = target.map { $0.hasPrefix("refs/heads/") ? String($0.dropFirst("refs/heads/".count)) : $0 }
        guard let id = try self.target(ofReference: "HEAD") else { throw .unbornHead(branch: branch) }
        return GitHead(branch: branch, commit: try peel(id, named: target ?? "HEAD").commit)
    }

    /// The newest commit of a local branch. Nil when there is no such branch.
    public func branch(_ name: String) throws(GitError) -> ObjectID? {
        guard let id = try target(ofReference: "refs/heads/\(name)") else { return nil }
        return try peel(id, named: "refs/heads/\(name)").commit
    }

    /// The local branches, in byte order of their names.
    public func branches() throws(GitError) -> [GitBranch] {
        var branches: [GitBranch] = []
        for name in try referenceNames(beginningWith: "refs/heads/") {
            // Deleted since it was listed, if there is none.
            guard let id = try target(ofReference: name) else { continue }
            let commit = try peel(id, named: name).commit
            branches.append(GitBranch(name: String(name.dropFirst("refs/heads/".count)), commit: commit))
        }
        return branches
    }

    /// The tags that name a commit and whose names begin with `prefix`, in byte order of their names. Tags of a tree or
    /// a blob are left out, and so are references whose file is damaged, as git does; `tag(_:)` throws for both. One tag
    /// whose object is missing fails the whole list.
    public func tags(matching prefix: String = "") throws(GitError) -> [GitTag] {
        var tags: [GitTag] = []
        for reference in try referenceNames(beginningWith: "refs/tags/\(prefix)") {
            do throws(GitError) {
                if let tag = try tag(String(reference.dropFirst("refs/tags/".count))) { tags.append(tag) }
            } catch .notACommit {
                continue
            }
        }
        return tags
    }

    /// The tag of exactly this name. Nil when there is none.
    /// - Throws: `notACommit` when it names a tree or a blob.
    public func tag(_ name: String) throws(GitError) -> GitTag? {
        guard let object = try target(ofReference: "refs/tags/\(name)") else { return nil }
        let (commit, message) = try peel(object, named: "refs/tags/\(name)")
        return GitTag(name: name, target: commit, object: object, message: message)
    }
}
