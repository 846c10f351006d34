internal import YAMLDocument

/// Who is in which group at one state of the repository: as much as telling who gets onto which host takes. What is
/// wrong with the files is not its concern.
public struct GroupMembers: Hashable, Sendable {
    /// The members of each group who have an account and have not left.
    public let byGroup: [GroupName: Set<String>]

    /// Reads the files below `users/` and `groups/`; others are passed over.
    public init(_ files: some Sequence<RepoFile>) {
        var users: Set<String> = []
        var groups: [GroupName: Set<String>] = [:]
        for file in files where file.kind == .file || file.kind == .executable {
            switch RepoPlace.of(file.path) {
            case .success(.user(let name)):
                if YAMLDocument.parse(file.bytes).root?["state"]?.text != "gone" { users.insert(name.rawValue) }
            case .success(.group(let name)):
                groups[name] = Set(YAMLDocument.parse(file.bytes).root?["members"]?.texts ?? [])
            default: continue
            }
        }
        byGroup = groups.mapValues { $0.intersection(users) }
    }

    /// Takes them from a state that was read.
    public init(_ repo: ConfigRepo) {
        let users = Set(repo.users.values.filter { $0.state == .active }.map(\.name.rawValue))
        byGroup = repo.userGroups.mapValues { Set($0.members.map(\.name.rawValue)).intersection(users) }
    }

    /// The people who have a right on a host; nobody where there is no access to it.
    public func holders(of right: AccessRight, by access: HostAccess?) -> Set<String> {
        Set((access?.groups(right) ?? []).flatMap { byGroup[$0] ?? [] })
    }
}

extension YAMLNode {
    fileprivate var texts: [String] {
        guard case .sequence(let items) = content else { return [] }
        return items.compactMap(\.text)
    }
}

/// A person who gains or loses a right.
public struct UserAccessChange: Hashable, Sendable, Comparable {
    /// The person's account.
    public let user: String
    /// What they may do now, or could before.
    public let right: AccessRight
    /// Whether they may now.
    public let isGained: Bool

    public static func < (a: UserAccessChange, b: UserAccessChange) -> Bool {
        (a.user, a.right.rawValue, a.isGained ? 0 : 1) < (b.user, b.right.rawValue, b.isGained ? 0 : 1)
    }

    /// Who gains and loses what, sorted.
    /// - Parameters:
    ///   - old: The groups that got onto the host; nil for a host that was not there.
    ///   - new: Those that do now.
    public static func between(
        _ old: HostAccess?, _ oldMembers: GroupMembers, _ new: HostAccess?, _ newMembers: GroupMembers
    ) -> [UserAccessChange] {
        AccessRight.allCases.flatMap { right in
            let before = oldMembers.holders(of: right, by: old)
            let after = newMembers.holders(of: right, by: new)
            return before.symmetricDifference(after).map {
                UserAccessChange(user: $0, right: right, isGained: after.contains($0))
            }
        }.sorted()
    }
}
