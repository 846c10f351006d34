extension HostUsers {
    /// The one text of this: JSON with sorted keys. The digest of these bytes is the ETag.
    public var json: [UInt8] { canonicalJSON(self) }

    /// What tells it from every other.
    public var digest: Digest { Digest(of: json) }

    /// Reads what a config server said. Whether it may be acted on is for whoever acts: an empty list is well formed.
    public static func read(_ json: [UInt8]) throws(HostUsersError) -> HostUsers {
        // The format first: what follows may be laid out otherwise in another.
        let head: Head = try decode(json)
        guard head.format == 1 else { throw .unknownFormat(head.format) }
        let users: HostUsers = try decode(json)
        if let name = repeated(users.users.map(\.name.rawValue)) ?? repeated(users.groups.map(\.name.rawValue)) {
            throw .malformed("'\(name)' is there twice")
        }
        if let number = repeated(users.users.map(\.uid)) ?? repeated(users.groups.map(\.gid)) {
            throw .malformed("the number \(number) is there twice")
        }
        if let number = (users.users.map(\.uid) + users.groups.map(\.gid)).first(where: {
            !SystemAccounts.isForPeople($0)
        }) {
            throw .malformed("the number \(number) is reserved for the system")
        }
        let reserved =
            users.users.map(\.name.rawValue).first(where: SystemAccounts.users.contains)
            ?? users.groups.map(\.name.rawValue).first(where: SystemAccounts.groups.contains)
        if let reserved { throw .malformed("'\(reserved)' is the system's") }
        let known = Set(users.groups.map(\.name))
        if let group = (users.users.flatMap(\.groups) + users.access.login + users.access.sudo).first(where: {
            !known.contains($0)
        }) {
            throw .malformed("there is no group '\(group)' in it, and something names it")
        }
        for user in users.users {
            if let line = user.keys.first(where: { if case .failure = SSHPublicKey.read($0) { true } else { false } }) {
                throw .malformed("'\(line)' of '\(user.name)' is no key")
            }
        }
        return users
    }

    private struct Head: Decodable { let format: Int }

    private static func decode<T: Decodable>(_ json: [UInt8]) throws(HostUsersError) -> T {
        do {
            return try readJSON(json, as: T.self)
        } catch {
            throw .malformed(describeDecoding(error))
        }
    }

    private static func repeated<Item: Hashable>(_ items: [Item]) -> Item? {
        var seen: Set<Item> = []
        return items.first { !seen.insert($0).inserted }
    }
}

/// Why a list of a host's users cannot be used.
public enum HostUsersError: RollerError, Hashable {
    /// The bytes are no such list, or one that contradicts itself.
    case malformed(String)
    /// It is of a format that this program does not know.
    case unknownFormat(Int)

    public var message: String {
        switch self {
        case .malformed(let why): "cannot read the list of users: \(why)"
        case .unknownFormat(let format): "the list of users has format \(format), and this program reads format 1"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed: "check that the address is a config server's; `curl` it to see what answers"
        case .unknownFormat: "upgrade roll"
        }
    }
}
