internal import RollerCore

/// Where a package is in one datacenter.
struct ReplicaState: Sendable {
    let package: PackageKey
    let datacenter: DatacenterName
    /// Since when, in seconds since 1970; nil while it is waited for.
    let since: Int?
    /// How long it took from its publication to get there.
    let took: Duration?
    /// What it waits for, where it is not there.
    let waitsFor: String
}

/// Where pages hear of replication. Nil where this server has its own directory alone.
struct ReplicationSource: Sendable {
    var states: @Sendable () async throws -> [ReplicaState]?

    static let none = ReplicationSource { nil }
}
