/// What a question about users of something names.
public enum UsedThing: Hashable, Sendable {
    /// A package, at any version or at one.
    case package(PackageName, PackageVersion?)
    /// A setting.
    case setting(SettingKey)
    /// A path below the prefix, or of the repository.
    case file(String)
    /// A person.
    case user(LoginName)
    /// A group of people.
    case group(GroupName)
    /// A class at a release.
    case release(ReleaseReference)
}

/// Who has to do with something: the places that speak of it, and the hosts that it reaches.
public struct Uses: Hashable, Sendable {
    /// The places, as `Snapshot.whereabouts` has them.
    public let mentions: [Mention]
    /// The hosts that have the package, the setting or the file, that run the release, or that the person or group gets
    /// onto; sorted.
    public let hosts: [HostName]
    /// Whether nobody has to do with it.
    public var isEmpty: Bool { mentions.isEmpty && hosts.isEmpty }
}

extension Snapshot {
    /// Who has to do with something; empty where nobody does.
    public func uses(of thing: UsedThing) -> Uses {
        switch thing {
        case .package(let name, let version):
            let isPinned = { (tree: HostclassTree) in
                tree.hostclass.packages.contains { $0.name == name && (version == nil || $0.version == version) }
            }
            return Uses(mentions: mentions(ofPackage: name, version), hosts: hosts(where: isPinned))
        case .setting(let key):
            let has = { (tree: HostclassTree) in
                tree.hostclass.settings.contains { $0.key == key } || tree.hostclass.required.contains { $0.key == key }
            }
            return Uses(mentions: mentions(of: .setting, key.rawValue), hosts: hosts(where: has))
        case .file(let path):
            let brings = { (tree: HostclassTree) in
                tree.files.contains {
                    $0.path.rawValue == path || SourceLocation(file: $0.source).releaseAndPath.path == path
                }
            }
            return Uses(mentions: mentions(of: .file, path), hosts: hosts(where: brings))
        case .user(let name):
            return Uses(mentions: mentions(of: .user, name.rawValue), hosts: access(of: name).map(\.host.name))
        case .group(let name):
            let hosts = repo.hosts.values.filter { host in
                access(to: host).map { $0.login.contains(name) || $0.sudo.contains(name) } ?? false
            }
            return Uses(mentions: mentions(of: .group, name.rawValue), hosts: hosts.map(\.name).sorted())
        case .release(let release):
            let hosts = repo.hosts.values.filter { $0.release == release }.map(\.name)
            return Uses(mentions: [], hosts: hosts.sorted())
        }
    }

    /// The hosts whose class, at their release, is so; sorted.
    private func hosts(where isSo: (HostclassTree) -> Bool) -> [HostName] {
        let fitting = releases.compactMap { reference, lookup -> ReleaseReference? in
            guard case .found(let release, _) = lookup, isSo(release.tree) else { return nil }
            return reference
        }
        let wanted = Set(fitting)
        return repo.hosts.values.filter { wanted.contains($0.release) }.map(\.name).sorted()
    }
}
