/// The config repository at one state, with every release that its hosts name: all that can be said about any host.
public struct Snapshot: Sendable {
    /// The commit, or nil for a work tree with edits not yet committed.
    public let revision: Revision?
    /// When the commit was made, in seconds since 1970; nil for a work tree.
    public let committed: Int?
    /// What the files say.
    public let repo: ConfigRepo
    /// What came of looking for each release that a host names.
    public let releases: [ReleaseReference: ReleaseLookup]
    /// Everything wrong with the files of the state and of the releases in use, before any host is resolved.
    public let findings: [Diagnostic]
    /// Errors of the state's own files, by file.
    private let errors: [String: [Diagnostic]]

    /// Errors of roller.yml.
    var rootErrors: [Diagnostic] { errors[RepoRoot.path] ?? [] }

    /// Brings a state of the repository and the releases it names together.
    /// - Parameter findings: What reading `repo` found.
    public init(
        revision: Revision?, committed: Int?, repo: ConfigRepo, releases: [ReleaseReference: ReleaseLookup],
        findings: [Diagnostic]
    ) {
        self.revision = revision
        self.committed = committed
        self.repo = repo
        self.releases = releases
        errors = Dictionary(grouping: findings.filter { $0.severity == .error }, by: \.location.file)
        self.findings = findings + releases.sorted { $0.key < $1.key }.flatMap { $0.value.ownFindings }
    }

    /// The host of that name with all that decides it, or what is wrong; nil where there is no such host. A mistake in
    /// the host's own file or its datacenter's is one of the host: what was left out there may not pass for not written.
    public func resolve(_ name: HostName) -> (host: ResolvedHost?, findings: [Diagnostic])? {
        guard let host = repo.hosts[name] else { return nil }
        let files = [RepoRoot.path, "datacenters/\(host.datacenter).yml", "hosts/\(name).yml"]
        let own = files.flatMap { errors[$0] ?? [] }
        let (resolved, findings) = repo.resolve(host, release: releases[host.release] ?? .missing(near: []))
        return (own.isEmpty ? resolved : nil, own + findings)
    }

    /// Everything wrong: with the files, with the releases in use, and with each host that would be rolled.
    public func lint() -> [Diagnostic] {
        (lintClasses() + lint(hosts: repo.hosts.keys)).eachOnce().sortedForReading()
    }

    /// What is wrong with the files and the releases in use, and what would be wrong with the next release of a class.
    public func lintClasses() -> [Diagnostic] {
        findings
            + repo.hostclasses.flatMap { name, tree in
                // What could not be read of the class may be what declares it.
                errors["hostclasses/\(name).yml"] == nil ? tree.undeclaredNames() : []
            }
    }

    /// What is wrong with some of the hosts, so that the work can be split. What many of them share, such as a finding
    /// in a template, is said once.
    /// - Parameter names: Names of hosts; others are passed over.
    public func lint(hosts names: some Sequence<HostName>) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        for name in names {
            guard let host = repo.hosts[name] else { continue }
            // What is wrong with the files of the host is among the findings of the snapshot.
            let own = repo.check(host, release: releases[host.release] ?? .missing(near: []))
            for finding in own { seen.insert(finding) }
        }
        return seen.sortedForReading()
    }

    /// The hosts of a class, sorted.
    public func hosts(of hostclass: HostclassName) -> [Host] {
        repo.hosts.values.filter { $0.release.hostclass == hostclass }.sorted { $0.name < $1.name }
    }

    /// The hosts in a datacenter, sorted.
    public func hosts(in datacenter: DatacenterName) -> [Host] {
        repo.hosts.values.filter { $0.datacenter == datacenter }.sorted { $0.name < $1.name }
    }
}

extension ConfigRepo {
    /// The releases that hosts name, sorted: what must be read beside the state itself.
    public var releaseReferences: [ReleaseReference] {
        Set(hosts.values.map(\.release)).sorted()
    }
}

extension ReleaseLookup {
    fileprivate var ownFindings: [Diagnostic] {
        switch self {
        case .found(_, let findings), .unreadable(_, let findings): findings
        case .missing: []
        }
    }
}
