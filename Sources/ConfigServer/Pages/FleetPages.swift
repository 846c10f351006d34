internal import RollerCore

extension PageRoutes {
    /// `/fleet`: how the hosts stand, as far as their receipts tell.
    @Sendable func fleetPage(_ call: Call) async throws -> Page {
        let look = try await look(call)
        var page = look.page("Fleet", .fleet, data: "/v1/fleet")
        guard let report = try await fleet.report(look.snapshot) else {
            page.data = ""
            page.sections = [
                Page.Section(
                    "Fleet",
                    [
                        .notice(
                            Notice(
                                kind: .info, title: "This server takes no receipts.",
                                lines: [
                                    "It knows what every host is to be, and not what it is. "
                                        + .link("The hosts as the repository has them", "/hosts")
                                ]))
                    ])
            ]
            return page
        }
        page.sections = [Page.Section("How the hosts stand", fleetSummary(report))]
        page.sections += pictures(of: report)
        page.sections.append(try hostList(report, call, look))
        return page
    }

    /// The buckets, drawn and counted.
    func fleetSummary(_ report: FleetPicture) -> [Block] {
        let counts = Dictionary(grouping: report.hosts, by: \.bucket).mapValues(\.count)
        let shares = FleetHost.Bucket.allCases.map { bucket in
            let count = counts[bucket] ?? 0
            return Picture.Bar(
                name: bucket.rawValue, amount: Double(count), text: count.grouped, kind: bucket.kind.rawValue)
        }
        let converged = counts[.converged] ?? 0
        return [
            .picture(
                .shares(
                    title: "Hosts by how they stand",
                    description:
                        "\(converged.grouped) of \(counted(report.hosts.count, "host")) are as their file says.",
                    of: "Standing", shares)),
            .text(
                FleetHost.Bucket.allCases.map { bucket in
                    .link(
                        "\(bucket.rawValue) \((counts[bucket] ?? 0).grouped)",
                        Links(at: nil).page(["fleet"], [("bucket", bucket.rawValue)]))
                }.joined(" · ")),
        ]
    }

    private func pictures(of report: FleetPicture) -> [Page.Section] {
        var sections: [Page.Section] = []
        let wanted = Dictionary(grouping: report.hosts, by: \.wanted).mapValues(\.count)
        let convergence = report.convergence.filter { $0.points.count > 1 }.prefix(6).map { release, points in
            let whole = wanted[release] ?? 0
            return Block.picture(
                .stairs(
                    title: "\(release) over time",
                    description:
                        "\((points.last?.count ?? 0).grouped) of \(counted(whole, "host")) that name \(release) run it.",
                    of: "Hosts on it", whole: whole, points))
        }
        if !convergence.isEmpty { sections.append(Page.Section("Convergence", convergence)) }
        if !report.downtimes.isEmpty {
            let bars = report.downtimes.sorted { $1.longest < $0.longest }.map { downtime in
                Picture.Bar(
                    name: "\(downtime.hostclass) \(downtime.service)",
                    amount: Double(downtime.longest.milliseconds), text: downtime.longest.brief)
            }
            sections.append(
                Page.Section(
                    "Downtime",
                    [
                        .picture(
                            .bars(
                                title: "Downtime by service",
                                description:
                                    "How long each service was away in the last roll of a host, the longest of all hosts.",
                                of: "Service", amount: "Longest", bars))
                    ]))
        }
        return sections
    }

    private func hostList(_ report: FleetPicture, _ call: Call, _ look: Look) throws -> Page.Section {
        let bucket = call.query["bucket"].flatMap { $0.isEmpty ? nil : $0 }
        if let bucket, FleetHost.Bucket(rawValue: bucket) == nil {
            let known = FleetHost.Bucket.allCases.map(\.rawValue)
            throw RequestError.badParameter("bucket", bucket, rule: "one of \(known.joined(separator: ", "))")
        }
        let wanted = { (name: String, text: String) in
            call.query[name].map { $0.isEmpty || $0 == text } ?? true
        }
        let found = report.hosts.filter {
            (bucket == nil || $0.bucket.rawValue == bucket) && wanted("hostclass", $0.hostclass.rawValue)
                && wanted("datacenter", $0.datacenter.rawValue)
        }.sorted { $0.name < $1.name }
        let paging = try PagePaging(call.query["from"], total: found.count)
        let query = ["bucket", "hostclass", "datacenter"].map { ($0, call.query[$0] ?? "") }
        let now = UTCTime.now.seconds
        let fields = [
            Form.Field(
                name: "bucket", label: "Standing", value: bucket ?? "",
                choices: [("", "any")] + FleetHost.Bucket.allCases.map { ($0.rawValue, $0.rawValue) }),
            Form.Field(
                name: "hostclass", label: "Class", value: call.query["hostclass"] ?? "",
                choices: [("", "any")] + look.repo.hostclasses.keys.map(\.rawValue).sorted().map { ($0, $0) }),
            Form.Field(
                name: "datacenter", label: "Datacenter", value: call.query["datacenter"] ?? "",
                choices: [("", "any")] + look.repo.datacenters.keys.map(\.rawValue).sorted().map { ($0, $0) }),
        ]
        return Page.Section(
            "Hosts", count: found.count,
            [
                .form(Form(button: "Filter", action: "/fleet", fields: fields)),
                .table(
                    Table(
                        caption: "Hosts and how they stand",
                        columns: ["Host", "Standing", "Wanted", "Running", "Heard", .number("Services away")],
                        rows: paging.part(of: found).map { host in
                            [
                                look.links.host(host.name),
                                Phrase(host.bucket.rawValue, host.bucket.kind)
                                    + .quiet(host.note.isEmpty ? "" : " \(host.note)"),
                                look.links.release(host.wanted), host.running.map(look.links.release) ?? .none,
                                host.when.map { Phrase("\(Duration.seconds(now - $0).inWords) ago") }
                                    ?? .quiet("never"),
                                host.downtime.map { Phrase($0.brief) } ?? .none,
                            ]
                        }, footer: paging.footer { Links(at: nil).page(["fleet"], query + [("from", "\($0)")]) },
                        empty: "No host.")),
            ])
    }

    /// `/replication`: where packages are.
    @Sendable func replicationPage(_ call: Call) async throws -> Page {
        var page = Page(title: "Replication", area: .replication)
        guard let states = try await replication.states() else {
            let count = try await waitingForDisk { try store.names().count }
            page.sections = [
                Page.Section(
                    "Packages",
                    [
                        .notice(
                            Notice(
                                kind: .info, title: "This server has its own directory and no bucket.",
                                lines: [
                                    Phrase("What is published here is here, and nowhere else: ")
                                        + .link(counted(count, "package"), "/packages") + "."
                                ]))
                    ])
            ]
            return page
        }
        page.data = "/v1/replication"
        let slowest = Dictionary(grouping: states.filter { $0.took != nil }, by: \.datacenter)
        let bars = slowest.sorted { $0.key < $1.key }.map { datacenter, states in
            let longest = states.compactMap(\.took).max() ?? .zero
            return Picture.Bar(name: datacenter.rawValue, amount: Double(longest.milliseconds), text: longest.brief)
        }
        if !bars.isEmpty {
            page.sections.append(
                Page.Section(
                    "Arrival",
                    [
                        .picture(
                            .bars(
                                title: "Arrival by datacenter",
                                description:
                                    "How long packages took from their publication to each datacenter, the longest of those listed.",
                                of: "Datacenter", amount: "Longest", bars))
                    ]))
        }
        let rows = states.prefix(1000).map { state -> [Phrase] in
            let standing =
                state.since.map { Phrase("there", .good) + .quiet(" since \(UTCTime(seconds: $0).forPeople)") }
                ?? Phrase("waits", .warn) + .quiet(" for \(state.waitsFor)")
            return [
                Links(at: nil).package(state.package), Links(at: nil).datacenter(state.datacenter), standing,
                state.took.map { Phrase($0.brief) } ?? .none,
            ]
        }
        page.sections.append(
            Page.Section(
                "Packages", count: states.count,
                [
                    .table(
                        Table(
                            caption: "Packages and where they are",
                            columns: ["Package", "Datacenter", "Standing", .number("Took")], rows: rows,
                            footer: states.count > 1000 ? .quiet("and \((states.count - 1000).grouped) more") : .nothing
                        ))
                ]))
        return page
    }
}
