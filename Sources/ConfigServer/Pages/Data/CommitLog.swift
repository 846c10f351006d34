internal import GitRepository
internal import NIOCore
internal import RollerCore
internal import SystemPackage

/// Reads commits, and files as they are in one, for pages. It works on the thread that looks back, so that nothing it
/// does keeps the newest commit from being served.
actor CommitLog {
    private let git: GitRepository
    private let loop: any EventLoop
    private let changes = BoundedCache<FileAtCommit, GitCommit>(limit: 20_000)

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }

    /// A file of the repository at a commit.
    struct FileAtCommit: Hashable, Sendable {
        let path: String
        let commit: Revision
    }

    /// How many commits are looked through for the one that changed a file last. Beyond them a page says nothing.
    private static let deepest = 500

    /// - Parameter loop: The thread to work on. It must outlive the actor's last call.
    init(_ repository: FilePath, on loop: any EventLoop) throws(SnapshotError) {
        self.loop = loop
        do throws(GitError) { git = try GitRepository.open(bare: repository) } catch { throw .git(error) }
    }

    /// The commit that a revision names.
    func commit(_ revision: String) throws(SnapshotError) -> GitCommit {
        try reading { () throws(GitError) in
            do throws(GitError) { return try git.commit(try git.resolve(revision)) } catch {
                // Whoever asks chose the id: nothing is wrong with the repository.
                if case .missingObject(let id, _, _, _) = error, revision.lowercased().hasPrefix(id.description) {
                    throw .noSuchRevision(revision)
                }
                throw error
            }
        }
    }

    /// A commit and those before it, the newest first.
    func commits(from revision: String, limit: Int) throws(SnapshotError) -> [GitCommit] {
        let start = try commit(revision).id
        return try reading { () throws(GitError) in try git.commits(from: nil, to: start, limit: limit) }
    }

    /// A file at a commit; nil where there is none.
    func file(_ path: String, at commit: GitCommit) throws(SnapshotError) -> GitFile? {
        do throws(GitError) { return try git.file(path, at: commit.id) } catch {
            // What could not be a path in git is not there.
            if case .invalidPath = error { return nil }
            throw .git(error)
        }
    }

    /// The commit that gave a file one of its lines.
    func origin(of path: String, line: Int, at commit: GitCommit) throws(SnapshotError) -> GitCommit? {
        try reading { () throws(GitError) in try git.blame(path, line: line, at: commit.id) }
    }

    /// The commits that changed these files last. Files whose history is too long are left out.
    func lastChanges(of files: Set<FileAtCommit>) -> [FileAtCommit: GitCommit] {
        var found: [FileAtCommit: GitCommit] = [:]
        for file in files {
            if let known = changes[file] {
                found[file] = known
                continue
            }
            // A page without this is still right; what ails the repository is told where it is served.
            guard let id = ObjectID(hex: file.commit.rawValue),
                let commit = try? git.lastChange(of: file.path, at: id, limit: Self.deepest)
            else { continue }
            changes[file] = commit
            found[file] = commit
        }
        return found
    }

    /// The files that a commit changes, against its first parent.
    func changedPaths(from old: ObjectID?, to new: ObjectID) throws(SnapshotError) -> [GitChange] {
        try reading { () throws(GitError) in try git.changes(from: old, to: new) }
    }

    private func reading<Result>(_ body: () throws(GitError) -> Result) throws(SnapshotError) -> Result {
        do throws(GitError) { return try body() } catch { throw .git(error) }
    }
}

extension GitCommit {
    /// The commit's id as RollerCore holds it.
    var revision: Revision {
        guard let revision = Revision(id.description) else {
            preconditionFailure("an object's id has 40 hexadecimal digits: \(id)")
        }
        return revision
    }
}
