internal import CLibGit2

extension GitRepository {
    /// The commit that `revision` names: anything of gitrevisions(7) that names one commit, such as a branch, a tag,
    /// `HEAD~2`, or an object id, whole or abbreviated.
    ///
    /// A name that is both a tag and a branch, of different commits, is an error, where git takes the tag and warns.
    /// Searches of messages (`:/text`, `^{/text}`) are refused: what they find changes with every commit, and they run
    /// regular expressions over the whole history for whoever may ask.
    public func resolve(_ revision: String) throws(GitError) -> ObjectID {
        if let id = ObjectID(hex: revision) { return try peel(id, named: revision).commit }
        // C would read up to a NUL and resolve something else.
        guard !revision.isEmpty, revision.utf8.count <= 1024, !revision.utf8.contains(0) else {
            throw .invalidRevision(
                escaped(Array(revision.utf8.prefix(64))), reason: "it is empty, longer than 1024 bytes or contains NUL")
        }
        guard !revision.hasPrefix(":/"), !revision.utf8.contains("^{/".utf8) else {
            throw .invalidRevision(revision, reason: "messages are not searched")
        }
        let name = Self.name(in: revision)
        try requireOneMeaning(of: name, in: revision)
        var found: git_oid?
        do throws(LibraryFailure) {
            let object = try Owned.make(freedBy: git_object_free) { git_revparse_single(&$0, handle, revision) }
            found = git_object_id(object.pointer)?.pointee
        } catch {
            switch error.code {
            case GIT_EAMBIGUOUS.rawValue: throw .ambiguousRevision(revision, candidates: [])
            case GIT_EINVALIDSPEC.rawValue, GIT_EPEEL.rawValue, GIT_EINVALID.rawValue:
                throw .invalidRevision(revision, reason: error.detail)
            case GIT_ENOTFOUND.rawValue:
                try requireObject(of: name)
                throw .noSuchRevision(revision)
            default: throw GitError(error, "resolve '\(revision)'")
            }
        }
        guard let found else { throw .noSuchRevision(revision) }
        return try peel(ObjectID(found), named: revision).commit
    }

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

    /// The name that a revision begins with: `v1` in `v1~2`, `v1^{tree}` and `v1@{yesterday}`.
    private static func name(in revision: String) -> String {
        let bytes = Array(revision.utf8)
        let end = bytes.indices.first { index in
            switch bytes[index] {
            case UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: ":"): true
            case UInt8(ascii: "@"): bytes[(index + 1)...].first == UInt8(ascii: "{")
            default: false
            }
        }
        return String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self)
    }

    private func requireOneMeaning(of name: String, in revision: String) throws(GitError) {
        guard name != "HEAD", !name.isEmpty, ObjectID(hex: name) == nil,
            let tag = try target(ofReference: "refs/tags/\(name)"),
            let branch = try target(ofReference: "refs/heads/\(name)")
        else { return }
        if try peel(tag, named: "refs/tags/\(name)").commit != branch {
            throw .ambiguousRevision(revision, candidates: ["refs/tags/\(name)", "refs/heads/\(name)"])
        }
    }

    /// libgit2 says "not found" both of a name and of the object that a reference of that name leads to.
    private func requireObject(of name: String) throws(GitError) {
        for reference in [name, "refs/tags/\(name)", "refs/heads/\(name)", "refs/remotes/\(name)"] {
            guard let id = try target(ofReference: reference) else { continue }
            _ = try objects.header(of: id, for: "'\(reference)'")
        }
    }
}
