internal import HTTPTypes
internal import RollerCore

/// `/v1/uses` and `/v1/search`: from a name to what has to do with it.
struct UsesRoutes: Sendable {
    let history: History
    let indexes: SnapshotIndexes

    /// What can be asked for; one at a time.
    static let things = ["package", "setting", "file", "user", "group", "release"]

    var routes: [Route] {
        [
            .get(
                "/v1/uses", taking: ListPart.parameters.union(Self.things).union(["at", "format", "version"]), uses),
            .get("/v1/search", taking: ["at", "format", "q", "kind", "limit"], search),
        ]
    }

    // MARK: Uses

    @Sendable private func uses(_ call: Call) async throws -> Answer {
        let given = Self.things.filter { call.query[$0] != nil }
        guard given.count == 1, let kind = given.first, let text = call.query[kind] else {
            throw RequestError.badParameter(
                given.last ?? "package", given.last.flatMap { call.query[$0] } ?? "",
                rule: "one of \(Self.things.joined(separator: ", ")), and no other beside it")
        }
        if kind != "package", let version = call.query["version"] {
            throw RequestError.badParameter("version", version, rule: "it with a package")
        }
        let paging = try ListPart(call)
        let snapshot = try await call.snapshot(history)
        let name = kind == "file" ? text.belowThePrefix : text
        let found = Self.thing(kind, name, call.query["version"]).map { snapshot.snapshot.uses(of: $0) }
        guard let found, !found.isEmpty else { throw try unknown(kind, name, call.query["version"], in: snapshot) }
        let page = paging.part(of: found.hosts, name: \.rawValue)
        var entries: [(String, Value)] = [("kind", .string(kind)), ("name", .string(name))]
        if let version = call.query["version"] { entries.append(("version", .string(version))) }
        entries.append(("places", .list(found.mentions.map(\.value))))
        entries.append(("count", .int(found.hosts.count)))
        entries.append(("hosts", .list(page.part.map { .string($0.rawValue) })))
        var answer = Answer(View(.entries(entries), as: try call.format()), of: snapshot.revision)
        answer.headers[.rollerTotalCount] = "\(found.hosts.count)"
        if let next = page.next { answer.headers[.link] = call.link("/v1/uses", after: next) }
        return answer
    }

    /// Nil where the name can be none of that kind.
    private static func thing(_ kind: String, _ name: String, _ version: String?) -> UsedThing? {
        switch kind {
        case "package":
            guard let name = PackageName(name) else { return nil }
            guard let version else { return .package(name, nil) }
            return PackageVersion(version).map { .package(name, $0) }
        case "setting": return SettingKey(name).map(UsedThing.setting)
        case "file": return .file(name)
        case "user": return LoginName(name).map(UsedThing.user)
        case "group": return GroupName(name).map(UsedThing.group)
        case "release": return ReleaseReference(name).map(UsedThing.release)
        default: return nil
        }
    }

    private func unknown(
        _ kind: String, _ name: String, _ version: String?, in snapshot: ServedSnapshot
    ) throws -> UnknownName {
        if let version, let package = PackageName(name) {
            let known = snapshot.snapshot.uses(of: .package(package, nil)).mentions.filter { $0.role == .pins }
            if !known.isEmpty {
                return UnknownName("version", version, among: Set(known.compactMap(\.detail)).sorted())
            }
        }
        if kind == "release" {
            return UnknownName(kind, name, among: snapshot.snapshot.releases.keys.map(\.rawValue))
        }
        let names = SearchIndex.Kind(rawValue: kind).map { indexes.of(snapshot).search.names($0) } ?? []
        return UnknownName(kind, name, among: names)
    }

    // MARK: Search

    /// The most hits of each kind.
    private static let usualHits = 20
    static let hits = 1...200
    /// As long as what is searched for may be, in characters.
    static let longestQuery = 100

    @Sendable private func search(_ call: Call) async throws -> Answer {
        let text = call.query["q"] ?? ""
        guard (1...Self.longestQuery).contains(text.unicodeScalars.count) else {
            throw RequestError.badParameter(
                "q", text, rule: "a part of a name, \(Self.longestQuery) characters at most")
        }
        let kinds = try call.query["kind"].map { text in
            guard let kind = SearchIndex.Kind(rawValue: text) else {
                throw RequestError.badParameter(
                    "kind", text, rule: SearchIndex.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return Set([kind])
        }
        let limit = try call.number("limit", in: Self.hits) ?? Self.usualHits
        let snapshot = try await call.snapshot(history)
        let found = indexes.of(snapshot).search.find(
            text, kinds: kinds ?? Set(SearchIndex.Kind.allCases), limit: limit)
        let counts = SearchIndex.Kind.allCases.compactMap { kind in
            found.counts[kind].map { (kind.rawValue, Value.int($0)) }
        }
        return Answer(
            View(
                .entries([
                    ("query", .string(text)), ("counts", .entries(counts)),
                    (
                        "hits",
                        .list(
                            found.hits.map {
                                .entries([
                                    ("kind", .string($0.kind.rawValue)), ("name", .string($0.name)),
                                    ("href", .string($0.address)),
                                ])
                            })
                    ),
                ]), as: try call.format()), of: snapshot.revision)
    }
}

extension SearchIndex.Hit {
    /// Where there is more about it.
    fileprivate var address: String {
        switch kind {
        case .host: "/v1/hosts/\(name)"
        case .hostclass: "/v1/hostclasses/\(name)"
        case .datacenter: "/v1/datacenters/\(name)"
        case .user: "/v1/users/\(name)"
        case .group: "/v1/groups/\(name)"
        case .package, .setting, .file: "/v1/uses?\(kind.rawValue)=\(encoded(name))"
        }
    }
}
