/// A place in the repository that has to do with something one asks for.
public struct Mention: Hashable, Sendable {
    /// What is done there.
    public let role: Role
    /// Where: a file of the state, or of a release in use.
    public let location: SourceLocation
    /// What is written there: a value, a version, a type; or through which group somebody gets access.
    public let detail: String?
    /// How many hosts that concerns; nil where it is a class as it stands, which hosts get with its next release.
    public let hosts: Int?

    /// What a place has to do with it.
    public enum Role: String, Hashable, Sendable {
        /// A class gives a setting its default.
        case declares
        /// A class requires a setting of its hosts.
        case requires
        /// A datacenter or a host sets it.
        case sets
        /// A template or a text of a service shows it.
        case reads
        /// A class installs a package, at a version.
        case pins
        /// A service depends on it.
        case uses
        /// A class brings a file.
        case brings
        /// A class keeps a path over rolls.
        case keeps
        /// A class gives a file its mode.
        case mode
        /// A user or group has its file.
        case defines
        /// A group has a member.
        case member
        /// A class or a host lets a group log in.
        case login
        /// A class or a host lets a group become root.
        case sudo
    }

    init(_ role: Role, _ location: SourceLocation, _ detail: String? = nil, hosts: Int? = nil) {
        self.role = role
        self.location = location
        self.detail = detail
        self.hosts = hosts
    }
}

/// Everything that a repository says about one thing.
public struct Whereabouts: Hashable, Sendable {
    /// What kind of thing it is.
    public let kind: Kind
    /// What it is called.
    public let name: String
    /// The places, in reading order within each kind of file.
    public let mentions: [Mention]

    /// The things one can ask for.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case setting, package, file, user, group
    }
}
