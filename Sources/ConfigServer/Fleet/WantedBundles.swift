internal import RollerCore
internal import Synchronization

/// What each host of one commit would get now: the digests of their bundles, made out a few hosts at a time.
final class WantedBundles: Sendable {
    /// The commit.
    let served: ServedSnapshot
    /// The hosts, sorted by name.
    let hosts: [Host]

    private struct State {
        /// The digests of the first hosts; nil for a host that cannot be resolved.
        var digests: [Digest?] = []
    }

    private let state = Mutex(State())

    init(_ served: ServedSnapshot) {
        self.served = served
        hosts = served.snapshot.repo.hosts.values.sorted { $0.name < $1.name }
    }

    /// Of how many hosts it is made out.
    var done: Int { state.withLock { $0.digests.count } }
    /// Whether nothing is left to be made out.
    var isComplete: Bool { done == hosts.count }

    /// Makes out some more. One caller at a time.
    func advance(by count: Int) {
        let start = done
        let more = hosts[start..<min(hosts.count, start + count)].map { host -> Digest? in
            guard let (resolved, _) = served.snapshot.resolve(host.name), let resolved else { return nil }
            return Digest(of: resolved.bundle.json)
        }
        state.withLock { $0.digests += more }
    }

    /// The hosts, each with the digest of its bundle where that is made out.
    func wanted(where isAsked: (Host) -> Bool) -> [FleetOverview.Wanted] {
        let digests = state.withLock { $0.digests }
        return hosts.enumerated().compactMap { index, host in
            guard isAsked(host) else { return nil }
            return FleetOverview.Wanted(host, bundle: index < digests.count ? digests[index] : nil)
        }
    }
}
