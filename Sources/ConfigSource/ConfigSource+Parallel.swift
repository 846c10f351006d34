public import GitRepository
internal import LinuxSystem
public import RollerCore
public import SystemPackage

/// Reading on all cores. Each task opens the repository for itself, since an open one belongs to one task at a time.
extension ConfigSource {
    /// The state of the repository at a commit, as `snapshot(of:at:)` gives it.
    /// - Throws: `GitError` when objects are missing or damaged, or there is more than is ever read.
    public static func snapshot(
        ofRepositoryAt place: GitRepository.Place, at commit: ObjectID, limits: GitLimits = GitLimits()
    ) async throws -> Snapshot {
        let git = try GitRepository.open(place)
        let reading = try await read(git.entries(at: commit, limits: limits), path: \.path) { part in
            let files = try files(part, of: try GitRepository.open(place), limits)
            return (RepoReading(files), bytes: files.reduce(0) { $0 + $1.bytes.count })
        } limit: { bytes in
            guard bytes > limits.totalBytes else { return }
            throw GitError.overLimit(.totalBytes, at: "commit \(commit)", limit: limits.totalBytes)
        }
        return Snapshot(
            revision: Revision(commit), committed: try git.commit(commit).time, repo: reading.repo,
            releases: try await releases(reading.repo.releaseReferences, ofRepositoryAt: place),
            findings: reading.findings)
    }

    /// What a work tree with edits not yet committed would be as a commit, as `snapshot(ofWorkTree:of:)` gives it.
    /// - Parameter files: Its files.
    public static func snapshot(
        ofWorkTree files: [RepoFile], ofRepositoryAt place: GitRepository.Place
    ) async throws -> Snapshot {
        let reading = try await read(files, path: \.path) { (RepoReading($0), bytes: 0) }
        return Snapshot(
            revision: nil, committed: nil, repo: reading.repo,
            releases: try await releases(reading.repo.releaseReferences, ofRepositoryAt: place),
            findings: reading.findings)
    }

    /// Reads the files of a work tree, as `workTreeFiles(of:in:)` does.
    /// - Parameter root: The root of the work tree.
    public static func workTreeFiles(
        of git: borrowing GitRepository, at root: FilePath
    ) async throws -> [RepoFile] {
        let usual = try await inOrder(git.workTreePaths()) { paths in
            files(paths, in: try Directory.open(root, followingLinks: true))
        }
        return usual + specialFiles(in: try Directory.open(root, followingLinks: true))
    }

    /// Reads the files below some paths at a commit, as `files(of:at:under:)` does.
    public static func files(
        ofRepositoryAt place: GitRepository.Place, at commit: ObjectID, under paths: [String],
        limits: GitLimits = GitLimits()
    ) async throws -> [RepoFile] {
        let entries = try GitRepository.open(place).entries(at: commit, under: paths, limits: limits)
        return try await inOrder(entries) { try files($0, of: try GitRepository.open(place), limits) }
    }

    /// Looks for each of `references`: a tag of that name, or a commit.
    public static func releases(
        _ references: [ReleaseReference], ofRepositoryAt place: GitRepository.Place
    ) async throws -> [ReleaseReference: ReleaseLookup] {
        try await withThrowingTaskGroup { group in
            for part in references.chunks(of: 16) {
                group.addTask { try releases(part, in: try GitRepository.open(place)) }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { one, _ in one } }
        }
    }

    /// Reads the hosts in parts, and all else, whose files say something of each other, as one.
    private static func read<File: Sendable>(
        _ files: [File], path: (File) -> String,
        _ read: @escaping @Sendable ([File]) throws -> (RepoReading, bytes: Int),
        limit: (Int) throws -> Void = { _ in }
    ) async throws -> RepoReading {
        let hosts = files.filter { ConfigRepo.isHost(path($0)) }
        let others = files.filter { !ConfigRepo.isHost(path($0)) }
        return try await withThrowingTaskGroup { group in
            for part in hosts.chunks(of: hostsInPart) { group.addTask { try read(part) } }
            var (whole, bytes) = try read(others)
            for try await part in group {
                bytes += part.bytes
                try limit(bytes)
                whole.add(hosts: part.0)
            }
            return whole
        }
    }

    /// Does a work on parts of `items`, and gives all results in the order of the items.
    private static func inOrder<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ work: @escaping @Sendable ([Item]) throws -> [Result]
    ) async throws -> [Result] {
        let parts = items.chunks(of: hostsInPart)
        return try await withThrowingTaskGroup(of: (Int, [Result]).self) { group in
            for (index, part) in parts.enumerated() { group.addTask { (index, try work(part)) } }
            var results = [[Result]](repeating: [], count: parts.count)
            for try await (index, part) in group { results[index] = part }
            return results.flatMap(\.self)
        }
    }

    /// Enough work for a task that opening the repository once more does not count.
    private static let hostsInPart = 500
}

extension Array {
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
