internal import RollerCore

/// Who gets onto what at one commit, to be read from either side.
struct AccessIndex: Sendable {
    /// A way in: a group that gets onto hosts of a release, by the class or by the hosts' own files.
    struct Way: Hashable, Sendable {
        let release: ReleaseReference
        let right: AccessRight
        let group: GroupName
    }

    /// Somebody who gets onto a host, and how.
    struct Holder: Hashable, Sendable {
        let user: LoginName
        let right: AccessRight
        let group: GroupName
    }

    /// Ways, each with how many hosts it opens.
    typealias Ways = [(way: Way, hosts: Int)]

    private let snapshot: Snapshot
    private let counts: [Way: Int]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        var counts: [Way: Int] = [:]
        for host in snapshot.repo.hosts.values {
            guard let access = snapshot.access(to: host) else { continue }
            for right in AccessRight.allCases {
                for group in access.groups(right) {
                    counts[Way(release: host.release, right: right, group: group), default: 0] += 1
                }
            }
        }
        self.counts = counts
    }

    /// The groups that somebody is in, sorted. A leaver is in none.
    func groups(of user: LoginName) -> [GroupName] {
        guard snapshot.repo.users[user]?.state == .active else { return [] }
        return snapshot.repo.userGroups.values.filter { group in group.members.contains { $0.name == user } }
            .map(\.name).sorted()
    }

    /// What some groups get onto.
    func ways(of groups: some Sequence<GroupName>) -> Ways {
        let groups = Set(groups)
        return counts.filter { groups.contains($0.key.group) }.map { (way: $0.key, hosts: $0.value) }.sorted {
            ($0.way.release, $0.way.right, $0.way.group) < ($1.way.release, $1.way.right, $1.way.group)
        }
    }
}

extension Snapshot {
    /// Who gets onto a host, and through which group.
    func holders(on host: Host) -> [AccessIndex.Holder] {
        guard let access = access(to: host) else { return [] }
        return AccessRight.allCases.flatMap { right in
            access.groups(right).flatMap { group in
                (repo.userGroups[group]?.members ?? []).filter { repo.users[$0.name]?.state == .active }.map {
                    AccessIndex.Holder(user: $0.name, right: right, group: group)
                }
            }
        }.sorted { ($0.user, $0.right, $0.group) < ($1.user, $1.right, $1.group) }
    }
}
