internal import RollerCore

/// How one host stands, as far as its receipts tell.
struct FleetHost: Sendable {
    let name: HostName
    let hostclass: HostclassName
    let datacenter: DatacenterName
    /// The release that its file names.
    let wanted: ReleaseReference
    /// The release that its last receipt speaks of.
    let running: ReleaseReference?
    let bucket: Bucket
    /// What its last receipt says beside that.
    let note: String
    /// When that was, in seconds since 1970.
    let when: Int?
    /// How long its services were away in its last roll.
    let downtime: Duration?

    /// The honest kinds of hosts: each is of one.
    enum Bucket: String, CaseIterable, Sendable {
        case converged, behind, failed
        case rolledBack = "rolled back"
        case held, silent

        /// How it is coloured.
        var kind: Phrase.Kind {
            switch self {
            case .converged: .good
            case .behind: .info
            case .failed: .bad
            case .rolledBack: .warn
            case .held, .silent: .quiet
            }
        }
    }
}

/// How the hosts of a server stand together.
struct FleetPicture: Sendable {
    let hosts: [FleetHost]
    /// How many hosts of each release had rolled to it by when, in order of time.
    var convergence: [(release: ReleaseReference, points: [(time: Int, count: Int)])] = []
    /// How long services were away in the last roll of each host, the longest of all hosts.
    var downtimes: [(hostclass: HostclassName, service: ServiceName, longest: Duration)] = []
}

/// One roll of a host.
struct HostRoll: Sendable {
    /// Seconds since 1970.
    let when: Int
    let release: ReleaseReference?
    let generation: Int?
    let bucket: FleetHost.Bucket
    let outcome: String
    let took: Duration
    let downtime: Duration?
}

/// Where pages hear how hosts stand. Nil where this server takes no receipts.
struct FleetSource: Sendable {
    var report: @Sendable (ServedSnapshot) async throws -> FleetPicture?
    var rolls: @Sendable (HostName) async throws -> [HostRoll]?

    static let none = FleetSource { _ in
        nil
    } rolls: { _ in
        nil
    }
}

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
