internal import CLibGit2
public import SystemPackage

/// A git repository, read: trees and files at a revision.
///
/// Nothing here writes, checks out, or runs a hook, filter or submodule: trees are data. What a tree holds is checked,
/// as whoever may push decides it. Objects and references that arrive while the value is open are seen.
///
/// A value belongs to one thread or actor at a time; open one for each. It is small, and opening takes a millisecond.
public struct GitRepository: ~Copyable {
    private let repository: Owned
    let objects: ObjectDatabase
    private let quarantine: [FilePath]

    private init(owning repository: consuming Owned, objects: consuming ObjectDatabase, _ quarantine: [FilePath]) {
        self.repository = repository
        self.objects = objects
        self.quarantine = quarantine
    }

    /// Where a repository is that was opened, so that another task can open it too.
    public struct Place: Sendable {
        fileprivate let path: FilePath
        fileprivate let quarantine: [FilePath]
    }

    /// Where this one is.
    public var place: Place { Place(path: path, quarantine: quarantine) }

    /// Opens a repository once more, for another thread or task. Who owns it was judged when it was opened first.
    public static func open(_ place: Place) throws(GitError) -> GitRepository {
        try open(bare: place.path, quarantine: place.quarantine)
    }

    var handle: OpaquePointer { repository.pointer }

    /// Opens the bare repository, or the `.git` directory, that is exactly at `path`.
    ///
    /// It may belong to any user: git's `safe.directory` is not asked, since a server reads a repository that others
    /// push to. What git guards against there is running commands named in another user's configuration, and nothing
    /// here runs any.
    /// - Parameter quarantine: Further `objects` directories to read. In a pre-receive hook the objects pushed are in
    ///   the one that the environment variable GIT_QUARANTINE_PATH names.
    public static func open(bare path: FilePath, quarantine: [FilePath] = []) throws(GitError) -> GitRepository {
        try open(path, quarantine: quarantine) { git_repository_open_bare(&$0, $1) }
    }

    /// Opens the repository that `directory` is in, looking upward from there as git does, within one file system.
    /// - Throws: `notOwned` when it belongs to another user and git's `safe.directory` does not name it.
    public static func discover(from directory: FilePath) throws(GitError) -> GitRepository {
        try open(directory, quarantine: []) { git_repository_open_ext(&$0, $1, 0, nil) }
    }

    /// The bare repository or the `.git` directory.
    public var path: FilePath { git_repository_path(handle).map { FilePath(platformString: $0) } ?? FilePath() }

    /// The directory that files are checked out in. Nil for a bare repository, and for one opened as if it were.
    public var workTree: FilePath? { git_repository_workdir(handle).map { FilePath(platformString: $0) } }

    private static func open(
        _ path: FilePath, quarantine: [FilePath],
        _ call: (inout OpaquePointer?, UnsafePointer<CChar>) -> Int32
    ) throws(GitError) -> GitRepository {
        do throws(LibraryFailure) {
            try Library.start()
            let repository = try Owned.make(freedBy: git_repository_free) { pointer in
                path.withPlatformString { call(&pointer, $0) }
            }
            if let feature = try unsupportedFeature(of: repository.pointer) {
                throw LibraryFailure(code: unsupported, detail: feature)
            }
            let objects = try ObjectDatabase(of: repository.pointer)
            for directory in quarantine { try objects.add(directory: directory) }
            return GitRepository(owning: repository, objects: objects, quarantine)
        } catch {
            switch error.code {
            // What libgit2 1.5 says when the owner is another and there is no such setting at all.
            case GIT_ENOTFOUND.rawValue where error.detail.contains("safe.directory"): throw .notOwned(path)
            case GIT_ENOTFOUND.rawValue: throw .notARepository(path, detail: error.detail)
            case GIT_EOWNER.rawValue: throw .notOwned(path)
            case unsupported: throw .unsupportedFormat(path, feature: error.detail)
            default: throw GitError(error, "open the git repository at '\(path)'")
            }
        }
    }
}
