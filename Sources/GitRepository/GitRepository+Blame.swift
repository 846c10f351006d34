internal import CLibGit2

/// Whence a line of a file comes.
public enum LineOrigin: Hashable, Sendable {
    /// This commit gave the file the line as it is.
    case commit(GitCommit)
    /// The line is in the text that was asked about, and in no commit.
    case notCommitted
}

extension GitRepository {
    /// The commit that gave a file one of its lines, as `git blame` finds it.
    /// - Parameter line: From 1.
    /// - Returns: Nil when there is no such file at `commit`, or no such line in it.
    public func blame(_ path: String, line: Int, at commit: ObjectID) throws(GitError) -> GitCommit? {
        guard let file = try file(path, at: commit), file.mode == .regular || file.mode == .executable,
            (1...).contains(line), line <= lineCount(file.bytes)
        else { return nil }
        let blame = try blame(path, at: commit)
        return try self.commit(try id(ofLine: line, in: blame, of: path))
    }

    /// The same for a line of a text that may differ from what `commit` has at `path`, as in a work tree.
    /// - Parameter text: The text of the file now.
    /// - Returns: Nil when the text has no such line.
    public func blame(
        _ path: String, line: Int, of text: [UInt8], since commit: ObjectID
    ) throws(GitError) -> LineOrigin? {
        guard (1...).contains(line), line <= lineCount(text) else { return nil }
        guard let file = try file(path, at: commit), file.mode == .regular || file.mode == .executable else {
            return .notCommitted
        }
        if file.bytes == text { return try blame(path, line: line, at: commit).map { .commit($0) } }
        guard let former = try self.line(line, of: text, in: file.bytes, for: path) else { return .notCommitted }
        return try blame(path, line: former, at: commit).map { .commit($0) }
    }

    /// Which line of `old` is the line of `new`; nil when it is new. (`git_blame_buffer` would answer the whole question,
    /// and in libgit2 1.5 reads through a null pointer.)
    private func line(_ line: Int, of new: [UInt8], in old: [UInt8], for path: String) throws(GitError) -> Int? {
        let hunks: [git_diff_hunk] = try attempt("compare '\(path)' with its last commit") {
            () throws(LibraryFailure) in
            var options = git_diff_options()
            try check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)))
            options.context_lines = 0
            options.flags = GIT_DIFF_FORCE_TEXT.rawValue
            let patch = try Owned.make(freedBy: git_patch_free) { pointer in
                // The patch points into both texts; its hunks' numbers, all that is read of it, are its own.
                old.withUnsafeBytes { old in
                    new.withUnsafeBytes { new in
                        git_patch_from_buffers(
                            &pointer, old.baseAddress, old.count, nil, new.baseAddress, new.count, nil, &options)
                    }
                }
            }
            return (0..<git_patch_num_hunks(patch.pointer)).compactMap { index in
                var hunk: UnsafePointer<git_diff_hunk>?
                guard git_patch_get_hunk(&hunk, nil, patch.pointer, index) == 0 else { return nil }
                return hunk?.pointee
            }
        }
        var former = line
        for hunk in hunks {
            let (start, count) = (Int(hunk.new_start), Int(hunk.new_lines))
            // Of a hunk that only removes lines, the start is the line before it.
            if count > 0, start..<start + count ~= line { return nil }
            if count > 0 ? start > line : start >= line { break }
            former += Int(hunk.old_lines) - count
        }
        return former
    }

    private func blame(_ path: String, at commit: ObjectID) throws(GitError) -> Owned {
        do throws(LibraryFailure) {
            var options = git_blame_options()
            try check(git_blame_options_init(&options, UInt32(GIT_BLAME_OPTIONS_VERSION)))
            options.newest_commit = commit.libraryID
            return try Owned.make(freedBy: git_blame_free) { git_blame_file(&$0, handle, path, &options) }
        } catch {
            guard error.isNotFound else { throw GitError(error, "find the origin of '\(path)'") }
            throw .incompleteHistory(of: commit, isShallow: objects.isShallow, detail: error.detail)
        }
    }

    private func id(ofLine line: Int, in blame: borrowing Owned, of path: String) throws(GitError) -> ObjectID {
        guard let hunk = git_blame_get_hunk_byline(blame.pointer, line) else {
            throw .failed(attempt: "find the origin of '\(path)'", detail: "line \(line) is in no commit")
        }
        return ObjectID(hunk.pointee.final_commit_id)
    }
}

/// How many lines there are; a last one without a line feed counts.
private func lineCount(_ bytes: [UInt8]) -> Int {
    bytes.count { $0 == 0x0a } + (bytes.last.map { $0 == 0x0a ? 0 : 1 } ?? 0)
}
