/// The kinds of YAML files in a repository.
public enum RepoFileKind: String, Hashable, Sendable, CaseIterable {
    /// `roller.yml`.
    case roller
    /// `datacenters/<name>.yml`.
    case datacenter
    /// `hostclasses/<name>.yml`.
    case hostclass
    /// `hostclasses/<name>.lock.yml`.
    case lock
    /// `hosts/<name>.yml`.
    case host
    /// `users/<name>.yml`.
    case user
    /// `groups/<name>.yml`.
    case group

    /// Which files are of this kind, as editors match them.
    public var glob: String {
        switch self {
        case .roller: RepoRoot.path
        case .datacenter: "datacenters/*.yml"
        case .hostclass: "hostclasses/!(*.lock).yml"
        case .lock: "hostclasses/*.lock.yml"
        case .host: "hosts/*.yml"
        case .user: "users/*.yml"
        case .group: "groups/*.yml"
        }
    }

    /// What a file of this kind is about.
    public var summary: String {
        switch self {
        case .roller: "The marker of a config repository's root, and what holds for all of it."
        case .datacenter: "Values for the hosts in one place."
        case .hostclass: "A kind of host: what is installed, with which defaults, and which services run."
        case .lock: "The exact bytes of every package of a class; `rollerctl lock` writes it."
        case .host: "A host: its class and release, its datacenter, and what differs."
        case .user: "A person."
        case .group: "A group of people."
        }
    }

    var keys: KeyTable {
        switch self {
        case .roller: RepoRoot.keys
        case .datacenter: Datacenter.keys
        case .hostclass: Hostclass.keys
        case .lock: Lock.keys
        case .host: Host.keys
        case .user: User.keys
        case .group: UserGroup.keys
        }
    }
}
