internal import RollerCore
internal import Synchronization

/// What each host of one commit would get now: the digests of their bundles, made out a few hosts at a time. What is known
/// of the commit before counts for all hosts that the new one does not reach.
final class WantedBundles: Sendable {
    /// The commit.
    let served: ServedSnapshot
    /// The hosts, sorted by name.
    let hosts: [Host]

    private struct State {
        /// For each host the digest, once it is made out; nil as well for one that cannot be resolved.
        var digests: [Digest?]
        /// Where in `hosts` those are that are not made out yet.
        var left: [Int]
    }

    private let state: Mutex<State>

    /// - Parameter earlier: What was made out of another commit, of which some may be true of this one.
    init(_ served: ServedSnapshot, since earlier: WantedBundles? = nil) {
        self.served = served
        hosts = Self.sorted(served.snapshot.repo.hosts, like: earlier?.hosts ?? [])
        var start = State(digests: Array(repeating: nil, count: hosts.count), left: [])
        let known = earlier?.known() ?? []
        var next = 0
        for (index, host) in hosts.enumerated() {
            while next < known.count, known[next].host < host.name { next += 1 }
            if next < known.count, known[next].host == host.name, known[next].state == served.state(of: host.name) {
                start.digests[index] = known[next].digest
            } else {
                start.left.append(index)
            }
        }
        state = Mutex(start)
    }

    /// The hosts by name. Most commits have the hosts of the one before, whose order is theirs.
    private static func sorted(_ hosts: [HostName: Host], like others: [Host]) -> [Host] {
        let inOrder = others.compactMap { hosts[$0.name] }
        return inOrder.count == hosts.count ? inOrder : hosts.values.sorted { $0.name < $1.name }
    }

    /// The hosts that are made out, sorted by name.
    private func known() -> [(host: HostName, state: UInt64?, digest: Digest?)] {
        let (digests, left) = state.withLock { ($0.digests, Set($0.left)) }
        return hosts.indices.filter { !left.contains($0) }.map { index in
            let host = hosts[index].name
            return (host, served.state(of: host), digests[index])
        }
    }

    /// Of how many hosts it is made out.
    var done: Int { hosts.count - state.withLock { $0.left.count } }
    /// Whether nothing is left to be made out.
    var isComplete: Bool { done == hosts.count }

    /// Makes out some more. One caller at a time.
    func advance(by count: Int) {
        let some = state.withLock { $0.left.suffix(count) }
        let made = some.map { index -> Digest? in
            guard let (resolved, _) = served.snapshot.resolve(hosts[index].name), let resolved else { return nil }
            return Digest(of: resolved.bundle.json)
        }
        state.withLock { state in
            for (index, digest) in zip(some, made) { state.digests[index] = digest }
            state.left.removeLast(some.count)
        }
    }

    /// The hosts, each with the digest of its bundle where that is made out.
    func wanted(where isAsked: (Host) -> Bool) -> [FleetOverview.Wanted] {
        let digests = state.withLock { $0.digests }
        return zip(hosts, digests).compactMap { host, digest in
            isAsked(host) ? FleetOverview.Wanted(host, bundle: digest) : nil
        }
    }
}
