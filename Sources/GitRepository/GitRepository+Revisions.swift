internal import CLibGit2

extension GitRepository {
    /// The commit that `revision` names: anything of gitrevisions(7) that names one commit, such as a branch, a tag,
    /// `HEAD~2`, or an object id, whole or abbreviated.
    ///
    /// A name that is both a tag and a branch, of different commits, is an error, where git takes the tag and warns.
    /// Searches of messages (`:/text`, `^{/text}`) are refused: what they find changes with every commit, and they run
    /// regular expressions over the whole history for whoever may ask.
    public func resolve(_ revision: String) throws(GitError) -> ObjectID {
        // C would read up to a NUL and resolve something else.
        guard !revision.isEmpty, revision.utf8.count <= 1024, !revision.utf8.contains(0) else {
            throw .invalidRevision(
                escaped(Array(revision.utf8.prefix(64))), reason: "it is empty, longer than 1024 bytes or contains NUL")
        }
        guard !revision.hasPrefix(":/"), !revision.utf8.contains("^{/".utf8), !revision.utf8.contains("@{-".utf8) else {
            throw .invalidRevision(revision, reason: "neither messages nor former checkouts are searched")
        }
        let (name, steps) = Self.split(revision)
        guard !name.utf8.contains("..".utf8) else {
            throw .invalidRevision(revision, reason: "a range names more than one commit")
        }
        // libgit2 gets only steps from what was found here: it leaks 20 KB for every name that it does not know, when
        // it tries whether that could come from `git describe`, and anyone may ask for such names.
        let found = try lookUp(name.isEmpty && steps.hasPrefix("@{") ? "HEAD" : name, in: revision)
        if steps.isEmpty { return try peel(found, named: revision).commit }
        return try peel(
            try follow(steps.hasPrefix("@{") ? revision : "\(found)\(steps)", for: revision), named: revision
        )
        .commit
    }

    /// What a name stands for, in the order of gitrevisions(7): a whole id, a reference, an abbreviated id.
    private func lookUp(_ name: String, in revision: String) throws(GitError) -> ObjectID {
        if let id = ObjectID(hex: name) { return id }
        try requireOneMeaning(of: name, in: revision)
        let exact = name == "@" ? "HEAD" : name
        for reference in [exact, "refs/\(name)", "refs/tags/\(name)", "refs/heads/\(name)", "refs/remotes/\(name)"] {
            if let id = try target(ofReference: reference) { return id }
        }
        if let id = try target(ofReference: "refs/remotes/\(name)/HEAD") { return id }
        // `git describe` writes v1.2-14-g2414721.
        let digits = name.utf8.split(separator: UInt8(ascii: "-")).last.map { Array($0) } ?? []
        if digits.first == UInt8(ascii: "g"), name.contains("-"),
            let id = try id(abbreviated: String(decoding: digits.dropFirst(), as: UTF8.self), in: revision)
        {
            return id
        }
        guard let id = try id(abbreviated: name, in: revision) else { throw .noSuchRevision(revision) }
        return id
    }

    /// Nil when no object's id begins so.
    private func id(abbreviated digits: String, in revision: String) throws(GitError) -> ObjectID? {
        guard (4...40).contains(digits.utf8.count), digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
        else { return nil }
        do throws(LibraryFailure) { return try objects.id(abbreviated: digits) } catch {
            switch error.code {
            case GIT_ENOTFOUND.rawValue: return nil
            case GIT_EAMBIGUOUS.rawValue: throw .ambiguousRevision(revision, candidates: [])
            default: throw GitError(error, "look for an object whose id begins with '\(digits)'")
            }
        }
    }

    private func follow(_ steps: String, for revision: String) throws(GitError) -> ObjectID {
        do throws(LibraryFailure) {
            let object = try Owned.make(freedBy: git_object_free) { git_revparse_single(&$0, handle, steps) }
            guard let id = git_object_id(object.pointer) else { throw LibraryFailure.nothing }
            return ObjectID(id.pointee)
        } catch {
            switch error.code {
            case GIT_EINVALIDSPEC.rawValue, GIT_EPEEL.rawValue, GIT_EINVALID.rawValue:
                throw .invalidRevision(revision, reason: error.detail)
            case GIT_ENOTFOUND.rawValue: throw .noSuchRevision(revision)
            default: throw GitError(error, "resolve '\(revision)'")
            }
        }
    }

    /// The name that a revision begins with, and the rest: `v1` and `~2`, `v1` and `^{tree}`, `v1` and `@{yesterday}`.
    private static func split(_ revision: String) -> (name: String, steps: String) {
        let bytes = Array(revision.utf8)
        let end = bytes.indices.first { index in
            switch bytes[index] {
            case UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: ":"): true
            case UInt8(ascii: "@"): bytes[(index + 1)...].first == UInt8(ascii: "{")
            default: false
            }
        }
        let (name, steps) = (bytes[..<(end ?? bytes.count)], bytes[(end ?? bytes.count)...])
        return (String(decoding: name, as: UTF8.self), String(decoding: steps, as: UTF8.self))
    }

    private func requireOneMeaning(of name: String, in revision: String) throws(GitError) {
        guard name != "HEAD", !name.isEmpty,
            let tag = try target(ofReference: "refs/tags/\(name)"),
            let branch = try target(ofReference: "refs/heads/\(name)")
        else { return }
        if try peel(tag, named: "refs/tags/\(name)").commit != branch {
            throw .ambiguousRevision(revision, candidates: ["refs/tags/\(name)", "refs/heads/\(name)"])
        }
    }
}
