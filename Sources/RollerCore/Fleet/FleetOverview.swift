internal import OrderedCollections

/// How the hosts of a repository are doing, as `/v1/fleet` says it.
public struct FleetOverview: Hashable, Sendable, Codable {
    /// The commit that says what hosts there are, and what they are to be.
    public var revision: Revision
    /// Of how many of the hosts it is known what they would get now.
    public var known: Int
    /// After how many seconds without a word a host is silent.
    public var silentAfter: Int
    /// All hosts that were asked for, by bucket.
    public var buckets: FleetCounts
    /// The same by class.
    public var hostclasses: [HostclassName: FleetCounts]
    /// The same by datacenter.
    public var datacenters: [DatacenterName: FleetCounts]
    /// The same by the release that the commit puts them on.
    public var releases: [ReleaseReference: FleetCounts]
    /// Some of the hosts, by name.
    public var hosts: [Entry]
    /// The name to go on after, where there are more hosts than are listed.
    public var next: HostName?

    /// One host.
    public struct Entry: Hashable, Sendable, Codable {
        /// Its name.
        public var host: HostName
        /// How it is doing.
        public var bucket: FleetBucket
        /// The release that the commit puts it on.
        public var release: ReleaseReference
        /// Where it stands.
        public var datacenter: DatacenterName
        /// The release that it said to stand on.
        public var applied: ReleaseReference?
        /// When it was last heard of, in seconds since 1970.
        public var heard: Int?
        /// How its last roll ended.
        public var exit: RollExit?
        /// What went wrong, or why it is held.
        public var reason: String?
    }

    /// A host as the repository has it, with the digest of what it would get now, where that is known.
    public struct Wanted: Sendable {
        let host: HostName
        let release: ReleaseReference
        let datacenter: DatacenterName
        /// The digest of what it would get; nil where that is not known.
        public let bundle: Digest?

        /// A host and the digest of its bundle.
        public init(_ host: Host, bundle: Digest?) {
            self.host = host.name
            release = host.release
            datacenter = host.datacenter
            self.bundle = bundle
        }
    }

    /// Which hosts are listed. All are counted.
    public struct Listing: Hashable, Sendable {
        /// Those of these buckets.
        public var buckets: Set<FleetBucket>
        /// Those whose names come after this one.
        public var after: HostName?
        /// So many at most.
        public var limit: Int

        /// A part of the list.
        public init(buckets: Set<FleetBucket> = Set(FleetBucket.allCases), after: HostName? = nil, limit: Int) {
            self.buckets = buckets
            self.after = after
            self.limit = limit
        }
    }

    /// Puts each host into its bucket.
    /// - Parameters:
    ///   - hosts: Sorted by name.
    ///   - reports: The last that each host said.
    ///   - now: Seconds since 1970.
    public init(
        _ hosts: [Wanted], at revision: Revision, reports: [HostName: HostReport], now: Int, silentAfter: Int,
        listing: Listing
    ) {
        self.revision = revision
        self.silentAfter = silentAfter
        known = 0
        buckets = FleetCounts()
        (hostclasses, datacenters, releases) = ([:], [:], [:])
        self.hosts = []
        for wanted in hosts {
            let report = reports[wanted.host]
            let bucket = FleetBucket(wanted: wanted.bundle, report, now: now, silentAfter: silentAfter)
            if wanted.bundle != nil { known += 1 }
            buckets.add(bucket)
            hostclasses[wanted.release.hostclass, default: FleetCounts()].add(bucket)
            datacenters[wanted.datacenter, default: FleetCounts()].add(bucket)
            releases[wanted.release, default: FleetCounts()].add(bucket)
            guard listing.buckets.contains(bucket), listing.after.map({ $0 < wanted.host }) ?? true else { continue }
            guard self.hosts.count < listing.limit else {
                next = self.hosts.last?.host
                continue
            }
            self.hosts.append(Entry(wanted, bucket, report))
        }
    }
}

extension FleetOverview.Entry {
    fileprivate init(_ wanted: FleetOverview.Wanted, _ bucket: FleetBucket, _ report: HostReport?) {
        self.init(
            host: wanted.host, bucket: bucket, release: wanted.release, datacenter: wanted.datacenter,
            applied: report?.applied, heard: report?.received, exit: report?.exit,
            reason: bucket == .held ? report?.heldReason ?? report?.failure : report?.failure)
    }
}

extension FleetOverview {
    /// As YAML and JSON show it.
    public var asValue: Value {
        var entries: OrderedDictionary<String, Value> = [
            "revision": .string(revision.rawValue), "known": .int(known), "silentAfter": .int(silentAfter),
            "buckets": buckets.asValue, "hostclasses": Self.value(hostclasses), "datacenters": Self.value(datacenters),
            "releases": Self.value(releases), "hosts": .list(hosts.map(\.asValue)),
        ]
        if let next { entries["next"] = .string(next.rawValue) }
        return .map(entries)
    }

    private static func value<Name: ValidatedText>(_ counts: [Name: FleetCounts]) -> Value {
        .map(
            OrderedDictionary(
                counts.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value.asValue) },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension FleetOverview.Entry {
    fileprivate var asValue: Value {
        var entries: OrderedDictionary<String, Value> = [
            "host": .string(host.rawValue), "bucket": .string(bucket.rawValue), "release": .string(release.rawValue),
            "datacenter": .string(datacenter.rawValue),
        ]
        if let applied { entries["applied"] = .string(applied.rawValue) }
        if let heard { entries["heard"] = .int(heard) }
        if let exit { entries["exit"] = .int(Int(exit.rawValue)) }
        if let reason { entries["reason"] = .string(reason) }
        return .map(entries)
    }
}
