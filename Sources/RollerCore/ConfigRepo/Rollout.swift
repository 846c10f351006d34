/// How far a release has come among the hosts of its class, and which hosts are next.
public struct Rollout: Sendable {
    /// The release.
    public let release: ReleaseReference
    /// Hosts that are on it.
    public let reached: [Host]
    /// Hosts on a later release: they have passed it.
    public let passed: [Host]
    /// Hosts on a commit of their own, where somebody tries something out: they are left alone.
    public let held: [Host]
    /// The other hosts, in the order in which they are taken: by the digest of the name. So it is the same for every
    /// release, goes on where it ended, and is spread over datacenters and racks, which names often number.
    public let waiting: [Host]

    /// Sorts the hosts of the release's class; hosts of others are passed over.
    /// - Parameter later: Releases that were made after this one.
    public init(of release: ReleaseReference, over hosts: some Sequence<Host>, later: Set<ReleaseReference> = []) {
        self.release = release
        var reached: [Host] = []
        var passed: [Host] = []
        var held: [Host] = []
        var waiting: [(key: String, host: Host)] = []
        for host in hosts where host.release.hostclass == release.hostclass {
            if host.release == release {
                reached.append(host)
            } else if later.contains(host.release) {
                passed.append(host)
            } else if case .commit = host.release.state {
                held.append(host)
            } else {
                waiting.append((Digest(of: host.name.rawValue).rawValue, host))
            }
        }
        self.reached = reached.sorted { $0.name < $1.name }
        self.passed = passed.sorted { $0.name < $1.name }
        self.held = held.sorted { $0.name < $1.name }
        self.waiting = waiting.sorted { $0.key < $1.key }.map(\.host)
    }

    /// How many hosts there are in all.
    public var total: Int { reached.count + passed.count + held.count + waiting.count }

    /// The next hosts to take: so many, or a share of all hosts, rounded up.
    public func next(_ count: RepoRoot.Wave) -> [Host] { Array(waiting.prefix(count.hosts(of: total))) }

    /// The first wave that is not through, and the hosts that it takes; nil when all are.
    public func nextWave(of waves: [RepoRoot.Wave]) -> (number: Int, hosts: [Host])? {
        let through = reached.count + passed.count
        for (index, wave) in waves.enumerated() where wave.hosts(of: total) > through && !waiting.isEmpty {
            return (index + 1, Array(waiting.prefix(wave.hosts(of: total) - through)))
        }
        return nil
    }
}

extension RepoRoot.Wave: CustomStringConvertible {
    /// As it is written: `3` or `10%`.
    public var description: String {
        switch self {
        case .count(let number): "\(number)"
        case .percent(let percent): "\(percent)%"
        }
    }
}
