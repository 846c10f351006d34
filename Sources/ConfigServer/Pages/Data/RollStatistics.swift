internal import RollerCore

/// What the receipts of hosts say together about one release: when each came to it, and how long services were away.
struct ReleaseRolls: Sendable {
    /// How many hosts were looked at; of very many, some.
    let hosts: Int
    /// When hosts had come to the release, and how many by then.
    let arrivals: [(time: Int, count: Int)]
    /// How long each service was away in the rolls to the release, the longest of all hosts.
    let downtimes: [(service: ServiceName, longest: Duration)]
}

/// Reads what hosts said of their rolls, for pages.
actor RollStatistics {
    private let fleet: Fleet
    private var known: [ReleaseReference: (version: Int, commit: Revision, rolls: ReleaseRolls)] = [:]

    /// Of more hosts than these, evenly spread ones are looked at: each takes some files.
    private static let most = 300
    /// How many releases' numbers are held.
    private static let held = 64

    init(_ fleet: Fleet) { self.fleet = fleet }

    /// What the hosts say that are to be on a release.
    func rolls(to release: ReleaseReference, in snapshot: ServedSnapshot) async throws -> ReleaseRolls {
        let version = fleet.receipts.newest.version
        if let known = known[release], known.version == version, known.commit == snapshot.revision {
            return known.rolls
        }
        let all = snapshot.snapshot.hosts(of: release.hostclass).filter { $0.release == release }.map(\.name)
        let step = (all.count + Self.most - 1) / Self.most
        let hosts = step <= 1 ? all : stride(from: 0, to: all.count, by: step).map { all[$0] }
        let receipts = fleet.receipts
        let rolls = try await waitingForDisk { try Self.read(release, of: hosts, receipts) }
        if known.count >= Self.held { known = [:] }
        known[release] = (version, snapshot.revision, rolls)
        return rolls
    }

    private static func read(
        _ release: ReleaseReference, of hosts: [HostName], _ receipts: ReceiptStore
    ) throws -> ReleaseRolls {
        var times: [Int] = []
        var longest: [ServiceName: Int64] = [:]
        for host in hosts {
            // The oldest of the newest receipts that all speak of the release: then the host came to it.
            let since = try receipts.receipts(of: host, limit: 50).prefix { $0.receipt.applied == release }
            if let first = since.last { times.append(first.received) }
            for service in since.flatMap(\.receipt.services) {
                guard let down = service.downMilliseconds else { continue }
                longest[service.name] = max(longest[service.name] ?? 0, down)
            }
        }
        times.sort()
        return ReleaseRolls(
            hosts: hosts.count, arrivals: times.enumerated().map { (time: $0.element, count: $0.offset + 1) },
            downtimes: longest.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                (service: $0.key, longest: .milliseconds($0.value))
            })
    }
}

extension FleetBucket {
    /// As people say it.
    var words: String { rawValue.split(separator: "-").joined(separator: " ") }

    /// How it is coloured.
    var kind: Phrase.Kind {
        switch self {
        case .inconsistent, .failed: .bad
        case .rolledBack: .warn
        case .silent, .held, .unknown: .quiet
        case .behind: .info
        case .converged: .good
        }
    }
}

extension RollExit {
    /// How a roll ended, in words, and how that is coloured.
    var words: Phrase {
        switch self {
        case .success: Phrase("done", .good)
        case .changed: Phrase("changed", .good)
        case .rolledBack: Phrase("rolled back", .warn)
        case .rolledBackUnhealthy: Phrase("rolled back, not healthy", .bad)
        case .inconsistent: Phrase("inconsistent", .bad)
        case .locked: Phrase("locked or held", .quiet)
        case .refused: Phrase("refused", .warn)
        case .unexpected: Phrase("failed", .bad)
        case .usage: Phrase("bad command line", .bad)
        case .configOrServer: Phrase("no configuration", .bad)
        case .verification: Phrase("verification refused", .bad)
        case .staging: Phrase("staging failed", .bad)
        }
    }
}
