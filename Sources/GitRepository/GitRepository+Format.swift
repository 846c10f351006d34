internal import CLibGit2
internal import SystemPackage

extension GitRepository {
    /// The status of a `LibraryFailure` that is ours: its detail names a feature this build cannot read.
    static var unsupported: Int32 { -1000 }

    /// What in the repository's own configuration makes it unreadable for libgit2 1.5, in words; nil if nothing does.
    ///
    /// `git_repository_open_bare` looks at none of it, and would find no object in a repository of SHA-256 ones. The
    /// rules are those of git's Documentation/technical/repository-version.txt.
    static func unsupportedFeature(of repository: OpaquePointer) throws(LibraryFailure) -> String? {
        guard let common = git_repository_commondir(repository) else { return nil }
        let path = FilePath(platformString: common).appending("config")
        // Only the repository's own file: what the user configures cannot change how a repository is kept.
        let config = try Owned.make(freedBy: git_config_free) { pointer in
            path.withPlatformString { git_config_open_ondisk(&pointer, $0) }
        }
        var version: Int32 = 0
        let status = git_config_get_int32(&version, config.pointer, "core.repositoryformatversion")
        if status != GIT_ENOTFOUND.rawValue { try check(status) }
        guard (0...1).contains(version) else { return "repository format \(version)" }
        return try unsupportedExtension(in: config.pointer, version: version)
    }

    private static func unsupportedExtension(
        in config: OpaquePointer, version: Int32
    ) throws(LibraryFailure) -> String? {
        // Not `git_config_iterator_glob_new`: libgit2 1.5 leaks 20 KB for every name that does not match.
        let iterator = try Owned.make(freedBy: git_config_iterator_free) { git_config_iterator_new(&$0, config) }
        while true {
            var entry: UnsafeMutablePointer<git_config_entry>?
            let status = git_config_next(&entry, iterator.pointer)
            if status == GIT_ITEROVER.rawValue { return nil }
            try check(status)
            guard let entry, let text = entry.pointee.name else { return nil }
            let key = String(cString: text)
            guard key.hasPrefix("extensions.") else { continue }
            let name = key.dropFirst("extensions.".count)
            let value = entry.pointee.value.map { String(cString: $0) } ?? ""
            switch name {
            case "noop", "preciousobjects", "partialclone", "worktreeconfig": continue
            case "objectformat" where value.lowercased() == "sha1": continue
            case "objectformat": return "\(value) object ids, and only sha1 can be read"
            case "refstorage" where value.lowercased() == "files": continue
            case "refstorage": return "references kept as '\(value)', and only files can be read"
            // Format 0 promises nothing about other names, and git ignores them there.
            default: if version > 0 { return "the extension '\(name)', which is not known here" }
            }
        }
    }
}
