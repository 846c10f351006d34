internal import RollerCore

/// What a change from one commit to another means for all hosts.
struct RangeReport: Sendable {
    /// Hosts by what changes for them, the largest group first.
    let groups: [DiffGroup]
    let impact: Impact
}

/// Compares commits for pages: a few at once, each pair once.
actor PageComparisons {
    private struct Pair: Hashable {
        let old: Revision?
        let new: Revision
    }

    private var known: [(pair: Pair, report: RangeReport)] = []
    private var running: [Pair: Task<RangeReport, Never>] = [:]

    /// Reports hold one diff a group, so a few do not weigh much.
    private static let held = 16
    /// How many pairs are compared at once. Each takes about a second for 10,000 hosts, on all cores.
    private static let most = 2

    /// What lies between two commits.
    /// - Parameter old: Nil for nothing at all, as before the first commit.
    /// - Throws: `SnapshotError.busy` where enough are being compared.
    func report(from old: ServedSnapshot?, to new: ServedSnapshot) async throws(SnapshotError) -> RangeReport {
        let pair = Pair(old: old?.revision, new: new.revision)
        if let place = known.firstIndex(where: { $0.pair == pair }) {
            let found = known.remove(at: place)
            known.append(found)
            return found.report
        }
        if let task = running[pair] { return await task.value }
        guard running.count < Self.most else { throw .busy }
        let task = Task { await compare(old, new) }
        running[pair] = task
        let report = await task.value
        running[pair] = nil
        if !known.contains(where: { $0.pair == pair }) { known.append((pair, report)) }
        if known.count > Self.held { known.removeFirst() }
        return report
    }
}

private func compare(_ old: ServedSnapshot?, _ new: ServedSnapshot) async -> RangeReport {
    let before =
        old?.snapshot
        ?? Snapshot(
            revision: nil, committed: nil, repo: ConfigRepo.read([]).repo, releases: [:], findings: [])
    let after = new.snapshot
    let names = affectedHosts(old, new)
    let parts = await withTaskGroup { group in
        for start in stride(from: 0, to: names.count, by: 200) {
            let part = names[start..<min(start + 200, names.count)]
            group.addTask {
                var (groups, impact) = (DiffGroups(), Impact())
                for name in part {
                    let comparison = HostComparison(name, old: before, new: after)
                    guard let diff = comparison.diff else { continue }
                    groups.add(diff)
                    guard let host = after.repo.hosts[name] ?? before.repo.hosts[name] else { continue }
                    impact.add(
                        diff, of: host, old: comparison.old.resolved?.bundle, new: comparison.new.resolved?.bundle)
                }
                return (groups, impact)
            }
        }
        return await group.reduce(into: (DiffGroups(), Impact())) { sum, part in
            sum.0.merge(part.0)
            sum.1.merge(part.1)
        }
    }
    var impact = parts.1
    let hosts = before.repo.hosts.merging(after.repo.hosts) { _, new in new }
    for host in hosts.values { impact.count(host) }
    addAccess(to: &impact, old, new, hosts)
    return RangeReport(groups: parts.0.groups, impact: impact)
}

/// The hosts for which anything that decides them is not the same on both sides, sorted.
private func affectedHosts(_ old: ServedSnapshot?, _ new: ServedSnapshot) -> [HostName] {
    let ofFiles = { (snapshot: ServedSnapshot?) in
        (snapshot?.files.keys ?? [:].keys).compactMap { path -> HostName? in
            guard path.hasPrefix("hosts/"), path.hasSuffix(".yml") else { return nil }
            return HostName(String(path.dropFirst(6).dropLast(4)))
        }
    }
    let names = Set(ofFiles(old)).union(ofFiles(new)).sorted()
    guard let old, old.files["roller.yml"] == new.files["roller.yml"] else { return names }
    let isSame = { (path: String) in old.files[path] == new.files[path] }
    return names.filter { name in
        guard isSame("hosts/\(name).yml"), let host = new.snapshot.repo.hosts[name],
            isSame("datacenters/\(host.datacenter).yml"),
            old.releaseTargets[host.release] == new.releaseTargets[host.release]
        else { return true }
        return false
    }
}

/// Counts people who gain or lose rights, by the releases that hosts were and are on.
private func addAccess(
    to impact: inout Impact, _ old: ServedSnapshot?, _ new: ServedSnapshot, _ hosts: [HostName: Host]
) {
    struct Releases: Hashable {
        let old: ReleaseReference?
        let new: ReleaseReference?
    }
    let members = (old: GroupMembers((old?.files ?? [:]).values), new: GroupMembers(new.files.values))
    let byReleases = Dictionary(grouping: hosts.values) { host in
        Releases(
            old: old?.snapshot.repo.hosts[host.name]?.release, new: new.snapshot.repo.hosts[host.name]?.release)
    }
    for (releases, hosts) in byReleases {
        let before = releases.old.flatMap { old?.snapshot.releases[$0]?.access }
        let after = releases.new.flatMap { new.snapshot.releases[$0]?.access }
        impact.add(UserAccessChange.between(before, members.old, after, members.new), on: hosts)
    }
}

extension ReleaseLookup {
    /// The groups that the class lets in; nil where it cannot be read.
    var access: HostAccess? {
        switch self {
        case .found(let release, _): HostAccess(release.tree.hostclass.access)
        case .unreadable, .missing: nil
        }
    }
}
