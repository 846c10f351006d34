import RollerCore

/// Whether the packages of the releases in use have come to the datacenters of the hosts that would get them.
struct ArrivalCheck {
    let server: PackageServer

    /// A package that a release has, and where hosts wait for it.
    private struct Need {
        let release: ReleaseReference
        let pin: Hostclass.PackagePin
        let id: PackageID
        let datacenters: Set<DatacenterName>
    }

    /// An error for each package that some datacenter of its hosts does not have yet. A datacenter without a server of its
    /// own is not asked for: its hosts go elsewhere.
    func findings(in snapshot: Snapshot) async throws -> [Diagnostic] {
        var findings: [Diagnostic] = []
        var known: [PackageID: [String: PackageArrival]] = [:]
        for need in needs(in: snapshot) {
            if known[need.id] == nil {
                guard let arrivals = try await server.arrivals(of: need.id) else { return [] }
                known[need.id] = arrivals
            }
            let missing = (known[need.id] ?? [:]).filter { name, arrival in
                !arrival.isHere && need.datacenters.contains { $0.rawValue == name }
            }
            guard let first = missing.min(by: { $0.key < $1.key }) else { continue }
            let names = missing.keys.sorted().joined(separator: ", ")
            findings.append(
                Diagnostic(
                    .packageMissing, at: need.pin.location,
                    "'\(need.release)' has \(need.id), which has not arrived in \(names)"
                        + (first.value.waitsFor.map { ": it waits for \($0)" } ?? ""),
                    hint: "wait with `rollerctl package publish --wait`, or lint again in a moment"))
        }
        return findings
    }

    private func needs(in snapshot: Snapshot) -> [Need] {
        var places: [ReleaseReference: [Platform: Set<DatacenterName>]] = [:]
        for host in snapshot.repo.hosts.values {
            guard let platform = host.platform ?? snapshot.repo.datacenters[host.datacenter]?.platform else { continue }
            places[host.release, default: [:]][platform, default: []].insert(host.datacenter)
        }
        return places.sorted { $0.key < $1.key }.flatMap { reference, platforms -> [Need] in
            guard case .found(let release, _)? = snapshot.releases[reference], let lock = release.tree.lock else {
                return []
            }
            return release.tree.hostclass.packages.flatMap { pin in
                // Where the lock does not cover the class, that is a finding already.
                let builds = platforms.sorted { $0.key < $1.key }.compactMap { platform, datacenters in
                    lock.build(of: pin.name, for: platform).map { ($0.platform, datacenters) }
                }
                return Dictionary(builds, uniquingKeysWith: { $0.union($1) }).sorted { $0.key < $1.key }.map {
                    Need(
                        release: reference, pin: pin,
                        id: PackageID(name: pin.name, version: pin.version, platform: $0.key), datacenters: $0.value)
                }
            }
        }
    }
}
