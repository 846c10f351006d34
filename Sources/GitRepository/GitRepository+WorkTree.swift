internal import CLibGit2

extension GitRepository {
    /// The files of the work tree that git tracks, or would if told `git add --all`: not those it ignores. In byte order
    /// of their paths. A submodule, or a repository within this one, comes out as one path, its directory.
    ///
    /// Nothing is written, the index neither. The files may change or vanish before one reads them.
    public func workTreePaths() throws(GitError) -> [String] {
        guard workTree != nil else { throw .noWorkTree(path) }
        let found: [[UInt8]] = try attempt("list the files of the work tree at '\(workTree ?? path)'") {
            () throws(LibraryFailure) in
            var options = git_status_options()
            try check(git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)))
            options.show = GIT_STATUS_SHOW_WORKDIR_ONLY
            options.flags =
                GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
                | GIT_STATUS_OPT_INCLUDE_UNMODIFIED.rawValue | GIT_STATUS_OPT_INCLUDE_UNREADABLE.rawValue
            let list = try Owned.make(freedBy: git_status_list_free) { git_status_list_new(&$0, handle, &options) }
            return (0..<git_status_list_entrycount(list.pointer)).compactMap { index -> [UInt8]? in
                guard let delta = git_status_byindex(list.pointer, index)?.pointee.index_to_workdir,
                    delta.pointee.status != GIT_DELTA_DELETED,
                    let path = delta.pointee.new_file.path ?? delta.pointee.old_file.path
                else { return nil }
                return [UInt8](cString: path)
            }
        }
        var paths: [String] = []
        for bytes in found {
            let trimmed = bytes.last == UInt8(ascii: "/") ? bytes.dropLast() : bytes[...]
            guard let path = String(validating: trimmed, as: UTF8.self) else { throw .invalidPath(escaped(trimmed)) }
            paths.append(path)
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
