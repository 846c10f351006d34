internal import OrderedCollections

extension Impact {
    /// As JSON writes it: lists sorted, the most hosts first.
    public var value: Value {
        .map([
            "hosts": .int(hosts), "changed": .int(changed),
            "standings": .map(
                OrderedDictionary(
                    uniqueKeysWithValues: HostDiff.Standing.allCases.compactMap { standing in
                        standings[standing].map { (standing.rawValue, Value.int($0)) }
                    })),
            "datacenters": .list(changedShares(datacenters).map { $0.value }),
            "hostclasses": .list(changedShares(hostclasses).map { $0.value }),
            "services": .list(
                sortedServices.map { key, count in
                    .map([
                        "hostclass": .string(key.hostclass.rawValue), "service": .string(key.service.rawValue),
                        "action": .string(key.action.rawValue), "hosts": .int(count.certain),
                        "possibly": .int(count.possible),
                    ])
                }),
            "access": .list(sortedAccess.map { .map($0.value) }),
            "downloads": .list(
                sortedDownloads.map { package, hosts in
                    .map([
                        "name": .string(package.name.rawValue), "version": .string(package.version.rawValue),
                        "platform": .string(package.platform.rawValue), "size": .int(Int(package.size.bytes)),
                        "hosts": .int(hosts), "total": .int(Int(package.size.times(hosts).bytes)),
                    ])
                }),
            "download-size": .int(Int(downloadSize.bytes)),
        ])
    }

    /// For people.
    public var text: String {
        var out = "\(changed) of \(hosts) hosts get another bundle\n"
        out += standings.keys.contains { $0 != .changed } ? line(standingsInWords) : ""
        out += section("datacenters", changedShares(datacenters).map(\.text))
        out += section("hostclasses", changedShares(hostclasses).map(\.text))
        out += section("services", sortedServices.map { serviceText($0.key, $0.count) })
        out += section("access", sortedAccess.map(\.text))
        out += section(
            "downloads",
            sortedDownloads.map { package, hosts in
                "\(package.name) \(package.version) for \(package.platform): \(package.size) to \(hosts) = "
                    + "\(package.size.times(hosts))"
            })
        if downloads.count > 1 { out += line("  in all \(downloadSize)") }
        return out
    }

    private var standingsInWords: String {
        HostDiff.Standing.allCases.compactMap { standing in
            standings[standing].map { "\($0) \(standing.rawValue)" }
        }.joined(separator: ", ")
    }

    private func line(_ text: String) -> String { "  \(text)\n" }

    private func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(title)\n" + lines.map(line).joined()
    }

    private func serviceText(_ key: ServiceKey, _ count: ServiceCount) -> String {
        let verb =
            switch key.action {
            case .start: "starts"
            case .stop: "stops"
            case .restart: "restarts"
            case .reload: "reloads"
            }
        let counts = [
            count.certain > 0 ? "\(verb) on \(count.certain)" : nil,
            count.possible > 0 ? "may restart on \(count.possible)" : nil,
        ].compactMap { $0 }.joined(separator: ", ")
        return "\(key.service) of \(key.hostclass): \(counts)"
    }

    private var sortedServices: [(key: ServiceKey, count: ServiceCount)] {
        services.map { ($0.key, $0.value) }.sorted {
            ($0.key.hostclass.rawValue, $0.key.service.rawValue, $0.key.action.rawValue)
                < ($1.key.hostclass.rawValue, $1.key.service.rawValue, $1.key.action.rawValue)
        }
    }

    private var sortedDownloads: [(package: Bundle.Package, hosts: Int)] {
        downloads.map { ($0.key, $0.value) }.sorted {
            ($0.0.name.rawValue, $0.0.version.rawValue, $0.0.platform.rawValue, $0.0.archive.rawValue)
                < ($1.0.name.rawValue, $1.0.version.rawValue, $1.0.platform.rawValue, $1.0.archive.rawValue)
        }
    }

    private var sortedAccess: [AccessLine] {
        access.map { AccessLine(changes: $0.key, count: $0.value) }.sorted {
            ($1.count.hosts, $0.count.example) < ($0.count.hosts, $1.count.example)
        }
    }

    private func changedShares<Name: ValidatedText>(_ shares: [Name: Share]) -> [ShareLine] {
        shares.filter { $0.value.changed > 0 }.map { ShareLine(name: $0.key.rawValue, share: $0.value) }.sorted {
            ($1.share.changed, $0.name) < ($0.share.changed, $1.name)
        }
    }
}

private struct ShareLine {
    let name: String
    let share: Impact.Share

    var value: Value {
        .map(["name": .string(name), "changed": .int(share.changed), "hosts": .int(share.total)])
    }
    var text: String {
        let tenths = share.total == 0 ? 0 : share.changed * 1000 / share.total
        return "\(name): \(share.changed) of \(share.total) (\(tenths / 10).\(tenths % 10) %)"
    }
}

private struct AccessLine {
    let changes: [UserAccessChange]
    let count: Impact.AccessCount

    var value: OrderedDictionary<String, Value> {
        [
            "hosts": .int(count.hosts), "example": .string(count.example.rawValue),
            "hostclasses": .list(count.hostclasses.sorted().map { .string($0.rawValue) }),
            "changes": .list(
                changes.map { change in
                    .map([
                        "user": .string(change.user), "right": .string(change.right.rawValue),
                        "change": .string(change.isGained ? "gained" : "lost"),
                    ])
                }),
        ]
    }
    var text: String {
        let words = changes.map { "\($0.isGained ? "+" : "-") \($0.user) \($0.right.rawValue)" }
        let classes = count.hostclasses.sorted().map(\.rawValue).joined(separator: ", ")
        let place = count.hosts == 1 ? "\(count.example)" : "\(count.hosts) hosts of \(classes)"
        return "\(place): \(words.joined(separator: ", "))"
    }
}
