/// Two states of the repository, both read whole, the older one first.
public struct SnapshotPair: Sendable {
    /// The older state.
    public let old: Snapshot
    /// The newer state.
    public let new: Snapshot
    /// What the files that differ are of, as far as it can affect hosts.
    public let change: SnapshotChange

    /// Two states.
    /// - Parameters:
    ///   - oldFiles: The files of the older one, by path.
    ///   - newFiles: Those of the newer one.
    public init(
        old: Snapshot, _ oldFiles: [String: RepoFile], new: Snapshot, _ newFiles: [String: RepoFile]
    ) {
        self.old = old
        self.new = new
        var paths = Set(oldFiles.keys.filter { newFiles[$0] == nil })
        for (path, file) in newFiles where oldFiles[path] != file { paths.insert(path) }
        // What roller.yml says decides no host, but while it has errors none gets a bundle.
        let isFaulty = [old, new].contains { state in
            state.findings.contains { $0.location.file == RepoRoot.path && $0.severity == .error }
        }
        if !isFaulty { paths.remove(RepoRoot.path) }
        change = SnapshotChange(paths: paths)
    }

    /// Every host whose bundle may be another, sorted.
    public var affectedHosts: [HostName] {
        let all = [old, new].flatMap { $0.repo.hosts.values }
        let affected = all.filter { change.isRoot || change.datacenters.contains($0.datacenter) }.map(\.name)
        return change.hosts.union(affected).sorted()
    }

    /// Compares every host that may be affected, and counts what that comes to.
    /// - Parameters:
    ///   - from: What the older state is called.
    ///   - to: What the newer state is called.
    ///   - limit: How many ways in which hosts change are shown; of the hosts beyond, their names.
    public func compare(from: String, to: String, limit: Int = .max) -> (diff: DiffReport.RangeDiff, impact: Impact) {
        var groups = DiffGroups(limit: limit)
        var impact = Impact()
        let hosts = old.repo.hosts.merging(new.repo.hosts) { _, new in new }
        for host in hosts.values { impact.count(host) }
        for name in affectedHosts {
            let comparison = HostComparison(name, old: old, new: new)
            guard let diff = comparison.diff else { continue }
            groups.add(diff)
            guard let host = hosts[name] else { continue }
            impact.add(diff, of: host, old: comparison.old.resolved?.bundle, new: comparison.new.resolved?.bundle)
        }
        addAccess(to: &impact, hosts)
        let diff = DiffReport.RangeDiff(
            from: from, to: to, groups, total: hosts.count, unreleased: change.hostclasses.sorted())
        return (diff, impact)
    }

    /// Which groups got onto a host, and do now.
    private struct AccessPair: Hashable {
        let old: HostAccess?
        let new: HostAccess?
    }

    /// Counts people who gain or lose rights: by another release, another host, or another membership.
    private func addAccess(to impact: inout Impact, _ hosts: [HostName: Host]) {
        guard change.isPeople || !change.hosts.isEmpty else { return }
        let members = (old: GroupMembers(old.repo), new: GroupMembers(new.repo))
        let counted = change.isPeople ? Array(hosts.values) : change.hosts.compactMap { hosts[$0] }
        let byAccess = Dictionary(grouping: counted) { host in
            AccessPair(
                old: old.repo.hosts[host.name].flatMap(old.access), new: new.repo.hosts[host.name].flatMap(new.access))
        }
        for (pair, hosts) in byAccess {
            impact.add(UserAccessChange.between(pair.old, members.old, pair.new, members.new), on: hosts)
        }
    }
}
