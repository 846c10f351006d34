internal import ConfigSource
internal import GitRepository
internal import RollerCore
internal import Synchronization

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
    /// Texts made from it. What is made of one host alone is better kept by `hostView`, which outlives the commit.
    let views: ViewCache
    /// The commit, as git names it.
    let commit: ObjectID
    /// The files as they were read: where the next snapshot begins.
    let reading: RepoReading

    private let shared: HostCache
    /// The states of the hosts: another number, and a host may come out otherwise.
    private let states: [HostName: UInt64]
    /// Texts of the whole commit: lists and the like.
    private static let viewBytes = 8 << 20
    /// A number for each state of any host. None is used twice, whoever makes the snapshot.
    private static let lastState = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - base: The snapshot that this one was made from, and the hosts that may come out otherwise than in it; nil where
    ///     it was made from nothing.
    ///   - cache: Where to keep what is made of hosts. Snapshots with the same cache share what is the same.
    init(
        _ snapshot: Snapshot, at commit: ObjectID, reading: RepoReading, files: [String: RepoFile],
        releaseTargets: [ReleaseReference: ObjectID?], since base: (snapshot: ServedSnapshot, reached: Set<HostName>)?,
        cache: HostCache
    ) {
        self.snapshot = snapshot
        self.commit = commit
        self.reading = reading
        self.files = files
        self.releaseTargets = releaseTargets
        revision = Revision(commit)
        lockedPackages = Set(snapshot.releases.values.flatMap(\.lockedPackages))
        views = ViewCache(limit: Self.viewBytes)
        shared = cache
        let state = Self.lastState.add(1, ordering: .relaxed).newValue
        var states = base?.snapshot.states ?? [:]
        for name in base?.reached ?? Set(snapshot.repo.hosts.keys) { states[name] = state }
        self.states = states
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
        let key = HostCache.Key(host: host.name, state: states[host.name] ?? 0)
        if let known = shared.resolved[key] { return known }
        guard let (resolved, findings) = snapshot.resolve(host.name), let resolved else {
            throw .unresolved(host.name, (snapshot.resolve(host.name)?.findings ?? []) + snapshot.findings)
        }
        assert(!findings.hasErrors)
        shared.resolved[key] = resolved
        return resolved
    }

    /// The number of the state that a host is in: in another snapshot with the same one, it comes out the same.
    func state(of host: HostName) -> UInt64? { states[host] }

    /// A text that depends on nothing but what decides the host: its file, its datacenter's and its release. It is kept
    /// over commits that do not reach the host, so that the next one does not have to be made for all of them again.
    /// - Parameter what: Which text, as in "bundle".
    func hostView(
        _ host: Host, _ what: String, format: Format?, type: String,
        _ make: @escaping @Sendable () throws -> ViewCache.Made
    ) throws -> View {
        let key = ViewCache.Key(name: "\(host.name)/\(what)#\(states[host.name] ?? 0)", format: format)
        return try shared.views.view(key, type: type, make)
    }
}

extension ServedSnapshot {
    /// Where the text that an agent asks for is kept, once its route has made it; nil where there is no such host.
    func place(of request: AgentRequest) -> (cache: ViewCache, key: ViewCache.Key)? {
        switch request.view {
        case .file: return (views, ViewCache.Key(name: "hosts/\(request.host).yml", format: request.format))
        case .bundle:
            guard let name = HostName(request.host), let state = states[name] else { return nil }
            return (shared.views, ViewCache.Key(name: "\(name)/bundle#\(state)", format: request.format))
        }
    }
}

/// What was made of hosts, for as long as what decides them stays. Several snapshots share one.
final class HostCache: Sendable {
    /// A host in one state.
    struct Key: Hashable, Sendable {
        let host: HostName
        let state: UInt64
    }

    let views: ViewCache
    let resolved = BoundedCache<Key, ResolvedHost>(limit: 64)

    /// - Parameter bytes: How many bytes of texts to keep.
    init(bytes: Int) { views = ViewCache(limit: bytes) }
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
