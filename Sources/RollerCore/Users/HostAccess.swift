/// Which groups get onto one host: those that its class lets in, as of the host's release, and those that the host's own
/// file adds. A host can let others in; it cannot shut out whom its class lets in.
public struct HostAccess: Hashable, Sendable {
    /// Groups that may log in, each once, sorted.
    public let login: [GroupName]
    /// Groups that may log in and become root, each once, sorted.
    public let sudo: [GroupName]

    /// The groups of a class alone.
    public init(_ hostclass: Hostclass.Access) { self.init(hostclass, adding: Hostclass.Access()) }

    /// The groups of a class, and those that a host of it adds.
    public init(_ hostclass: Hostclass.Access, adding host: Hostclass.Access) {
        login = Set((hostclass.login + host.login).map(\.name)).sorted()
        sudo = Set((hostclass.sudo + host.sudo).map(\.name)).sorted()
    }

    /// The groups that have a right.
    public func groups(_ right: AccessRight) -> [GroupName] {
        switch right {
        case .login: login
        case .sudo: sudo
        }
    }
}

extension ResolvedHost {
    /// Which groups get onto it.
    public var access: HostAccess { HostAccess(release.tree.hostclass.access, adding: host.access) }
}

extension Snapshot {
    /// Which groups get onto a host; nil where its release cannot be read.
    public func access(to host: Host) -> HostAccess? {
        guard case .found(let release, _)? = releases[host.release] else { return nil }
        return HostAccess(release.tree.hostclass.access, adding: host.access)
    }
}
