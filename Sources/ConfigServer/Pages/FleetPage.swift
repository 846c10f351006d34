internal import RollerCore

extension PageRoutes {
    /// `/fleet`: how the hosts stand, as far as their receipts tell.
    @Sendable func fleetPage(_ call: Call) async throws -> Page {
        let served = try call.served()
        let look = Look(snapshot: served, links: Links(at: nil))
        let hostclass = try named("hostclass", call) { try served.hostclass($0).hostclass.name }
        let datacenter = try named("datacenter", call) { try served.datacenter($0).name }
        let bucket = try named("bucket", call) { text throws(RequestError) in
            guard let bucket = FleetBucket(rawValue: text) else {
                let known = FleetBucket.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badParameter("bucket", text, rule: "one of \(known)")
            }
            return bucket
        }
        let after = try named("after", call) { text throws(RequestError) in
            guard let name = HostName(text) else { throw .badParameter("after", text, rule: HostName.rule) }
            return name
        }
        let listing = FleetOverview.Listing(
            buckets: bucket.map { [$0] } ?? Set(FleetBucket.allCases), after: after, limit: TablePart.size)
        let report = fleet.report(at: served, listing: listing) { host in
            (hostclass == nil || host.release.hostclass == hostclass)
                && (datacenter == nil || host.datacenter == datacenter)
        }
        var page = look.page("Fleet", .fleet, data: "/v1/fleet")
        page.lead = Phrase(
            "A host counts as silent after \(Duration.seconds(report.silentAfter).inWords) without a word.")
        page.sections = [Page.Section("How the hosts stand", count: report.buckets.total, fleetSummary(report))]
        page.sections.append(
            Page.Section(
                "By class, datacenter and release",
                tables(report)))
        if hostclass == nil, datacenter == nil, bucket == nil {
            page.sections += try await pictures(of: report, served)
        }
        page.sections.append(hostList(report, bucket, call, look))
        return page
    }

    /// The buckets, drawn and counted.
    func fleetSummary(_ report: FleetOverview) -> [Block] {
        let shares = report.buckets.inOrder.reversed().filter { $0.hosts > 0 }.map { bucket, count in
            Picture.Bar(name: bucket.words, amount: Double(count), text: count.grouped, kind: bucket.kind.rawValue)
        }
        var blocks: [Block] = [
            .picture(
                .shares(
                    title: "Hosts by how they stand",
                    description:
                        "\(report.buckets[.converged].grouped) of \(counted(report.buckets.total, "host")) are healthy on what they would get now.",
                    of: "Standing", Array(shares))),
            .text(
                report.buckets.inOrder.filter { $0.hosts > 0 }.map { bucket, count in
                    .link(
                        "\(count.grouped) \(bucket.words)",
                        Links(at: nil).page(["fleet"], [("bucket", bucket.rawValue)]))
                }.joined(" · ")),
        ]
        if report.known < report.buckets.total {
            blocks.append(
                .text(
                    .quiet("What \((report.buckets.total - report.known).grouped) of them would get is being made out.")
                ))
        }
        return blocks
    }

    private func tables(_ report: FleetOverview) -> [Block] {
        let links = Links(at: nil)
        let table = { (title: String, rows: [(Phrase, FleetCounts)]) in
            Block.table(
                Table(
                    caption: "Hosts by \(title.lowercased())",
                    columns: [.init(title), .number("Hosts"), .number("Converged"), "Others"],
                    rows: rows.prefix(60).map { name, counts in
                        let others = counts.inOrder.filter { $0.hosts > 0 && $0.bucket != .converged }
                        return [
                            name, Phrase(counts.total.grouped), Phrase(counts[.converged].grouped),
                            others.isEmpty
                                ? .none
                                : others.map { Phrase("\($0.hosts.grouped) \($0.bucket.words)", $0.bucket.kind) }
                                    .joined(" "),
                        ]
                    },
                    footer: rows.count > 60 ? .quiet("and \((rows.count - 60).grouped) more") : .nothing))
        }
        return [
            table("Class", report.hostclasses.sorted { $0.key < $1.key }.map { (links.hostclass($0.key), $0.value) }),
            table(
                "Datacenter", report.datacenters.sorted { $0.key < $1.key }.map { (links.datacenter($0.key), $0.value) }
            ),
            table("Release", report.releases.sorted { $0.key < $1.key }.map { (links.release($0.key), $0.value) }),
        ]
    }

    /// The releases with the most hosts, over time.
    private func pictures(of report: FleetOverview, _ served: ServedSnapshot) async throws -> [Page.Section] {
        var (convergence, bars): ([Block], [Picture.Bar]) = ([], [])
        let largest = report.releases.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }.prefix(3)
        for (release, _) in largest {
            let rolls = try await statistics.rolls(to: release, in: served)
            if let picture = picture(of: rolls, release) { convergence.append(.picture(picture)) }
            bars += rolls.downtimes.map { self.bar($0, "\(release) \($0.service)") }
        }
        var sections: [Page.Section] = []
        if !convergence.isEmpty { sections.append(Page.Section("Convergence", convergence)) }
        if !bars.isEmpty { sections.append(Page.Section("Downtime", [.picture(downtime(bars))])) }
        return sections
    }

    private func bar(_ downtime: (service: ServiceName, longest: Duration), _ name: String) -> Picture.Bar {
        Picture.Bar(name: name, amount: Double(downtime.longest.milliseconds), text: downtime.longest.brief)
    }

    /// When hosts came to a release; nil where none did, or all at one instant.
    private func picture(of rolls: ReleaseRolls, _ release: ReleaseReference) -> Picture? {
        guard let first = rolls.arrivals.first, let last = rolls.arrivals.last, first.time < last.time else {
            return nil
        }
        return .stairs(
            title: "\(release) over time",
            description: "\(last.count.grouped) of \(counted(rolls.hosts, "host")) looked at have come to \(release).",
            of: "Hosts on it", whole: rolls.hosts, rolls.arrivals)
    }

    private func downtime(_ bars: [Picture.Bar]) -> Picture {
        .bars(
            title: "Downtime by service",
            description: "How long each service was away in rolls to these releases, the longest of all hosts.",
            of: "Service", amount: "Longest", bars)
    }

    /// What the pages of a release say of its rolls; nothing where no host spoke of it.
    func rollSections(to release: ReleaseReference, _ served: ServedSnapshot) async throws -> [Page.Section] {
        let rolls = try await statistics.rolls(to: release, in: served)
        var blocks: [Block] = []
        if let picture = picture(of: rolls, release) { blocks.append(.picture(picture)) }
        let bars = rolls.downtimes.map { bar($0, $0.service.rawValue) }
        if !bars.isEmpty { blocks.append(.picture(downtime(bars))) }
        return blocks.isEmpty ? [] : [Page.Section("Rolls", blocks)]
    }

    private func hostList(_ report: FleetOverview, _ bucket: FleetBucket?, _ call: Call, _ look: Look) -> Page.Section {
        let now = UTCTime.now.seconds
        let choices = { (names: [String]) in [(value: "", text: "any")] + names.map { (value: $0, text: $0) } }
        let fields = [
            Form.Field(
                name: "bucket", label: "Standing", value: bucket?.rawValue ?? "",
                choices: choices(FleetBucket.allCases.map(\.rawValue))),
            Form.Field(
                name: "hostclass", label: "Class", value: call.query["hostclass"] ?? "",
                choices: choices(look.repo.hostclasses.keys.map(\.rawValue).sorted())),
            Form.Field(
                name: "datacenter", label: "Datacenter", value: call.query["datacenter"] ?? "",
                choices: choices(look.repo.datacenters.keys.map(\.rawValue).sorted())),
        ]
        let query = ["bucket", "hostclass", "datacenter"].map { ($0, call.query[$0] ?? "") }
        let next = report.next.map {
            Phrase.link(
                "Later hosts", Links(at: nil).page(["fleet"], query + [("after", $0.rawValue)], anchor: "hosts"))
        }
        return Page.Section(
            "Hosts", count: bucket.map { report.buckets[$0] } ?? report.buckets.total,
            [
                .form(Form(button: "Filter", action: "/fleet", fields: fields)),
                .table(
                    Table(
                        caption: "Hosts and how they stand",
                        columns: ["Host", "Standing", "Wanted", "Stands on", "Heard", "Says"],
                        rows: report.hosts.map { entry in
                            [
                                look.links.host(entry.host), Phrase(entry.bucket.words, entry.bucket.kind),
                                look.links.release(entry.release), entry.applied.map(look.links.release) ?? .none,
                                entry.heard.map { Phrase("\(Duration.seconds(now - $0).inWords)\u{a0}ago") }
                                    ?? .quiet("never"),
                                entry.reason.map { Phrase(cut($0, to: 160)) } ?? .none,
                            ]
                        }, footer: next ?? .nothing, empty: "No host.")),
            ])
    }
}
