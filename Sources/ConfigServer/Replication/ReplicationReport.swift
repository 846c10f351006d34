internal import RollerCore

/// Where packages are, by all that this server knows of itself and of others.
struct ReplicationReport: Sendable {
    /// How a package stands in one datacenter.
    enum Standing: Hashable, Sendable {
        /// Every server there that lives has it: the last one since then.
        case here(Arrival)
        /// What the first one waits for that does not have it.
        case waiting(String)
    }

    private let state: ReplicationBoard.State
    /// The servers that live, by datacenter, this one among them.
    let servers: [DatacenterName: [(server: ServerIdentity, status: PeerStatus?)]]

    /// - Parameters:
    ///   - age: Seconds since the last look into the bucket. Who was heard of then, is not silent because we are deaf.
    ///   - now: Seconds since 1970.
    init(_ board: ReplicationBoard, age: Int, now: Int) {
        let now = now - age
        state = board.current
        var servers: [DatacenterName: [(server: ServerIdentity, status: PeerStatus?)]] = [
            board.identity.datacenter: [(board.identity, nil)]
        ]
        for (server, status) in state.peers where server != board.identity && status.lives(at: now) {
            servers[server.datacenter, default: []].append((server, status))
        }
        self.servers = servers
    }

    /// Every package that is in the bucket or here, sorted.
    var packages: [PackageKey] {
        (Array(state.here.keys) + state.announced.keys).sorted { $0.description < $1.description }
    }

    func standing(of key: PackageKey, in datacenter: DatacenterName) -> Standing {
        var latest = Arrival(since: 0, took: nil)
        for (server, status) in servers[datacenter] ?? [] {
            let arrival: Arrival?
            let wait: String?
            if let status {
                (arrival, wait) = (status.arrival(of: key), status.wait(for: key))
            } else {
                (arrival, wait) = (state.here[key], state.announced[key]?.waitsFor)
            }
            guard let arrival else { return .waiting("\(server.name): \(wait ?? "word from there")") }
            if arrival.since >= latest.since { latest = arrival }
        }
        return .here(latest)
    }
}
