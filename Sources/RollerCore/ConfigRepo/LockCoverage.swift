extension HostclassTree {
    /// Pins that the lock does not cover: of another version, or without a build for one of `platforms`.
    /// - Parameters:
    ///   - platforms: Those that the class's hosts have; with none, any build will do.
    ///   - severity: How bad that is: an error for what is being released, less for what is still being written.
    public func lockFindings(for platforms: [Platform], severity: Severity = .error) -> [Diagnostic] {
        let name = hostclass.name
        let hint = "run `rollerctl lock \(name)`"
        guard let first = hostclass.packages.first else { return [] }
        guard let lock else {
            return [
                Diagnostic(
                    .lockMissing, severity: severity, at: first.location,
                    "'\(name)' has packages and no hostclasses/\(name).lock.yml", hint: hint)
            ]
        }
        return hostclass.packages.flatMap { pin -> [Diagnostic] in
            let why: [String]
            switch lock.packages.first(where: { $0.name == pin.name }) {
            case nil: why = ["has no package '\(pin.name)'"]
            case let locked? where locked.version != pin.version:
                why = ["has '\(pin.name)' at \(locked.version), and the class at \(pin.version)"]
            case let locked?:
                let missing = platforms.filter { lock.build(of: pin.name, for: $0) == nil }.map(\.rawValue)
                let gap = "has no build of '\(pin.name)'"
                why = locked.builds.isEmpty ? [gap] : missing.map { "\(gap) for \($0) or any" }
            }
            return why.map {
                Diagnostic(.lockStale, severity: severity, at: pin.location, "the lock of '\(name)' \($0)", hint: hint)
            }
        }
    }
}

extension Snapshot {
    /// The platforms of a class's hosts, sorted: each host's own, else its datacenter's. Hosts without either are left
    /// out, as `lint` speaks of them.
    public func platforms(of hostclass: HostclassName) -> [Platform] {
        Set(hosts(of: hostclass).compactMap { $0.platform ?? repo.datacenters[$0.datacenter]?.platform }).sorted()
    }

    /// The same for every class that has hosts, in one pass over them.
    public var platformsByClass: [HostclassName: [Platform]] {
        var found: [HostclassName: Set<Platform>] = [:]
        for host in repo.hosts.values {
            guard let platform = host.platform ?? repo.datacenters[host.datacenter]?.platform else { continue }
            found[host.release.hostclass, default: []].insert(platform)
        }
        return found.mapValues { $0.sorted() }
    }

    /// All platforms that hosts or datacenters name, sorted.
    public var platforms: [Platform] {
        Set(repo.hosts.values.compactMap(\.platform) + repo.datacenters.values.compactMap(\.platform)).sorted()
    }
}
