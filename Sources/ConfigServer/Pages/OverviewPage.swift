internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// `/`: where people begin.
    @Sendable func overview(_ call: Call) async throws -> Page {
        guard call.query["at"] == nil else { return try await snapshotOverview(call) }
        let standing = call.standing
        guard let served = standing.served else {
            var page = Page(title: "Nothing is served yet", area: .overview, data: "/readyz")
            page.lead = "There is no good commit to serve."
            page.sections = refused(standing)
            return page
        }
        var page = try await snapshotOverview(call)
        page.sections.insert(contentsOf: refused(standing), at: 0)
        page.data = "/readyz"
        let newest = standing.refusal?.revision ?? served.revision
        page.sections.append(
            Page.Section(
                "Newest commits",
                [
                    .table(commitTable(try await log.commits(from: newest.rawValue, limit: 10), standing)),
                    .text(.link("All commits", "/commits")),
                ]))
        return page
    }

    private func snapshotOverview(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let (snapshot, repo, links) = (look.snapshot, look.repo, look.links)
        var page = look.page("Overview", .overview)
        page.sections.append(Page.Section("What is served", [.facts(served(call.standing, look))]))
        if call.query["at"] == nil {
            let report = fleet.report(at: snapshot, listing: .init(limit: 0)) { _ in true }
            page.sections.append(
                Page.Section("Fleet", fleetSummary(report) + [.text(.link("The fleet, host by host", "/fleet"))]))
        }
        let classes = Dictionary(grouping: repo.hosts.values, by: \.release.hostclass)
        let datacenters = Dictionary(grouping: repo.hosts.values, by: \.datacenter)
        page.sections.append(
            Page.Section(
                "Classes", count: repo.hostclasses.count,
                [
                    .table(
                        Table(
                            caption: "Classes", columns: ["Class", .number("Hosts"), .number("Releases in use")],
                            rows: repo.hostclasses.keys.sorted().map { name in
                                let hosts = classes[name] ?? []
                                return [
                                    links.hostclass(name), Phrase(hosts.count.grouped),
                                    Phrase("\(Set(hosts.map(\.release)).count)"),
                                ]
                            }))
                ]))
        page.sections.append(
            Page.Section(
                "Datacenters", count: repo.datacenters.count,
                [
                    .table(
                        Table(
                            caption: "Datacenters", columns: ["Datacenter", .number("Hosts"), "Platform"],
                            rows: repo.datacenters.values.sorted { $0.name < $1.name }.map { datacenter in
                                [
                                    links.datacenter(datacenter.name),
                                    Phrase((datacenters[datacenter.name]?.count ?? 0).grouped),
                                    datacenter.platform.map { .code($0.rawValue) } ?? .none,
                                ]
                            }))
                ]))
        return page
    }

    private func served(_ standing: Standing, _ look: Look) -> [Fact] {
        let (snapshot, links) = (look.snapshot, look.links)
        let committed = snapshot.snapshot.committed.map { seconds in
            let age = Duration.seconds(UTCTime.now.seconds - seconds)
            return Phrase(UTCTime(seconds: seconds).forPeople) + .quiet(", \(age.inWords) ago")
        }
        var facts = [Fact("Commit", links.commit(snapshot.revision)), Fact("Committed", committed ?? .none)]
        if snapshot.revision == standing.served?.revision {
            let state = standing.isReady ? Phrase("newest", .good) : Phrase("not the newest", .bad)
            facts.append(
                Fact(
                    "Standing",
                    state + .quiet(" seen \(Duration.seconds(standing.age(at: .now)).inWords) ago, read in ")
                        + .quiet(standing.buildTime.brief)))
        }
        let repo = look.repo
        let people = repo.users.values.count { $0.state == .active }
        facts.append(
            Fact(
                "Holds",
                [
                    Phrase.link(counted(repo.hosts.count, "host"), links.page(["hosts"])),
                    .link(counted(repo.hostclasses.count, "class", "classes"), links.page(["hostclasses"])),
                    .link(counted(repo.datacenters.count, "datacenter"), links.page(["datacenters"])),
                    .link(counted(people, "person", "people"), links.page(["users"])),
                ].joined(" · ")))
        return facts
    }

    /// Why the newest commit is refused, in full.
    private func refused(_ standing: Standing) -> [Page.Section] {
        guard let refusal = standing.refusal else { return [] }
        var facts = [Fact("Commit", refusal.revision.map(Links(at: nil).commit) ?? .none)]
        facts.append(Fact("Why", Phrase(refusal.message)))
        if let hint = refusal.hint { facts.append(Fact("To do", Phrase(hint))) }
        return [
            Page.Section(
                "Refused", count: refusal.findings.isEmpty ? nil : refusal.findings.count,
                [.facts(facts)] + findingBlocks(refusal.findings, at: refusal.revision))
        ]
    }

    /// Findings as a table, errors before others; a hundred at most.
    func findingBlocks(_ findings: [Diagnostic], at revision: Revision?) -> [Block] {
        guard !findings.isEmpty else { return [] }
        let ordered = findings.filter { $0.severity == .error } + findings.filter { $0.severity != .error }
        let rows = ordered.prefix(100).map { finding -> [Phrase] in
            let (release, path) = finding.location.releaseAndPath
            let place = "\(finding.location)"
            let link =
                release == nil
                ? revision.map { Links(at: nil).source(path, at: $0, line: finding.location.line) } ?? "" : ""
            let kind: Phrase.Kind =
                switch finding.severity {
                case .error: .bad
                case .warning: .warn
                case .note: .info
                }
            return [
                .code(place, link: link), Phrase(finding.severity.rawValue, kind), .code(finding.code.rawValue),
                Phrase(finding.message) + (finding.hint.map { .quiet(" — \($0)") } ?? .nothing),
            ]
        }
        let more = ordered.count - rows.count
        return [
            .table(
                Table(
                    caption: "Findings", columns: ["Place", "Severity", "Code", "Finding"], rows: Array(rows),
                    footer: more > 0 ? .quiet("and \(counted(more, "more finding"))") : .nothing))
        ]
    }
}
