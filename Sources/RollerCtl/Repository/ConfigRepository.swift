import ConfigSource
import GitRepository
import LinuxSystem
import RollerCore
import SystemPackage

/// The config repository that a command works on: its git repository, and its work tree where it has one.
struct ConfigRepository: ~Copyable {
    let git: GitRepository

    /// Finds the repository that the options name, looking upward.
    static func open(_ options: RepositoryOptions, in surroundings: Surroundings) throws -> ConfigRepository {
        let start = options.directory.map(surroundings.resolve) ?? surroundings.directory
        do throws(GitError) {
            return ConfigRepository(git: try GitRepository.discover(from: start))
        } catch {
            throw RepositoryError.notFound(start, cause: error)
        }
    }

    /// The root of the work tree.
    func workTree() throws -> FilePath {
        guard let path = git.workTree else { throw RepositoryError.bare(git.path) }
        return path
    }

    /// The state at a commit, or that of the work tree with all its edits when `revision` is nil.
    func snapshot(at revision: String?) async throws -> Snapshot {
        guard let revision else {
            let files = try await ConfigSource.workTreeFiles(of: git, at: workTree())
            return try await ConfigSource.snapshot(ofWorkTree: files, ofRepositoryAt: git.place)
        }
        return try await ConfigSource.snapshot(ofRepositoryAt: git.place, at: try git.resolve(revision))
    }

    /// The texts of the files that findings speak of, by the path as findings have it: with a release before a colon
    /// where it is the file of a release.
    func texts(for findings: [Diagnostic], at revision: Revision?) throws -> [String: String] {
        try texts(of: Set(findings.flatMap { [$0.location.file] + $0.related.map(\.location.file) }), at: revision)
    }

    /// The texts of files, by their paths as places have them.
    func texts(of paths: Set<String>, at revision: Revision?) throws -> [String: String] {
        var texts: [String: String] = [:]
        for path in paths { texts[path] = try text(of: path, at: revision) }
        return texts
    }

    private func text(of path: String, at revision: Revision?) throws -> String? {
        if let colon = path.firstIndex(of: ":"), let reference = ReleaseReference(String(path[..<colon])) {
            guard case .found(let release, _) = try ConfigSource.release(reference, in: git) else {
                return try textOfUnreadable(reference, String(path[path.index(after: colon)...]))
            }
            return try text(String(path[path.index(after: colon)...]), at: release.revision)
        }
        if let revision { return try text(path, at: revision) }
        // A finding may be about a file that is not there, or no plain file: then there is no excerpt, and that is all.
        guard let bytes = try? Directory.open(workTree(), followingLinks: true).readFile(path, limit: 16 << 20) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func textOfUnreadable(_ reference: ReleaseReference, _ path: String) throws -> String? {
        guard case .unreadable(let revision, _) = try ConfigSource.release(reference, in: git) else { return nil }
        return try text(path, at: revision)
    }

    private func text(_ path: String, at revision: Revision) throws -> String? {
        guard let commit = ObjectID(hex: revision.rawValue) else { return nil }
        // Findings about what cannot be a path of a tree have no excerpt.
        guard let file = try? git.file(path, at: commit) else { return nil }
        return String(decoding: file.bytes, as: UTF8.self)
    }
}

/// Why there is no repository to work on.
enum RepositoryError: RollerError {
    case notFound(FilePath, cause: GitError)
    case bare(FilePath)

    var message: String {
        switch self {
        case .notFound(let path, _): "cannot open a config repository from '\(path)'"
        case .bare(let path): "the repository at '\(path)' is bare and has no work tree"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .notFound(_, let cause): cause
        case .bare: nil
        }
    }

    var hint: String? {
        switch self {
        case .notFound(_, .notOwned(let path)):
            "`git config --global --add safe.directory \(path)` if you trust its owner"
        case .notFound: "name its directory with -C, or go there"
        case .bare: "name a commit with --at, or work in a clone"
        }
    }
}
