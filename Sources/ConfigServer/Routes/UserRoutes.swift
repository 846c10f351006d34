internal import HTTPTypes
internal import RollerCore

/// `/v1/users`, `/v1/groups` and `/v1/hosts/{host}/users`: people, and who gets onto what.
struct UserRoutes: Sendable {
    let history: History
    let indexes: SnapshotIndexes

    var routes: [Route] {
        let view: Set = ["at", "format"]
        let list = view.union(ListPart.parameters)
        return [
            .get("/v1/users", taking: list.union(["group", "state"]), users),
            .get("/v1/users/{user}", taking: view, user),
            .get("/v1/users/{user}/hosts", taking: list, hosts),
            .get("/v1/users/{user}/home.tar", taking: ["at"], home),
            .get("/v1/groups", taking: list, groups),
            .get("/v1/groups/{group}", taking: view, group),
            .get("/v1/hosts/{host}/users", taking: view, hostUsers),
        ]
    }

    @Sendable private func users(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let repo = snapshot.snapshot.repo
        let group = try call.query["group"].map { try snapshot.group($0) }
        let state = try call.query["state"].map { text in
            guard let state = User.State(rawValue: text) else {
                throw RequestError.badParameter(
                    "state", text, rule: User.State.allCases.map(\.rawValue).joined(separator: " or "))
            }
            return state
        }
        let users = repo.users.values.filter { user in
            (state == nil || user.state == state)
                && (group?.members.contains { $0.name == user.name } ?? true)
        }.sorted { $0.name < $1.name }
        return try call.list(users, path: "/v1/users", of: snapshot, name: \.name.rawValue) { user in
            user.summary(in: repo)
        }
    }

    @Sendable private func user(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let user = try snapshot.user(call["user"])
        return try snapshot.view(file: "users/\(user.name).yml", call.format()) { user.asValue }
    }

    /// Every host that a person gets onto.
    @Sendable private func hosts(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.user(call["user"]).name
        let hosts = snapshot.snapshot.access(of: name)
        return try call.list(
            hosts, path: "/v1/users/\(name)/hosts", of: snapshot, name: \.host.name.rawValue
        ) { found in
            .entries([
                ("name", .string(found.host.name.rawValue)), ("release", .string(found.host.release.rawValue)),
                ("datacenter", .string(found.host.datacenter.rawValue)), ("login", .bool(true)),
                ("sudo", .bool(found.sudo)),
            ])
        }
    }

    /// A person's dotfiles as a tarball.
    @Sendable private func home(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.user(call["user"]).name
        let homes = try indexes.of(snapshot).homes()
        guard let home = homes[name] else {
            throw UnknownName("home", name.rawValue, among: homes.keys.map(\.rawValue))
        }
        return Answer(View(home.tarball, type: "application/x-tar"), of: snapshot.revision)
    }

    @Sendable private func groups(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let groups = snapshot.snapshot.repo.userGroups.values.sorted { $0.name < $1.name }
        return try call.list(groups, path: "/v1/groups", of: snapshot, name: \.name.rawValue) { group in
            .entries([
                ("name", .string(group.name.rawValue)), ("gid", .int(group.gid)),
                ("members", .int(group.members.count)),
            ])
        }
    }

    @Sendable private func group(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let group = try snapshot.group(call["group"])
        return try snapshot.view(file: "groups/\(group.name).yml", call.format()) {
            .entries([
                ("gid", .int(group.gid)), ("members", .list(group.members.map { .string($0.name.rawValue) })),
            ])
        }
    }

    /// All that decides the accounts of a host. The tag is the digest of the JSON, whatever the format.
    @Sendable private func hostUsers(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let host = try snapshot.host(call["host"])
        let format = try call.format()
        let index = indexes.of(snapshot)
        let key = ViewCache.Key(name: "hosts/\(host.name)/users", format: format)
        let view = try snapshot.views.view(key, type: format.mediaType) {
            let homes = try index.homes().mapValues(\.digest)
            guard let users = snapshot.snapshot.users(of: host, homes: homes) else {
                throw SnapshotError.unresolved(host.name, snapshot.snapshot.findings)
            }
            let json = users.json
            let digest = Digest(of: json).hex
            return switch format {
            case .json: ViewCache.Made(bytes: json, tag: EntityTag(opaque: digest))
            case .yaml:
                ViewCache.Made(bytes: Array(Value.coded(users).yaml.utf8), tag: EntityTag(opaque: "\(digest).yaml"))
            }
        }
        return Answer(view, of: snapshot.revision)
    }
}

extension ServedSnapshot {
    /// The person of that name.
    func user(_ text: String) throws -> User {
        guard let name = LoginName(text), let user = snapshot.repo.users[name] else {
            throw UnknownName("user", text, among: snapshot.repo.users.keys.map(\.rawValue))
        }
        return user
    }

    /// The group of that name.
    func group(_ text: String) throws -> UserGroup {
        guard let name = GroupName(text), let group = snapshot.repo.userGroups[name] else {
            throw UnknownName("group", text, among: snapshot.repo.userGroups.keys.map(\.rawValue))
        }
        return group
    }
}

extension User {
    /// A person in a list.
    fileprivate func summary(in repo: ConfigRepo) -> Value {
        let groups = repo.userGroups.values.filter { $0.members.contains { $0.name == name } }.map(\.name).sorted()
        var entries: [(String, Value)] = [("name", .string(name.rawValue)), ("uid", .int(uid))]
        if let fullName { entries.append(("full-name", .string(fullName))) }
        entries.append(("state", .string(state.rawValue)))
        entries.append(("groups", .list(groups.map { .string($0.rawValue) })))
        return .entries(entries)
    }

    /// What the person's file says.
    fileprivate var asValue: Value {
        var entries: [(String, Value)] = [("uid", .int(uid))]
        if let fullName { entries.append(("name", .string(fullName))) }
        if let shell { entries.append(("shell", .string(shell))) }
        entries.append(("keys", .list(keys.map { .string($0.key.text) })))
        entries.append(("state", .string(state.rawValue)))
        return .entries(entries)
    }
}
