/// Which parts of the repository a set of changed paths speaks of, so that only what they can affect is read again.
///
/// A host is decided by its own file, its datacenter's, and the release that it names. Releases are git tags, which are
/// no part of a state: a class's files as they stand reach no host before they are released.
public struct SnapshotChange: Hashable, Sendable {
    /// Hosts whose own file changed.
    public private(set) var hosts: Set<HostName> = []
    /// Datacenters whose file changed.
    public private(set) var datacenters: Set<DatacenterName> = []
    /// Classes whose file, lock or files changed, as they stand and not as they were released.
    public private(set) var hostclasses: Set<HostclassName> = []
    /// Whether `roller.yml` changed.
    public private(set) var isRoot = false
    /// Whether users, groups or homes changed.
    public private(set) var isPeople = false

    /// What these paths are of. One that belongs nowhere affects nothing but the findings about itself.
    public init(paths: some Sequence<String>) {
        for path in paths {
            guard case .success(let place) = RepoPlace.of(path) else { continue }
            switch place {
            case .root: isRoot = true
            case .datacenter(let name): datacenters.insert(name)
            case .hostclass(let name), .lock(let name), .classFile(let name, _): hostclasses.insert(name)
            case .host(let name): hosts.insert(name)
            case .user, .group, .home: isPeople = true
            case .ignored: break
            }
        }
    }

    /// Whether the host of this file may be affected. Never false for one that is; true for a few that are not.
    /// - Parameter bytes: The host's file, which is the same in both states.
    public func mayAffect(hostFile bytes: [UInt8]) -> Bool {
        if isRoot { return true }  // with errors in it no host has a bundle
        guard !datacenters.isEmpty else { return false }
        // Only in double quotes can a name be written in other characters than its own, and then with a backslash.
        return bytes.contains(UInt8(ascii: "\\")) || datacenters.contains { bytes.holds($0.rawValue) }
    }

    /// Whether the file may be of a host of one of the changed classes; as exact as `mayAffect`.
    public func mayBeOfChangedClass(hostFile bytes: [UInt8]) -> Bool {
        guard !hostclasses.isEmpty else { return false }
        return bytes.contains(UInt8(ascii: "\\")) || hostclasses.contains { bytes.holds("\($0)@") }
    }
}

extension [UInt8] {
    /// Whether `text` stands anywhere in these bytes.
    fileprivate func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, count >= wanted.count else { return false }
        var position = 0
        while position <= count - wanted.count {
            if self[position] == first, self[position..<(position + wanted.count)].elementsEqual(wanted) { return true }
            position += 1
        }
        return false
    }
}
