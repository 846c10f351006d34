internal import GitRepository
internal import RollerCore

/// One commit with all that is said about it: never changed once made, read by any number of requests at once.
///
/// What takes long to make, hosts' bundles above all, is made when first asked for and kept.
final class ServedSnapshot: Sendable {
    /// The repository at the commit, with the releases that its hosts name.
    let snapshot: Snapshot
    /// The commit.
    let revision: Revision
    /// The files of the commit, by path.
    let files: [String: RepoFile]
    /// Where each release that hosts name was found; nil where there is no such tag.
    let releaseTargets: [ReleaseReference: ObjectID?]
    /// The packages that the locks of those releases name.
    let lockedPackages: Set<PackageKey>
    /// Texts made from it.
    let views: ViewCache

    private let hosts = BoundedCache<HostName, ResolvedHost>(limit: 64)

    init(
        _ snapshot: Snapshot, revision: Revision, files: [RepoFile], releaseTargets: [ReleaseReference: ObjectID?],
        viewBytes: Int
    ) {
        self.snapshot = snapshot
        self.revision = revision
        self.files = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        self.releaseTargets = releaseTargets
        lockedPackages = Set(snapshot.releases.values.flatMap(\.lockedPackages))
        views = ViewCache(limit: viewBytes)
    }

    /// The host of that name.
    func host(_ text: String) throws -> Host {
        guard let name = HostName(text), let host = snapshot.repo.hosts[name] else {
            throw UnknownName("host", text, among: snapshot.repo.hosts.keys.map(\.rawValue))
        }
        return host
    }

    /// The datacenter of that name.
    func datacenter(_ text: String) throws -> Datacenter {
        guard let name = DatacenterName(text), let datacenter = snapshot.repo.datacenters[name] else {
            throw UnknownName("datacenter", text, among: snapshot.repo.datacenters.keys.map(\.rawValue))
        }
        return datacenter
    }

    /// The class of that name, as it stands at this commit.
    func hostclass(_ text: String) throws -> HostclassTree {
        guard let name = HostclassName(text), let tree = snapshot.repo.hostclasses[name] else {
            throw UnknownName("hostclass", text, among: snapshot.repo.hostclasses.keys.map(\.rawValue))
        }
        return tree
    }

    /// The host with all that decides it.
    /// - Throws: `SnapshotError.unresolved`, which a commit without errors never gives.
    func resolve(_ host: Host) throws(SnapshotError) -> ResolvedHost {
        if let known = hosts[host.name] { return known }
        guard let (resolved, findings) = snapshot.resolve(host.name), let resolved else {
            throw .unresolved(host.name, (snapshot.resolve(host.name)?.findings ?? []) + snapshot.findings)
        }
        assert(!findings.hasErrors)
        hosts[host.name] = resolved
        return resolved
    }
}

extension ReleaseLookup {
    /// Every build that the release's lock names.
    fileprivate var lockedPackages: [PackageKey] {
        guard case .found(let release, _) = self, let lock = release.tree.lock else { return [] }
        return lock.packages.flatMap { package in
            package.builds.map { PackageKey(name: package.name, version: package.version, platform: $0.platform) }
        }
    }
}
