internal import ConfigSource
internal import GitRepository
internal import RollerCore
internal import SystemPackage

/// A class as it stands at a release, with the bytes of its files.
struct HostclassAtRelease: Sendable {
    let release: Release
    let files: [RepoFile]
}

/// Reads snapshots out of one repository. It belongs to one actor, as libgit2 asks.
struct RepositoryReader: ~Copyable {
    private let git: GitRepository
    private let tags: ReleaseTags
    private let cache: HostCache

    /// - Parameters:
    ///   - path: The bare repository, or the `.git` directory.
    ///   - viewBytes: How many bytes of texts of hosts to keep for all its snapshots together.
    init(_ path: FilePath, tags: ReleaseTags, viewBytes: Int) throws(SnapshotError) {
        do throws(GitError) {
            git = try GitRepository.open(bare: path)
        } catch {
            throw .git(error)
        }
        self.tags = tags
        cache = HostCache(bytes: viewBytes)
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

    /// What is at a commit, with the releases that its hosts name.
    /// - Parameter base: What is known already. Only what differs from it is read, and the rest is shared.
    /// - Returns: The snapshot, and the hosts that may come out otherwise than in `base`; nil where that is any.
    func snapshot(
        at commit: ObjectID, since base: ServedSnapshot?
    ) throws(SnapshotError) -> (snapshot: ServedSnapshot, reached: Set<HostName>?) {
        guard let base, let changes = try changes(since: base, at: commit) else {
            let files = try reading { () throws(GitError) in try ConfigSource.files(of: git, at: commit) }
            let reading = RepoReading(files)
            let byPath = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            return (try snapshot(reading, byPath, at: commit, since: base, nil).snapshot, nil)
        }
        var files = base.files
        for path in changes.paths { files[path] = nil }
        for file in changes.written { files[file.path] = file }
        return try snapshot(base.reading.applying(changes), files, at: commit, since: base, changes)
    }

    /// What differs from a snapshot; nil where all had better be read.
    private func changes(since base: ServedSnapshot, at commit: ObjectID) throws(SnapshotError) -> RepoChanges? {
        do throws(GitError) {
            return try ConfigSource.changes(
                of: git, from: base.commit, to: commit, limit: max(1000, base.files.count / 2))
        } catch {
            // The base may be gone from the repository, as after a forced push. If it is the new commit that cannot be
            // read, reading all of it says so.
            return nil
        }
    }

    private func snapshot(
        _ reading: RepoReading, _ files: [String: RepoFile], at commit: ObjectID, since base: ServedSnapshot?,
        _ changes: RepoChanges?
    ) throws(SnapshotError) -> (snapshot: ServedSnapshot, reached: Set<HostName>?) {
        var lookups: [ReleaseReference: ReleaseLookup] = [:]
        var targets: [ReleaseReference: ObjectID?] = [:]
        var same: Set<ReleaseReference> = []
        for reference in reading.repo.releaseReferences {
            let target = try target(of: reference)
            targets[reference] = .some(target)
            // A release never changes while its tag does not.
            if let base, let target, base.releaseTargets[reference] == .some(target),
                let known = base.snapshot.releases[reference], case .found = known
            {
                lookups[reference] = known
                same.insert(reference)
                continue
            }
            lookups[reference] = try self.reading { () throws(GitError) in
                try ConfigSource.release(reference, at: target, in: git)
            }
        }
        let committed = try self.reading { () throws(GitError) in try git.commit(commit).time }
        let snapshot = Snapshot(
            revision: Revision(commit), committed: committed, repo: reading.repo, releases: lookups,
            findings: reading.findings)
        var former: (snapshot: ServedSnapshot, reached: Set<HostName>)?
        if let base, let changes {
            former = (base, snapshot.hostsReached(since: base.snapshot, by: changes) { same.contains($0) })
        }
        let made = ServedSnapshot(
            snapshot, at: commit, reading: reading, files: files, releaseTargets: targets, since: former,
            cache: cache)
        return (made, former?.reached)
    }

    /// Whether `ancestor` is a commit from which `commit` descends. One that is gone is none.
    func descends(_ commit: ObjectID, from ancestor: ObjectID) throws(SnapshotError) -> Bool {
        do throws(GitError) {
            return try git.isAncestor(ancestor, of: commit)
        } catch {
            if case .missingObject(ancestor, _, _, _) = error { return false }
            throw .git(error)
        }
    }

    /// Notes every release that there is a tag of, in use or not.
    /// - Returns: Those that are not where they were first seen.
    func noteAllReleases() throws(SnapshotError) -> [SnapshotError] {
        var moved: [SnapshotError] = []
        let names = try reading { () throws(GitError) in try git.tags() }
        for tag in names {
            guard let reference = ReleaseReference(tag.name), case .release = reference.state else { continue }
            do throws(SnapshotError) { try tags.note(reference, at: tag.target) } catch { moved.append(error) }
        }
        return moved
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
