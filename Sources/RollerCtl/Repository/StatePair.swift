import ConfigSource
import Crypto
import GitRepository
import LinuxSystem
import RollerCore

/// Two states of the repository and the files that differ, to read no more of either than the question takes.
struct StatePair: Sendable {
    /// The older state, a commit.
    let old: ObjectID
    /// The newer state.
    let new: State
    /// The files that differ, as the older state has them.
    let oldFiles: [RepoFile]
    /// The files that differ, as the newer state has them.
    let newFiles: [RepoFile]
    /// What they are of, as far as it can affect hosts: a `roller.yml` without errors affects none.
    let change: SnapshotChange
    private let changedPaths: Set<String>

    /// A state that can be read.
    enum State: Sendable {
        case commit(ObjectID)
        /// All files of the work tree.
        case workTree([RepoFile])
    }

    /// Compares two states.
    static func read(_ range: RevisionRange, of repository: borrowing ConfigRepository) async throws -> StatePair {
        let old = try repository.git.resolve(range.old)
        guard let new = range.new else {
            let files = try await ConfigSource.workTreeFiles(of: repository.git, at: repository.workTree())
            return try StatePair(from: old, toWorkTree: files, of: repository.git)
        }
        return try StatePair(from: old, to: try repository.git.resolve(new), of: repository.git)
    }

    /// Compares two commits.
    init(from old: ObjectID, to new: ObjectID, of git: borrowing GitRepository) throws {
        var before: [RepoFile] = []
        var after: [RepoFile] = []
        for change in try git.changes(from: old, to: new) {
            switch change {
            case .added(let entry): after.append(try git.repoFile(entry))
            case .removed(let entry): before.append(try git.repoFile(entry))
            case .modified(let from, let to):
                before.append(try git.repoFile(from))
                after.append(try git.repoFile(to))
            }
        }
        self.init(old, .commit(new), before, after)
    }

    private init(
        from old: ObjectID, toWorkTree files: [RepoFile], of git: borrowing GitRepository
    ) throws {
        let entries = try git.entries(at: old)
        var known = Dictionary(entries.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        var before: [RepoFile] = []
        var after: [RepoFile] = []
        for file in files {
            guard let entry = known.removeValue(forKey: Array(file.path.utf8)) else {
                after.append(file)
                continue
            }
            if RepoFile.Kind(entry.mode) == file.kind, file.kind == .submodule || file.blobID == entry.id { continue }
            before.append(try git.repoFile(entry))
            after.append(file)
        }
        for entry in entries where known[Array(entry.path.utf8)] != nil { before.append(try git.repoFile(entry)) }
        self.init(old, .workTree(files), before, after)
    }

    private init(_ old: ObjectID, _ new: State, _ before: [RepoFile], _ after: [RepoFile]) {
        self.old = old
        self.new = new
        oldFiles = before
        newFiles = after
        changedPaths = Set((before + after).map(\.path))
        // What roller.yml says decides no host, but while it has errors none gets a bundle.
        let isFaulty = changedPaths.contains(RepoRoot.path) && [before, after].contains(where: StatePair.hasFaultyRoot)
        change = SnapshotChange(paths: isFaulty ? changedPaths : changedPaths.subtracting([RepoRoot.path]))
    }

    /// Whether `roller.yml` is missing among files that changed, where it did, or has errors.
    private static func hasFaultyRoot(_ files: [RepoFile]) -> Bool {
        ConfigRepo.read(files.filter { $0.path == RepoRoot.path }).findings.hasErrors
    }

    /// The files below `paths` that are the same in both states.
    func unchangedFiles(under paths: [String], of git: borrowing GitRepository) throws -> [RepoFile] {
        guard !paths.isEmpty else { return [] }
        let files: [RepoFile]
        switch new {
        case .commit(let id): files = try git.files(at: id, under: paths).map(RepoFile.init)
        case .workTree(let all):
            files = all.filter { file in
                paths.contains { file.path == $0 || file.path.utf8.starts(with: "\($0)/".utf8) }
            }
        }
        return files.filter { !changedPaths.contains($0.path) }
    }

    /// The files of hosts that are the same in both states. There may be many.
    func unchangedHosts(of git: borrowing GitRepository) async throws -> [RepoFile] {
        guard case .commit(let id) = new else { return try unchangedFiles(under: ["hosts"], of: git) }
        return try await ConfigSource.files(ofRepositoryAt: git.place, at: id, under: ["hosts"])
            .filter { !changedPaths.contains($0.path) }
    }
}

extension GitRepository {
    /// A file of a state with its bytes.
    fileprivate func repoFile(_ entry: GitEntry) throws -> RepoFile {
        RepoFile(
            path: entry.path, kind: RepoFile.Kind(entry.mode), bytes: entry.mode == .submodule ? [] : try blob(entry.id)
        )
    }
}

extension RepoFile.Kind {
    fileprivate init(_ mode: FileMode) {
        self =
            switch mode {
            case .regular: .file
            case .executable: .executable
            case .symlink: .symlink
            case .submodule: .submodule
            }
    }
}

extension RepoFile {
    /// The id that git would give a blob of these bytes (gitformat-pack; SHA-1, as GitRepository reads no other).
    fileprivate var blobID: ObjectID? {
        var hash = Insecure.SHA1()
        hash.update(data: Array("blob \(bytes.count)\0".utf8))
        hash.update(data: bytes)
        return ObjectID(bytes: Array(hash.finalize()))
    }
}
