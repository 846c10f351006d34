internal import OrderedCollections
internal import RollerCore

/// `/v1/datacenters`.
struct DatacenterRoutes: Sendable {
    let history: History
    let indexes: SnapshotIndexes

    var routes: [Route] {
        [
            .get("/v1/datacenters", taking: ListPart.parameters.union(["at", "format"]), list),
            .get("/v1/datacenters/{datacenter}", taking: ["at", "format"], file),
            .get("/v1/datacenters/{datacenter}/hosts", taking: ListPart.parameters.union(["at", "format"]), hosts),
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let hosts = indexes.of(snapshot).hosts.byDatacenter
        return try call.list(
            snapshot.snapshot.repo.datacenters.keys.sorted(), path: "/v1/datacenters", of: snapshot, as: "datacenters",
            name: \.rawValue
        ) { .map(["name": .string($0.rawValue), "hosts": .int(hosts[$0]?.count ?? 0)]) }
    }

    @Sendable private func file(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let datacenter = try snapshot.datacenter(call["datacenter"])
        return try snapshot.view(file: "datacenters/\(datacenter.name).yml", call.format()) { datacenter.asValue }
    }

    @Sendable private func hosts(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.datacenter(call["datacenter"]).name
        let index = indexes.of(snapshot)
        return try call.list(
            index.hosts(index.hosts.byDatacenter[name] ?? []), path: "/v1/datacenters/\(name)/hosts", of: snapshot,
            name: \.name.rawValue, value: \.summary)
    }
}
