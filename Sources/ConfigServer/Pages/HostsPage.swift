internal import RollerCore

extension PageRoutes {
    /// `/hosts`: all of them, or those of a class, a datacenter, a release.
    @Sendable func hosts(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let repo = look.repo
        let hostclass = try named("hostclass", call) { try look.snapshot.hostclass($0).hostclass.name }
        let datacenter = try named("datacenter", call) { try look.snapshot.datacenter($0).name }
        let release = try named("release", call) { text throws(UnknownName) in
            guard let release = ReleaseReference(text), look.snapshot.releaseTargets[release] != nil else {
                throw UnknownName("release", text, among: look.snapshot.releaseTargets.keys.map(\.rawValue).sorted())
            }
            return release
        }
        let found = repo.hosts.values.filter { host in
            (hostclass == nil || host.release.hostclass == hostclass)
                && (datacenter == nil || host.datacenter == datacenter)
                && (release == nil || host.release == release)
        }.sorted { $0.name < $1.name }
        var page = look.page("Hosts", .hosts, data: "/v1/hosts")
        page.lead = Phrase(
            "\(counted(found.count, "host"))\(found.count == repo.hosts.count ? "" : " of \(repo.hosts.count.grouped)")"
        )
        let query = ["hostclass", "datacenter", "release"].map { ($0, call.query[$0] ?? "") }
        let paging = try TablePart(call.query["from"], total: found.count)
        page.sections = [
            Page.Section("Filter", [.form(filter(call, repo))]),
            Page.Section(
                "Hosts", count: found.count,
                [
                    .table(
                        hostTable(Array(paging.part(of: found)), look.links, caption: "Hosts") { offset in
                            look.links.page(["hosts"], query + [("from", "\(offset)")])
                        } paging: {
                            paging
                        })
                ]),
        ]
        return page
    }

    /// A parameter that names something; an empty one, as forms send it, names nothing.
    func named<Name>(_ parameter: String, _ call: Call, _ read: (String) throws -> Name) throws -> Name? {
        guard let text = call.query[parameter], !text.isEmpty else { return nil }
        return try read(text)
    }

    private func filter(_ call: Call, _ repo: ConfigRepo) -> Form {
        let choices = { (names: [String]) in [(value: "", text: "any")] + names.map { (value: $0, text: $0) } }
        var fields = [
            Form.Field(
                name: "hostclass", label: "Class", value: call.query["hostclass"] ?? "",
                choices: choices(repo.hostclasses.keys.map(\.rawValue).sorted())),
            Form.Field(
                name: "datacenter", label: "Datacenter", value: call.query["datacenter"] ?? "",
                choices: choices(repo.datacenters.keys.map(\.rawValue).sorted())),
            Form.Field(
                name: "release", label: "Release", value: call.query["release"] ?? "",
                choices: choices(repo.releaseReferences.map(\.rawValue))),
        ]
        if let at = call.query["at"] { fields.append(.init(name: "at", label: "", value: at, isHidden: true)) }
        return Form(button: "Filter", action: "/hosts", fields: fields)
    }

    /// Hosts, each with where it stands; a part of a list.
    func hostTable(
        _ hosts: [Host], _ links: Links, caption: String, address: (Int) -> String, paging: () -> TablePart
    ) -> Table {
        Table(
            caption: caption, columns: ["Host", "Release", "Datacenter", "Own settings"],
            rows: hosts.map { host in
                let keys = host.settings.prefix(4).map(\.key.rawValue).joined(separator: ", ")
                let more = host.settings.count > 4 ? " and \(host.settings.count - 4) more" : ""
                return [
                    links.host(host.name), links.release(host.release), links.datacenter(host.datacenter),
                    host.settings.isEmpty ? .none : .code(keys) + .quiet(more),
                ]
            }, footer: paging().footer(address), empty: "No host.")
    }
}
