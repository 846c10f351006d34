import ConfigSource
import GitRepository
import RollerCore

extension StatePair {
    /// What the change does to all hosts together.
    func impact(of git: borrowing GitRepository) async throws -> Impact {
        let unchanged = try await unchangedHosts(of: git)
        let affected = try await affectedHosts(of: git, unchangedHosts: unchanged)
        // Each host once: those whose file is the same from either state, others from the newer one that has them.
        let same = await hosts(in: unchanged)
        let changed = await (hosts(in: oldFiles), hosts(in: newFiles))
        let counted = changed.0.merging(changed.1) { _, new in new }
        var impact = Impact()
        for host in same.values { impact.count(host) }
        for host in counted.values { impact.count(host) }
        let parts = await affected.compare(into: Impact()) { impact, comparison in
            guard let diff = comparison.diff,
                let host = counted[comparison.name] ?? same[comparison.name]
            else { return }
            impact.add(diff, of: host, old: comparison.old.resolved?.bundle, new: comparison.new.resolved?.bundle)
        } merge: {
            $0.merge($1)
        }
        impact.merge(parts)
        try addAccess(to: &impact, same: same, old: changed.0, new: changed.1, affected, of: git)
        return impact
    }

    /// How many hosts there are on either side.
    func hostCount(of git: borrowing GitRepository) throws -> Int {
        let paths: [String]
        switch new {
        case .commit(let id): paths = try git.entries(at: id, under: ["hosts"]).map(\.path)
        case .workTree(let files): paths = files.map(\.path).filter { $0.hasPrefix("hosts/") }
        }
        return Set(paths + oldFiles.map(\.path).filter { $0.hasPrefix("hosts/") }).count
    }

    /// The hosts that these files are of, as far as they can be read.
    private func hosts(in files: [RepoFile]) async -> [HostName: Host] {
        await readings(ofHosts: files).reduce(into: [:]) { $0.merge($1.repo.hosts) { one, _ in one } }
    }

    /// Counts people who gain or lose rights: by another release, another host, or another membership.
    private func addAccess(
        to impact: inout Impact, same: [HostName: Host], old: [HostName: Host], new: [HostName: Host],
        _ affected: AffectedHosts, of git: borrowing GitRepository
    ) throws {
        guard change.isPeople || !change.hosts.isEmpty else { return }
        let shared = try unchangedFiles(under: ["users", "groups"], of: git)
        let members = (old: GroupMembers(oldFiles + shared), new: GroupMembers(newFiles + shared))
        var releases = affected.old.releases.merging(affected.new.releases) { one, _ in one }
        let counted = (change.isPeople ? Array(same.values) : []) + old.values + new.values
        for reference in Set(counted.map(\.release)) where releases[reference] == nil {
            releases[reference] = try ConfigSource.release(reference, in: git)
        }
        let access = { (host: Host?) in host.flatMap { host in releases[host.release]?.access(to: host) } }
        var hosts: [AccessPair: [Host]] = [:]
        for name in Set(old.keys).union(new.keys) {
            guard let host = new[name] ?? old[name] else { continue }
            hosts[AccessPair(old: access(old[name]), new: access(new[name])), default: []].append(host)
        }
        if change.isPeople {
            for host in same.values {
                hosts[AccessPair(old: access(host), new: access(host)), default: []].append(host)
            }
        }
        for (pair, hosts) in hosts {
            impact.add(UserAccessChange.between(pair.old, members.old, pair.new, members.new), on: hosts)
        }
    }
}

/// Which groups got onto a host and do now.
private struct AccessPair: Hashable {
    let old: HostAccess?
    let new: HostAccess?
}

extension ReleaseLookup {
    /// The groups that get onto a host at this release; nil where it cannot be read.
    fileprivate func access(to host: Host) -> HostAccess? {
        switch self {
        case .found(let release, _): HostAccess(release.tree.hostclass.access, adding: host.access)
        case .unreadable, .missing: nil
        }
    }
}
