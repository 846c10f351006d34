internal import ConfigSource
internal import GitRepository
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// Where each release was first seen since the server started. A release never moves: what hosts were given under its
/// name must stay what it is.
final class ReleaseTags: Sendable {
    private let seen = Mutex<[ReleaseReference: ObjectID]>([:])

    /// Notes that `release` is at `commit`.
    /// - Throws: `movedTag` when it was elsewhere.
    func note(_ release: ReleaseReference, at commit: ObjectID) throws(SnapshotError) {
        let first = seen.withLock { seen in
            if let first = seen[release] { return first }
            seen[release] = commit
            return commit
        }
        guard first == commit else {
            throw .movedTag(release, was: Revision(first), now: Revision(commit))
        }
    }
}

/// A class as it stands at a release, with the bytes of its files.
struct HostclassAtRelease: Sendable {
    let release: Release
    let files: [RepoFile]
}

/// Reads snapshots out of one repository. It belongs to one actor, as libgit2 asks.
struct RepositoryReader: ~Copyable {
    private let git: GitRepository
    private let tags: ReleaseTags
    private let viewBytes: Int
    /// The releases that the last snapshot named. They never change, so they are not read again.
    private var releases: [ReleaseReference: (commit: ObjectID, lookup: ReleaseLookup)] = [:]

    /// - Parameters:
    ///   - path: The bare repository, or the `.git` directory.
    ///   - viewBytes: How many bytes of texts each snapshot may keep.
    init(_ path: FilePath, tags: ReleaseTags, viewBytes: Int) throws(SnapshotError) {
        do throws(GitError) {
            git = try GitRepository.open(bare: path)
        } catch {
            throw .git(error)
        }
        self.tags = tags
        self.viewBytes = viewBytes
    }

    /// The newest commit of a branch.
    func head(of branch: String) throws(SnapshotError) -> ObjectID {
        guard let commit = try reading({ () throws(GitError) in try git.branch(branch) }) else {
            throw .noBranch(branch)
        }
        return commit
    }

    /// The commit that a revision names.
    func resolve(_ revision: String) throws(SnapshotError) -> ObjectID {
        do throws(GitError) {
            return try git.resolve(revision)
        } catch {
            // Whoever asks chose the id: nothing is wrong with the repository.
            if case .missingObject(let id, _, _, _) = error, revision.lowercased().hasPrefix(id.description) {
                throw .git(.noSuchRevision(revision))
            }
            throw .git(error)
        }
    }

    /// The commit of a release; nil where there is none. What is read of the release is to be read there: its tag may
    /// have moved by then.
    func target(of release: ReleaseReference) throws(SnapshotError) -> ObjectID? {
        try reading { () throws(GitError) in try ConfigSource.commit(of: release, in: git) }
    }

    /// Reads everything at a commit, with the releases that its hosts name.
    mutating func snapshot(at commit: ObjectID) throws(SnapshotError) -> ServedSnapshot {
        let files = try reading { () throws(GitError) in try ConfigSource.files(of: git, at: commit) }
        let (repo, findings) = ConfigRepo.read(files)
        var lookups: [ReleaseReference: ReleaseLookup] = [:]
        var targets: [ReleaseReference: ObjectID?] = [:]
        var kept: [ReleaseReference: (commit: ObjectID, lookup: ReleaseLookup)] = [:]
        for reference in repo.releaseReferences {
            let target = try target(of: reference)
            targets[reference] = .some(target)
            if let target, let known = releases[reference], known.commit == target {
                lookups[reference] = known.lookup
                kept[reference] = known
                continue
            }
            let lookup = try reading { () throws(GitError) in try ConfigSource.release(reference, at: target, in: git) }
            lookups[reference] = lookup
            if let target, case .found = lookup { kept[reference] = (target, lookup) }
        }
        releases = kept
        let committed = try reading { () throws(GitError) in try git.commit(commit).time }
        let revision = Revision(commit)
        let snapshot = Snapshot(
            revision: revision, committed: committed, repo: repo, releases: lookups,
            findings: findings)
        return ServedSnapshot(
            snapshot, revision: revision, files: files, releaseTargets: targets, viewBytes: viewBytes)
    }

    /// Notes where the releases of a snapshot are.
    /// - Throws: `movedTag` when one was elsewhere.
    func note(_ releases: [ReleaseReference: ObjectID?]) throws(SnapshotError) {
        for (reference, target) in releases.sorted(by: { $0.key < $1.key }) {
            if let target, case .release = reference.state { try tags.note(reference, at: target) }
        }
    }

    /// A class at a release, whether a host names it or not.
    /// - Parameter target: The release's commit, as `target(of:)` found it.
    func hostclass(at reference: ReleaseReference, _ target: ObjectID?) throws -> HostclassAtRelease {
        try note([reference: target])
        let lookup = try reading { () throws(GitError) in try ConfigSource.release(reference, at: target, in: git) }
        switch lookup {
        case .found(let release, _):
            let commit = ObjectID(hex: release.revision.rawValue)
            let files = try reading { () throws(GitError) in
                guard let commit else { return [GitFile]() }
                return try git.files(at: commit, under: HostclassTree.paths(of: reference.hostclass))
            }
            return HostclassAtRelease(release: release, files: files.map(RepoFile.init))
        case .unreadable(_, let findings) where findings.hasErrors: throw SnapshotError.unreadable(reference, findings)
        case .unreadable, .missing:
            let names = try releaseTags(of: reference.hostclass).map(\.name)
            throw UnknownName("release", reference.rawValue, among: names)
        }
    }

    /// The releases of a class, in byte order of their names, with the time of the commit each points at.
    func releases(of hostclass: HostclassName) throws(SnapshotError) -> [(tag: GitTag, time: UTCTime)] {
        var found: [(tag: GitTag, time: UTCTime)] = []
        for tag in try releaseTags(of: hostclass) {
            let commit = try reading { () throws(GitError) in try git.commit(tag.target) }
            found.append((tag, UTCTime(seconds: commit.time)))
        }
        return found
    }

    private func releaseTags(of hostclass: HostclassName) throws(SnapshotError) -> [GitTag] {
        try reading { () throws(GitError) in try git.tags(matching: "\(hostclass)@") }
            .filter { ReleaseReference($0.name) != nil }
    }

    private func reading<Result>(_ body: () throws(GitError) -> Result) throws(SnapshotError) -> Result {
        do throws(GitError) { return try body() } catch { throw .git(error) }
    }
}
