/// The people of a repository and what their files say of each other.
struct People: Sendable {
    /// Users whose files could be read.
    var users: [LoginName: User] = [:]
    /// Groups whose files could be read.
    var groups: [GroupName: UserGroup] = [:]
    /// Users that have a file, readable or not: naming one of these is no mistake.
    var userFiles: Set<LoginName> = []
    /// The files of each home folder.
    var homes: [LoginName: Set<String>] = [:]

    mutating func add(_ rest: People) {
        users.merge(rest.users) { _, new in new }
        groups.merge(rest.groups) { _, new in new }
        userFiles.formUnion(rest.userFiles)
        homes.merge(rest.homes) { $0.union($1) }
    }

    /// What two files, each right by itself, contradict.
    func check() -> [Diagnostic] { checkNumbers() + checkMembers() + checkKeys() + checkHomes() }

    private func checkNumbers() -> [Diagnostic] {
        let uids = users.values.sorted { $0.name < $1.name }.map {
            ("uid", $0.uid, "user '\($0.name)'", $0.uidLocation)
        }
        let gids = groups.values.sorted { $0.name < $1.name }.map {
            ("gid", $0.gid, "group '\($0.name)'", $0.gidLocation)
        }
        return repeated(uids) + repeated(gids)
    }

    private func repeated(
        _ owners: [(kind: String, number: Int, owner: String, location: SourceLocation)]
    ) -> [Diagnostic] {
        var first: [Int: (owner: String, location: SourceLocation)] = [:]
        return owners.compactMap { kind, number, owner, location in
            guard let other = first[number] else {
                first[number] = (owner, location)
                return nil
            }
            let hint =
                kind == "uid"
                ? "give the newer of the two another; a uid stays with whoever had it first, gone or not"
                : "give the newer of the two another"
            return Diagnostic(
                .numberTaken, at: location, "the \(kind) \(number) of \(owner) is that of \(other.owner) too",
                hint: hint, related: [.init(other.location, "taken here")])
        }
    }

    private func checkMembers() -> [Diagnostic] {
        groups.values.flatMap { group in
            group.members.compactMap { member in
                guard userFiles.contains(member.name) else { return unknownUser(member.name, at: member.location) }
                guard let user = users[member.name], user.state == .gone else { return nil }
                return Diagnostic(
                    .memberGone, at: member.location, "'\(member.name)' has left and is still in '\(group.name)'",
                    hint: "remove the name from the group")
            }
        }
    }

    private func checkHomes() -> [Diagnostic] {
        homes.compactMap { name, files in
            guard !userFiles.contains(name), let first = files.min() else { return nil }
            return unknownUser(name, at: SourceLocation(file: first))
        }
    }

    private func unknownUser(_ name: LoginName, at place: SourceLocation) -> Diagnostic {
        Diagnostic(
            .unknownUser, at: place, "there is no user '\(name)'",
            hint: nearestName(to: name.rawValue, among: userFiles.map(\.rawValue).sorted())
                .map { "did you mean '\($0)'?" } ?? "add users/\(name).yml")
    }

    /// One key for two people: neither can leave alone.
    private func checkKeys() -> [Diagnostic] {
        var first: [String: (user: User, location: SourceLocation)] = [:]
        var findings: [Diagnostic] = []
        for user in users.values.sorted(by: { $0.name < $1.name }) where user.state == .active {
            for key in user.keys {
                guard let other = first[key.key.identity] else {
                    first[key.key.identity] = (user, key.location)
                    continue
                }
                let isOwn = other.user.name == user.name
                findings.append(
                    Diagnostic(
                        .sharedKey, at: key.location,
                        isOwn ? "the key is written twice" : "the key is that of '\(other.user.name)' too",
                        hint: isOwn ? "remove one of the two" : "give each person a key of their own",
                        related: [.init(other.location, "also here")]))
            }
        }
        return findings
    }
}
