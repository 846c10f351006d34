internal import RollerCore
internal import Synchronization

/// What is known of packages here and elsewhere: written by the replicator, read by any number of requests.
final class ReplicationBoard: Sendable {
    /// A package of the bucket that is not here.
    struct Announced: Hashable, Sendable {
        let record: PackageRecord
        /// When it was announced, in milliseconds since 1970.
        let time: Int?
        /// What it waits for.
        var waitsFor: String
    }

    struct State: Sendable {
        var here: [PackageKey: Arrival] = [:]
        var announced: [PackageKey: Announced] = [:]
        var peers: [ServerIdentity: PeerStatus] = [:]
    }

    let identity: ServerIdentity
    private let state = Mutex(State())

    init(_ identity: ServerIdentity) { self.identity = identity }

    /// A copy of all of it.
    var current: State { state.withLock { $0 } }

    func update<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }

    func isHere(_ key: PackageKey) -> Bool { state.withLock { $0.here[key] != nil } }
    func announced(_ key: PackageKey) -> Announced? { state.withLock { $0.announced[key] } }

    /// What tells which object was read of a server's status.
    func version(of server: ServerIdentity, _ name: String) -> String? {
        state.withLock { $0.peers[server]?.versions[name] }
    }

    /// What this server tells others, of one part of the packages.
    func shard(_ index: Int) -> StatusShard {
        state.withLock { state in
            var shard = StatusShard()
            for (key, arrival) in state.here where StatusShard.index(of: key) == index {
                shard.packages[key.description] = arrival
            }
            for (key, package) in state.announced where StatusShard.index(of: key) == index {
                shard.waiting[key.description] = package.waitsFor
            }
            return shard
        }
    }
}
