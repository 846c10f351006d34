/// All that decides the accounts of one host, from one commit: what `roll users` makes true.
///
/// Who is in which group is read at the commit itself, so that taking somebody out of a group needs no release; which groups
/// get onto the host is read at the host's release, and in its own file. The same decisions always make the same bytes, so
/// a host whose answer did not change has nothing to do. It names no commit, which every commit would change.
public struct HostUsers: Hashable, Sendable, Codable {
    /// The format of this: 1.
    public let format: Int
    /// The host it is for.
    public let host: HostName
    /// The people who have an account, sorted by name. Nobody else made by Roller has one.
    public let users: [Account]
    /// The groups that there are, sorted by name: those with access, and every other one that one of the users is in.
    public let groups: [Group]
    /// The groups that have access, and to do what.
    public let access: Access
    /// Accounts that are never touched, beside root and the system's own, sorted.
    public let protected: [LoginName]
    /// How many accounts one run may remove.
    public let removals: Int

    private enum CodingKeys: String, CodingKey {
        case format, host, users, groups, access
        case protected = "protected-accounts"
        case removals = "removals-per-host"
    }

    /// A person's account.
    public struct Account: Hashable, Sendable, Codable {
        /// The login name.
        public let name: LoginName
        /// The number, on every host and for ever.
        public let uid: Int
        /// What the person is called; nil where nothing is said.
        public let fullName: String?
        /// The login shell; nil for the host's own default.
        public let shell: String?
        /// The lines of `authorized_keys`, in the order written. None means that the account cannot be logged in to by key.
        public let keys: [String]
        /// The groups among `groups` that the person is in, sorted.
        public let groups: [GroupName]
        /// Whether the person may become root.
        public let sudo: Bool
        /// The digest of the tarball of the person's dotfiles, at `/v1/users/NAME/home.tar`; nil where there are none.
        public let home: Digest?

        private enum CodingKeys: String, CodingKey {
            case name, uid
            case fullName = "full-name"
            case shell, keys, groups, sudo, home
        }
    }

    /// A group of people.
    public struct Group: Hashable, Sendable, Codable {
        /// Its name.
        public let name: GroupName
        /// Its number on every host.
        public let gid: Int
    }

    /// The groups that get onto the host.
    public struct Access: Hashable, Sendable, Codable {
        /// Those that may log in, sorted.
        public let login: [GroupName]
        /// Those that may log in and become root, sorted.
        public let sudo: [GroupName]
    }
}
