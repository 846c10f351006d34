/// What is wrong with hosts, by host, so that after a commit only those that it reaches are looked at again.
public struct HostChecks: Sendable {
    /// Hosts without findings are not in it.
    fileprivate var findings: [HostName: [Diagnostic]] = [:]
}

extension Snapshot {
    /// The hosts that may come out otherwise than they did: those whose file, datacenter or release is another, or was
    /// not good before.
    /// - Parameters:
    ///   - old: The state before.
    ///   - changes: What differs between the states' files.
    ///   - isSame: Whether a release is the same bytes in both states.
    public func hostsReached(
        since old: Snapshot, by changes: RepoChanges, sameRelease isSame: (ReleaseReference) -> Bool
    ) -> Set<HostName> {
        // What ails roller.yml ails every host.
        guard rootErrors == old.rootErrors else { return Set(repo.hosts.keys) }
        var reached = changes.hosts.filter { repo.hosts[$0] != nil }
        let differing = Set(releases.keys.filter { !isSame($0) })
        guard !differing.isEmpty || !changes.datacenters.isEmpty else { return reached }
        for (name, host) in repo.hosts
        where changes.datacenters.contains(host.datacenter) || differing.contains(host.release) {
            reached.insert(name)
        }
        return reached
    }

    /// Looks at every host.
    public func checkHosts() -> HostChecks {
        var checks = HostChecks()
        for host in repo.hosts.values { note(host, in: &checks) }
        return checks
    }

    /// Looks at those hosts that `reached` names, and at those that had findings: what is said of a bad one depends on
    /// what else there is, since hints name what is near.
    /// - Parameter old: What was found before.
    public func checkHosts(since old: HostChecks, reached: Set<HostName>) -> HostChecks {
        var checks = HostChecks()
        for name in reached.union(old.findings.keys) {
            if let host = repo.hosts[name] { note(host, in: &checks) }
        }
        return checks
    }

    /// Everything wrong, as `lint` tells it, once the hosts have been looked at.
    public func lint(_ checks: HostChecks) -> [Diagnostic] {
        (lintClasses() + checks.findings.values.flatMap(\.self)).eachOnce().sortedForReading()
    }

    private func note(_ host: Host, in checks: inout HostChecks) {
        let found = repo.check(host, release: releases[host.release] ?? .missing(near: []))
        if !found.isEmpty { checks.findings[host.name] = found }
    }
}
