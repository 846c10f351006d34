/// What a change of the repository does to all hosts together.
public struct Impact: Sendable {
    /// How many hosts there are on either side.
    public private(set) var hosts = 0
    /// How many of them get another bundle, by what became of them.
    public private(set) var standings: [HostDiff.Standing: Int] = [:]
    /// Hosts by datacenter.
    public private(set) var datacenters: [DatacenterName: Share] = [:]
    /// Hosts by class.
    public private(set) var hostclasses: [HostclassName: Share] = [:]
    /// Services that something happens to.
    public private(set) var services: [ServiceKey: ServiceCount] = [:]
    /// Packages that hosts do not have by their old bundle.
    public private(set) var downloads: [Bundle.Package: Int] = [:]
    /// Hosts on which the same people gain or lose the same rights.
    public private(set) var access: [[UserAccessChange]: AccessCount] = [:]

    /// So many of so many hosts.
    public struct Share: Hashable, Sendable {
        /// Those whose bundle is another.
        public var changed = 0
        /// All of them.
        public var total = 0
    }

    /// A service of a class, and what happens to it.
    public struct ServiceKey: Hashable, Sendable {
        /// The class.
        public let hostclass: HostclassName
        /// The service.
        public let service: ServiceName
        /// What happens.
        public let action: ServiceChange.Action
    }

    /// On how many hosts something happens to a service.
    public struct ServiceCount: Hashable, Sendable {
        /// Where it is sure to.
        public var certain = 0
        /// Where it depends on what a package holds.
        public var possible = 0
    }

    /// Hosts on which access changes in the same way.
    public struct AccessCount: Hashable, Sendable {
        /// How many.
        public var hosts = 0
        /// Of which classes.
        public var hostclasses: Set<HostclassName> = []
        /// The first of them by name.
        public var example: HostName
    }

    /// No hosts yet.
    public init() {}

    /// Counts a host that there is, whether or not anything changes for it.
    public mutating func count(_ host: Host) {
        hosts += 1
        datacenters[host.datacenter, default: Share()].total += 1
        hostclasses[host.release.hostclass, default: Share()].total += 1
    }

    /// Counts a host whose bundle is another. It was counted by `count`.
    public mutating func add(_ diff: HostDiff, of host: Host, old: Bundle?, new: Bundle?) {
        standings[diff.standing, default: 0] += 1
        datacenters[host.datacenter, default: Share()].changed += 1
        hostclasses[host.release.hostclass, default: Share()].changed += 1
        for effect in diff.services {
            let key = ServiceKey(hostclass: host.release.hostclass, service: effect.name, action: effect.action)
            if effect.isCertain {
                services[key, default: ServiceCount()].certain += 1
            } else {
                services[key, default: ServiceCount()].possible += 1
            }
        }
        let known = Set(old?.packages.map(\.archive) ?? [])
        for package in new?.packages ?? [] where !known.contains(package.archive) {
            downloads[package, default: 0] += 1
        }
    }

    /// Counts hosts on which these people gain or lose rights.
    public mutating func add(_ changes: [UserAccessChange], on hosts: [Host]) {
        guard !changes.isEmpty, let first = hosts.map(\.name).min() else { return }
        var count = access[changes] ?? AccessCount(example: first)
        count.hosts += hosts.count
        count.hostclasses.formUnion(hosts.map(\.release.hostclass))
        count.example = min(count.example, first)
        access[changes] = count
    }

    /// Adds what others have counted.
    public mutating func merge(_ other: Impact) {
        hosts += other.hosts
        standings.merge(other.standings, uniquingKeysWith: +)
        datacenters.merge(other.datacenters, uniquingKeysWith: +)
        hostclasses.merge(other.hostclasses, uniquingKeysWith: +)
        services.merge(other.services) {
            ServiceCount(certain: $0.certain + $1.certain, possible: $0.possible + $1.possible)
        }
        downloads.merge(other.downloads, uniquingKeysWith: +)
        access.merge(other.access) { one, two in
            AccessCount(
                hosts: one.hosts + two.hosts, hostclasses: one.hostclasses.union(two.hostclasses),
                example: min(one.example, two.example))
        }
    }

    /// How many hosts get another bundle. This is the number for the `Roller-Hosts` trailer.
    public var changed: Int { standings.values.reduce(0, +) }

    /// What hosts fetch together, at most: one that ran a package before may still have it in its store.
    public var downloadSize: ByteCount {
        downloads.reduce(ByteCount(0)) { $0 + $1.key.size.times($1.value) }
    }

    /// Whether the change reaches no host.
    public var isEmpty: Bool { changed == 0 && access.isEmpty }
}

extension Impact.Share {
    static func + (a: Self, b: Self) -> Self { Self(changed: a.changed + b.changed, total: a.total + b.total) }
}

extension ByteCount {
    /// So many times as much; the largest number there is where 64 bits do not hold it.
    func times(_ count: Int) -> ByteCount {
        let (product, overflows) = bytes.multipliedReportingOverflow(by: Int64(count))
        return ByteCount(overflows ? .max : product)
    }
}
