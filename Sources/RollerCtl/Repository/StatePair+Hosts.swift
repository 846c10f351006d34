import ConfigSource
import GitRepository
import RollerCore

extension StatePair {
    /// Both states as far as they decide the hosts that the change can affect.
    struct AffectedHosts: Sendable {
        let old: Snapshot
        let new: Snapshot
        /// Every host whose bundle may be another, sorted.
        let names: [HostName]
    }

    /// Reads what decides the hosts that the change can affect, at both states.
    /// - Parameter unchangedHosts: The files of all hosts that are the same in both states; read when nil, and only where
    ///   one of them can be affected.
    func affectedHosts(
        of git: borrowing GitRepository, unchangedHosts: [RepoFile]? = nil
    ) async throws -> AffectedHosts {
        var others: [RepoFile] = []
        if mayReachUnchangedHosts {
            others = if let unchangedHosts { unchangedHosts } else { try await self.unchangedHosts(of: git) }
        }
        let shared =
            try unchangedFiles(under: [RepoRoot.path, "datacenters"], of: git)
            + others.filter { change.mayAffect(hostFile: $0.bytes) }
        let (old, new) = try await snapshots(with: shared, of: git)
        let names = change.hosts.union(old.repo.hosts.keys).union(new.repo.hosts.keys)
        return AffectedHosts(old: old, new: new, names: names.sorted())
    }

    /// Whether hosts whose own files are the same can get another bundle.
    var mayReachUnchangedHosts: Bool { change.isRoot || !change.datacenters.isEmpty }

    /// Two snapshots of what differs and some files that do not, reading hosts and looking for releases once for both.
    func snapshots(
        with shared: [RepoFile], of git: borrowing GitRepository
    ) async throws -> (old: Snapshot, new: Snapshot) {
        let others = shared.filter { !ConfigRepo.isHost($0.path) }
        var old = RepoReading(oldFiles + others)
        var new = RepoReading(newFiles + others)
        for part in await readings(ofHosts: shared) {
            old.add(hosts: part)
            new.add(hosts: part)
        }
        let references = Set(old.repo.releaseReferences).union(new.repo.releaseReferences)
        let releases = try await ConfigSource.releases(references.sorted(), ofRepositoryAt: git.place)
        let snapshot = { (read: RepoReading, revision: ObjectID?) in
            let wanted = Set(read.repo.releaseReferences)
            return Snapshot(
                revision: revision.map(Revision.init), committed: nil, repo: read.repo,
                releases: releases.filter { wanted.contains($0.key) }, findings: read.findings)
        }
        let newCommit: ObjectID? =
            switch self.new {
            case .commit(let id): id
            case .workTree: nil
            }
        return (snapshot(old, self.old), snapshot(new, newCommit))
    }
}

/// What those of the files say that are of hosts, read on all cores.
func readings(ofHosts files: [RepoFile]) async -> [RepoReading] {
    let hosts = files.filter { ConfigRepo.isHost($0.path) }
    let size = 250
    return await withTaskGroup { group in
        for first in stride(from: 0, to: hosts.count, by: size) {
            group.addTask { RepoReading(Array(hosts[first..<min(first + size, hosts.count)])) }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
}

extension StatePair.AffectedHosts {
    /// Compares every affected host, on all cores, and brings the results together.
    func compare<Result: Sendable>(
        into start: Result, _ add: @escaping @Sendable (inout Result, HostComparison) -> Void,
        merge: (inout Result, Result) -> Void
    ) async -> Result {
        await inChunks(names, into: start) { result, name in
            add(&result, HostComparison(name, old: old, new: new))
        } merge: {
            merge(&$0, $1)
        }
    }

    /// How many hosts get another bundle.
    func changedHosts() async -> Set<HostName> {
        await compare(into: Set<HostName>()) { found, comparison in
            if comparison.bundleDiffers { found.insert(comparison.name) }
        } merge: {
            $0.formUnion($1)
        }
    }
}

/// Folds over items in chunks that run beside each other.
func inChunks<Item: Sendable, Result: Sendable>(
    _ items: [Item], into start: Result, _ add: @escaping @Sendable (inout Result, Item) -> Void,
    merge: (inout Result, Result) -> Void
) async -> Result {
    let size = 250
    return await withTaskGroup { group in
        for first in stride(from: 0, to: items.count, by: size) {
            let chunk = items[first..<min(first + size, items.count)]
            group.addTask {
                var result = start
                for item in chunk { add(&result, item) }
                return result
            }
        }
        var result = start
        for await part in group { merge(&result, part) }
        return result
    }
}
