internal import RollerCore
internal import Synchronization

/// Lists and look-ups over one commit, made when first asked for: what each request would otherwise sort anew.
final class SnapshotIndex: Sendable {
    private let snapshot: ServedSnapshot
    private let lists = Once<Lists>()
    private let found = Once<SearchIndex>()
    private let tarballs = Once<[LoginName: Home]>()

    /// Names of hosts, sorted.
    struct Lists: Sendable {
        let hosts: [HostName]
        let byHostclass: [HostclassName: [HostName]]
        let byDatacenter: [DatacenterName: [HostName]]
        let byRelease: [ReleaseReference: [HostName]]
    }

    /// A person's dotfiles.
    struct Home: Sendable {
        let tarball: [UInt8]
        let digest: Digest
    }

    init(_ snapshot: ServedSnapshot) { self.snapshot = snapshot }

    /// The names of hosts, in every order that is asked for.
    var hosts: Lists {
        lists.value { [snapshot] in
            let sorted = snapshot.snapshot.repo.hosts.values.sorted { $0.name < $1.name }
            let names = { (hosts: [Host]) in hosts.map(\.name) }
            return Lists(
                hosts: names(sorted),
                byHostclass: Dictionary(grouping: sorted, by: \.release.hostclass).mapValues(names),
                byDatacenter: Dictionary(grouping: sorted, by: \.datacenter).mapValues(names),
                byRelease: Dictionary(grouping: sorted, by: \.release).mapValues(names))
        }
    }

    /// What a search looks through.
    var search: SearchIndex { found.value { [snapshot] in SearchIndex(snapshot.snapshot) } }

    /// The dotfiles of each person who has any: below `home/NAME/`.
    func homes() throws -> [LoginName: Home] {
        try tarballs.value { [snapshot] in
            let files = Dictionary(grouping: snapshot.files.values.filter { $0.path.hasPrefix("home/") }) { file in
                LoginName(String(file.path.dropFirst("home/".count).prefix { $0 != "/" }))
            }
            var homes: [LoginName: Home] = [:]
            for case (let name?, let files) in files where snapshot.snapshot.repo.users[name] != nil {
                let tarball = try folderTarball(files, below: "home/\(name)/")
                homes[name] = Home(tarball: tarball, digest: Digest(of: tarball))
            }
            return homes
        }
    }

    /// The hosts of these names.
    func hosts(_ names: some Sequence<HostName>) -> [Host] { names.compactMap { snapshot.snapshot.repo.hosts[$0] } }
}

/// The indexes of the commits asked about lately.
final class SnapshotIndexes: Sendable {
    private let known = BoundedCache<Revision, SnapshotIndex>(limit: 16)

    /// The index of a commit.
    func of(_ snapshot: ServedSnapshot) -> SnapshotIndex {
        if let index = known[snapshot.revision] { return index }
        let index = SnapshotIndex(snapshot)
        known[snapshot.revision] = index
        return index
    }
}

/// A value that is made once, however many ask at once.
private final class Once<Value: Sendable>: Sendable {
    private let held = Mutex<Value?>(nil)

    func value(_ make: () throws -> Value) rethrows -> Value {
        try held.withLock { held in
            if let held { return held }
            let made = try make()
            held = made
            return made
        }
    }
}
