internal import YAMLDocument

/// A group of people: `groups/ops.yml`. Classes name groups, never persons.
public struct UserGroup: Hashable, Sendable {
    /// Its name, from the file's.
    public let name: GroupName
    /// The number of the group on every host.
    public let gid: Int
    /// Where `gid` is written.
    public let gidLocation: SourceLocation
    /// Who is in it, in the order written.
    public let members: [Member]

    /// Somebody in a group, and where that is written.
    public struct Member: Hashable, Sendable {
        /// Who.
        public let name: LoginName
        /// Where the name is written.
        public let location: SourceLocation
    }

    static func read(_ name: GroupName, _ bytes: [UInt8], _ reader: inout FileReader) -> UserGroup? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(of: node, as: "a group", keys: keys)
        else { return nil }
        if SystemAccounts.groups.contains(name.rawValue) {
            reader.findings.append(
                Diagnostic(
                    .reservedAccount, at: SourceLocation(file: reader.file), "'\(name)' is a group of the system",
                    hint: "give the group another name"))
        }
        let gid = fields["gid"].flatMap { reader.accountNumber($0, of: "the gid") }
        let members = fields["members"].flatMap { reader.members($0) } ?? []
        guard let gid, let gidNode = fields["gid"] else { return nil }
        return UserGroup(name: name, gid: gid, gidLocation: reader.location(gidNode.range), members: members)
    }
}

extension FileReader {
    fileprivate mutating func members(_ node: YAMLNode) -> [UserGroup.Member]? {
        var seen: [LoginName: SourceLocation] = [:]
        return list(node, of: "members") { reader, item in
            guard let name = reader.text(item, as: LoginName.self, of: "the name of a user") else { return nil }
            let place = reader.location(item.range)
            if let first = seen.updateValue(place, forKey: name) {
                reader.add(
                    .badValue, at: item.range, "'\(name)' is in the group already", hint: "remove one of the two",
                    related: [.init(first, "first named here")])
                return nil
            }
            return UserGroup.Member(name: name, location: place)
        }
    }
}
