internal import RollerCore

/// Who gets onto what at one commit, to be read from either side.
struct AccessIndex: Sendable {
    /// A way in: a group that a release of a class lets in.
    struct Way: Hashable, Sendable {
        let release: ReleaseReference
        let right: AccessRight
        let group: GroupName
        /// The hosts on that release.
        let hosts: Int
    }

    /// Somebody who gets onto hosts of a release, and how.
    struct Holder: Hashable, Sendable {
        let user: LoginName
        let right: AccessRight
        let group: GroupName
    }

    private let repo: ConfigRepo
    private let ways: [Way]

    init(_ snapshot: Snapshot) {
        repo = snapshot.repo
        let counts = Dictionary(grouping: snapshot.repo.hosts.values, by: \.release).mapValues(\.count)
        ways = snapshot.releases.sorted { $0.key < $1.key }.flatMap { reference, lookup in
            AccessRight.allCases.flatMap { right in
                (lookup.access?.groups(right) ?? []).map {
                    Way(release: reference, right: right, group: $0, hosts: counts[reference] ?? 0)
                }
            }
        }
    }

    /// The groups that somebody is in, sorted. A leaver is in none.
    func groups(of user: LoginName) -> [GroupName] {
        guard repo.users[user]?.state == .active else { return [] }
        return repo.userGroups.values.filter { group in group.members.contains { $0.name == user } }.map(\.name)
            .sorted()
    }

    /// What somebody gets onto.
    func ways(of user: LoginName) -> [Way] {
        let groups = Set(groups(of: user))
        return ways.filter { groups.contains($0.group) }
    }

    /// What a group gets onto.
    func ways(of group: GroupName) -> [Way] { ways.filter { $0.group == group } }

    /// Who gets onto the hosts of a release.
    func holders(of release: ReleaseReference) -> [Holder] {
        ways.filter { $0.release == release }.flatMap { way in
            (repo.userGroups[way.group]?.members ?? []).filter { repo.users[$0.name]?.state == .active }.map {
                Holder(user: $0.name, right: way.right, group: way.group)
            }
        }.sorted { ($0.user, $0.right, $0.group) < ($1.user, $1.right, $1.group) }
    }
}
