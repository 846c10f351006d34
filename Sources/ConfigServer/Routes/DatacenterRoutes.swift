internal import OrderedCollections
internal import RollerCore

/// `/v1/datacenters`.
struct DatacenterRoutes: Sendable {
    let history: History

    var routes: [Route] {
        [
            .get("/v1/datacenters", taking: ["at", "format"], list),
            .get("/v1/datacenters/{datacenter}", taking: ["at", "format"], file),
            .get("/v1/datacenters/{datacenter}/hosts", taking: ["at", "format"], hosts),
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        return try snapshot.view("datacenters", call.format()) {
            let hosts = Dictionary(grouping: snapshot.snapshot.repo.hosts.values, by: \.datacenter)
            return .list(
                snapshot.snapshot.repo.datacenters.keys.sorted().map { name in
                    .map(["name": .string(name.rawValue), "hosts": .int(hosts[name]?.count ?? 0)])
                })
        }
    }

    @Sendable private func file(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let datacenter = try snapshot.datacenter(call["datacenter"])
        return try snapshot.view(file: "datacenters/\(datacenter.name).yml", call.format()) { datacenter.asValue }
    }

    @Sendable private func hosts(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.datacenter(call["datacenter"]).name
        return try snapshot.view("datacenters/\(name)/hosts", call.format()) {
            snapshot.snapshot.hosts(in: name).asValue
        }
    }
}
