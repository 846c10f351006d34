/// What a state of the repository has for one host.
public enum HostLookup: Sendable {
    /// There is no such host.
    case absent
    /// There is, and it gets no bundle, because of these.
    case broken([Diagnostic])
    /// All that decides it.
    case resolved(ResolvedHost)

    /// All that decides the host, where nothing is wrong with it.
    public var resolved: ResolvedHost? {
        if case .resolved(let host) = self { host } else { nil }
    }
}

extension Snapshot {
    /// What this state has for a host.
    public func state(of name: HostName) -> HostLookup {
        if let (host, findings) = resolve(name) { return host.map { .resolved($0) } ?? .broken(findings) }
        let path = "hosts/\(name).yml"
        let own = findings.filter { $0.location.file == path }
        return own.isEmpty ? .absent : .broken(own)
    }
}

/// One host at two states of the repository.
public struct HostComparison: Sendable {
    /// Which host.
    public let name: HostName
    /// What the old state has.
    public let old: HostLookup
    /// What the new state has.
    public let new: HostLookup

    /// A host in two states.
    public init(_ name: HostName, old: Snapshot, new: Snapshot) {
        self.name = name
        self.old = old.state(of: name)
        self.new = new.state(of: name)
    }

    /// Whether the digest of its bundle is another. A host without a bundle differs from any that has one, and from none
    /// that has none.
    public var bundleDiffers: Bool {
        switch (old.resolved?.bundle, new.resolved?.bundle) {
        case (nil, nil): false
        case (let old?, let new?): !old.hasSameDigest(as: new)
        default: true
        }
    }

    /// What differs; nil where the bundle is the same.
    public var diff: HostDiff? {
        guard bundleDiffers else { return nil }
        let standing: HostDiff.Standing =
            switch (old, new) {
            case (.resolved, .resolved): .changed
            case (.absent, _): .added
            case (_, .absent): .removed
            case (_, .broken): .broken
            case (.broken, _): .mended
            }
        return HostDiff.between(old.resolved, new.resolved, of: name, standing: standing)
    }
}

extension Bundle {
    /// Whether the digests are equal, mostly without making them: a release never changes, so all that it decides
    /// follows from its name and commit, and from what is rendered into it.
    func hasSameDigest(as other: Bundle) -> Bool {
        guard format == other.format, host == other.host, datacenter == other.datacenter,
            platform == other.platform, release == other.release, releaseRevision == other.releaseRevision,
            configServers == other.configServers, packages == other.packages
        else { return false }
        // By bytes, in the order written.
        if settings.json() == other.settings.json() { return true }
        // A digest knows no order within maps.
        return canonicalJSON(settings) == canonicalJSON(other.settings) && json == other.json
    }
}
