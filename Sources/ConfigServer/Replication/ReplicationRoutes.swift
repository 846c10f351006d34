internal import HTTPTypes
internal import RollerCore

/// `/v1/replication`: where packages are.
struct ReplicationRoutes: Sendable {
    let replicator: Replicator?

    var routes: [Route] {
        [.get("/v1/replication", taking: ListPart.parameters.union(["package", "format"]), report)]
    }

    @Sendable private func report(_ call: Call) async throws -> Answer {
        try checkPackage(call)
        let page = try ListPart(call)
        guard let replicator else {
            return Answer(.entries([("servers", .list([])), ("packages", .list([]))]), as: try call.format())
        }
        let report = ReplicationReport(
            replicator.board, age: call.standing.bucket?.age ?? 0, now: UTCTime.now.seconds)
        var packages = report.packages
        if let text = call.query["package"] {
            packages.removeAll { $0.description != text && !$0.description.hasPrefix(text + "/") }
        }
        let part = page.part(of: packages, name: \.description)
        var entries: [(String, Value)] = [
            ("bucket", .string(replicator.bucket.name)), ("server", .string(replicator.board.identity.description)),
        ]
        if let bucket = call.standing.bucket { entries += bucket.entries }
        let datacenters = report.servers.sorted { $0.key < $1.key }
        entries.append(
            (
                "servers",
                .list(
                    datacenters.flatMap { _, servers in
                        servers.map(\.server.description).sorted().map(Value.string)
                    })
            ))
        entries.append(
            (
                "packages",
                .list(
                    part.part.map { key in
                        .entries([
                            ("package", .string(key.description)),
                            (
                                "datacenters",
                                .entries(
                                    datacenters.map { ($0.key.rawValue, value(report.standing(of: key, in: $0.key))) })
                            ),
                        ])
                    })
            ))
        var answer = Answer(.entries(entries), as: try call.format())
        answer.headers[.rollerTotalCount] = "\(packages.count)"
        if let next = part.next { answer.headers[.link] = call.link("/v1/replication", after: next) }
        return answer
    }

    private func checkPackage(_ call: Call) throws(RequestError) {
        guard let text = call.query["package"] else { return }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3, PackageName(parts[0]) != nil, parts.count < 2 || PackageVersion(parts[1]) != nil,
            parts.count < 3 || Platform(parts[2]) != nil
        else { throw .badParameter("package", text, rule: "NAME, NAME/VERSION or NAME/VERSION/PLATFORM") }
    }

    private func value(_ standing: ReplicationReport.Standing) -> Value {
        switch standing {
        case .here(let arrival):
            var entries: [(String, Value)] = [("since", .string(UTCTime(seconds: arrival.since / 1000).iso8601))]
            if let took = arrival.took { entries.append(("milliseconds", .int(took))) }
            return .entries(entries)
        case .waiting(let why): return .entries([("waits-for", .string(why))])
        }
    }
}

extension ReplicationSource {
    /// For the page.
    init(_ replicator: Replicator) {
        self.init {
            let report = ReplicationReport(
                replicator.board, age: replicator.snapshots.standing.bucket?.age ?? 0, now: UTCTime.now.seconds)
            return report.packages.flatMap { key in
                report.servers.keys.sorted().map { datacenter in
                    switch report.standing(of: key, in: datacenter) {
                    case .here(let arrival):
                        ReplicaState(
                            package: key, datacenter: datacenter, since: arrival.since / 1000,
                            took: arrival.took.map { .milliseconds($0) }, waitsFor: "")
                    case .waiting(let why):
                        ReplicaState(package: key, datacenter: datacenter, since: nil, took: nil, waitsFor: why)
                    }
                }
            }
        }
    }
}
