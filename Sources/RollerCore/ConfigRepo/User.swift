internal import YAMLDocument

/// A person: `users/ann.yml`. A leaver's file stays, so that the uid is never given to another.
public struct User: Hashable, Sendable {
    /// The login name, from the file's.
    public let name: LoginName
    /// The number of the account on every host.
    public let uid: Int
    /// Where `uid` is written.
    public let uidLocation: SourceLocation
    /// What the person is called; nil where nothing is said.
    public let fullName: String?
    /// The absolute path of the login shell; nil for the host's own default.
    public let shell: String?
    /// The keys that let the person in.
    public let keys: [LocatedKey]
    /// Whether the person is still there.
    public let state: State

    /// Whether a person has accounts.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Has accounts where a group of theirs has access.
        case active
        /// Has left: accounts are locked and get no keys; the uid stays taken.
        case gone
    }

    /// A key and where it is written.
    public struct LocatedKey: Hashable, Sendable {
        /// The key.
        public let key: SSHPublicKey
        /// Where it is written.
        public let location: SourceLocation
    }

    static func read(_ name: LoginName, _ bytes: [UInt8], _ reader: inout FileReader) -> User? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(
                of: node, as: "a user", keys: keys)
        else { return nil }
        if SystemAccounts.users.contains(name.rawValue) {
            reader.findings.append(
                Diagnostic(
                    .reservedAccount, at: SourceLocation(file: reader.file), "'\(name)' is an account of the system",
                    hint: "give the person another login name"))
        }
        let uid = fields["uid"].flatMap { reader.accountNumber($0, of: "the uid") }
        let fullName = fields["name"].flatMap { reader.fullName($0) }
        let shell = fields["shell"].flatMap { reader.shell($0) }
        let keys = fields["keys"].flatMap { reader.list($0, of: "keys") { $0.sshKey($1) } } ?? []
        let state = fields["state"].map { reader.state($0) } ?? .active
        guard let uid, let uidNode = fields["uid"], let state else { return nil }
        return User(
            name: name, uid: uid, uidLocation: reader.location(uidNode.range), fullName: fullName, shell: shell,
            keys: keys, state: state)
    }
}

extension FileReader {
    /// A uid or gid that is for people.
    mutating func accountNumber(_ node: YAMLNode, of what: String) -> Int? {
        let hint = "use a whole number from 1000 to 60000"
        guard let number = int(node, of: what, in: 0...4_294_967_295, hint: hint) else { return nil }
        guard SystemAccounts.isForPeople(number) else {
            add(.reservedNumber, at: node.range, "\(what) \(number) is reserved for the system", hint: hint)
            return nil
        }
        return number
    }

    /// What goes into the fifth field of passwd(5): a colon would end it, a comma its first part.
    fileprivate mutating func fullName(_ node: YAMLNode) -> String? {
        guard let text = string(node, of: "the name") else { return nil }
        guard
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f && !":,".unicodeScalars.contains($0) }
            )
        else {
            add(
                .badValue, at: node.range, "'\(text)' cannot stand in the list of accounts",
                hint: "leave out colons, commas and line breaks")
            return nil
        }
        return text
    }

    fileprivate mutating func shell(_ node: YAMLNode) -> String? {
        guard let text = string(node, of: "the shell") else { return nil }
        guard text.hasPrefix("/"), TreePath(String(text.dropFirst())) != nil,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") })
        else {
            add(
                .badValue, at: node.range, "'\(text)' is no absolute path of a shell",
                hint: "write it in full, as in /bin/bash")
            return nil
        }
        return text
    }

    fileprivate mutating func sshKey(_ node: YAMLNode) -> User.LocatedKey? {
        guard let text = string(node, of: "a key") else { return nil }
        switch SSHPublicKey.read(text) {
        case .success(let key): return User.LocatedKey(key: key, location: location(node.range))
        case .failure(let problem):
            add(.badKey, at: node.range, problem.message, hint: problem.hint)
            return nil
        }
    }

    fileprivate mutating func state(_ node: YAMLNode) -> User.State? {
        guard let text = string(node, of: "the state") else { return nil }
        if let state = User.State(rawValue: text) { return state }
        let near = nearestName(to: text, among: User.State.allCases.map(\.rawValue))
        add(
            .badValue, at: node.range, "'\(text)' is no state of a user",
            hint: near.map { "did you mean '\($0)'?" } ?? "write active, or gone for one who has left")
        return nil
    }
}
