internal import RollerCore

extension PageRoutes {
    /// `/datacenters`.
    @Sendable func datacenters(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let hosts = Dictionary(grouping: look.repo.hosts.values, by: \.datacenter)
        var page = look.page("Datacenters", .datacenters, data: "/v1/datacenters")
        page.sections = [
            Page.Section(
                "Datacenters", count: look.repo.datacenters.count,
                [
                    .table(
                        Table(
                            caption: "Datacenters",
                            columns: ["Datacenter", .number("Hosts"), "Platform", "Config servers"],
                            rows: look.repo.datacenters.values.sorted { $0.name < $1.name }.map { datacenter in
                                [
                                    look.links.datacenter(datacenter.name),
                                    Phrase((hosts[datacenter.name]?.count ?? 0).grouped),
                                    datacenter.platform.map { .code($0.rawValue) } ?? .none,
                                    datacenter.configServers.isEmpty
                                        ? .none : .code(datacenter.configServers.joined(separator: "\n")),
                                ]
                            }))
                ])
        ]
        return page
    }

    /// `/datacenters/D`.
    @Sendable func datacenter(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let datacenter = try look.snapshot.datacenter(call["datacenter"])
        let (name, links) = (datacenter.name, look.links)
        let path = "datacenters/\(name).yml"
        let hosts = look.snapshot.snapshot.hosts(in: name)
        let classes = Dictionary(grouping: hosts, by: \.release.hostclass)
        var page = look.page(name.rawValue, .datacenters, data: "/v1/datacenters/\(name)")
        page.trail = [.link("Datacenters", links.page(["datacenters"]))]
        page.lead = Phrase(counted(hosts.count, "host"))
        page.sections = [
            Page.Section(
                "Datacenter file",
                [
                    .text(.code(path, link: links.source(path, at: look.snapshot.revision))),
                    .listing(Listing(file: look.snapshot.files[path]?.bytes ?? [], path: path)),
                ]),
            Page.Section(
                "Classes", count: classes.count,
                [
                    .table(
                        Table(
                            caption: "Classes in \(name)", columns: ["Class", .number("Hosts"), "Releases"],
                            rows: classes.sorted { $0.key < $1.key }.map { hostclass, hosts in
                                let query = [("hostclass", hostclass.rawValue), ("datacenter", name.rawValue)]
                                let releases = Set(hosts.map(\.release)).sorted()
                                let more =
                                    releases.count > 5 ? Phrase.quiet(" and \(releases.count - 5) more") : .nothing
                                return [
                                    links.hostclass(hostclass),
                                    .link(hosts.count.grouped, links.page(["hosts"], query)),
                                    releases.prefix(5).map(links.release).joined() + more,
                                ]
                            }, empty: "No host stands here."))
                ]),
            hostSection(hosts, look, ["datacenter": name.rawValue]),
        ]
        return page
    }
}
