internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// `/hostclasses`.
    @Sendable func hostclasses(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let hosts = Dictionary(grouping: look.repo.hosts.values, by: \.release.hostclass)
        var page = look.page("Classes", .hostclasses, data: "/v1/hostclasses")
        page.sections = [
            Page.Section(
                "Classes", count: look.repo.hostclasses.count,
                [
                    .table(
                        Table(
                            caption: "Classes",
                            columns: [
                                "Class", .number("Hosts"), .number("Releases in use"), .number("Packages"), "Services",
                            ],
                            rows: look.repo.hostclasses.sorted { $0.key < $1.key }.map { name, tree in
                                let own = hosts[name] ?? []
                                let services = tree.hostclass.services.map(\.service.name.rawValue)
                                return [
                                    look.links.hostclass(name), Phrase(own.count.grouped),
                                    Phrase("\(Set(own.map(\.release)).count)"),
                                    Phrase("\(tree.hostclass.packages.count)"),
                                    services.isEmpty ? .none : .code(services.joined(separator: ", ")),
                                ]
                            }))
                ])
        ]
        return page
    }

    /// `/hostclasses/web` as it stands, or `/hostclasses/web@R` as it was released.
    @Sendable func hostclass(_ call: Call) async throws -> Page {
        let text = call["class"]
        guard text.contains("@") else { return try await currentHostclass(call) }
        guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
        let found = try await history.hostclass(at: reference)
        let look = Look(snapshot: try call.served(), links: Links(at: nil))
        let hosts = look.snapshot.snapshot.hosts(of: reference.hostclass).filter { $0.release == reference }
        let name = reference.hostclass
        var page = look.page(reference.rawValue, .hostclasses, data: "/v1/hostclasses/\(reference)")
        page.trail = [.link("Classes", look.links.page(["hostclasses"])), look.links.hostclass(name)]
        page.lead =
            "A release, of commit " + look.links.commit(found.release.revision)
            + Phrase(", with \(counted(hosts.count, "host")) on it")
        let path = "hostclasses/\(name).yml"
        let bytes = found.files.first { $0.path == path }?.bytes ?? []
        page.sections = [
            Page.Section(
                "Class file",
                [
                    .text(.code(path, link: look.links.source(path, at: found.release.revision))),
                    .listing(Listing(file: bytes, path: path)),
                ])
        ]
        page.sections += details(of: found.release.tree, at: found.release.revision, look.links)
        page.sections += try await rollSections(to: reference, look.snapshot)
        page.sections.append(hostSection(hosts, look, ["release": reference.rawValue]))
        let releases = try await history.releases(of: name)
        if releases.count > 1 {
            page.sections.append(Page.Section("Compare", [.form(compare(name, releases, newest: reference))]))
        }
        return page
    }

    private func currentHostclass(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let (snapshot, links) = (look.snapshot, look.links)
        let tree = try snapshot.hostclass(call["class"])
        let name = tree.hostclass.name
        let releases = try await history.releases(of: name)
        let hosts = snapshot.snapshot.hosts(of: name)
        var page = look.page(name.rawValue, .hostclasses, data: "/v1/hostclasses/\(name)")
        page.trail = [.link("Classes", links.page(["hostclasses"]))]
        page.lead = Phrase("\(counted(hosts.count, "host")), \(counted(releases.count, "release"))")
        let path = "hostclasses/\(name).yml"
        page.sections = [
            Page.Section("Releases", count: releases.count, releaseBlocks(releases, hosts, links))
        ]
        if releases.count > 1 {
            page.sections.append(Page.Section("Compare", [.form(compare(name, releases, newest: nil))]))
        }
        page.sections.append(
            Page.Section(
                "Class file",
                [
                    .text(
                        .code(path, link: links.source(path, at: snapshot.revision))
                            + .quiet(" as it stands; hosts get what their release has")),
                    .listing(Listing(file: snapshot.files[path]?.bytes ?? [], path: path)),
                ]))
        page.sections += details(of: tree, at: snapshot.revision, links)
        page.sections.append(hostSection(hosts, look, ["hostclass": name.rawValue]))
        return page
    }

    /// Which hosts are on which release, drawn and listed, the newest release first.
    private func releaseBlocks(_ releases: [(tag: GitTag, time: UTCTime)], _ hosts: [Host], _ links: Links) -> [Block] {
        let counts = Dictionary(grouping: hosts, by: \.release.rawValue).mapValues(\.count)
        let ordered = releases.sorted { ($1.time.seconds, $1.tag.name) < ($0.time.seconds, $0.tag.name) }
        let tags = Set(ordered.map(\.tag.name))
        let others = counts.keys.filter { !tags.contains($0) }.sorted()
        var blocks: [Block] = []
        let used = (ordered.map(\.tag.name) + others).filter { counts[$0] != nil }
        if !used.isEmpty {
            blocks.append(
                .picture(
                    .bars(
                        title: "Hosts by release",
                        description: "How many of \(counted(hosts.count, "host")) are on which release.",
                        of: "Release", amount: "Hosts",
                        used.map { .init(name: $0, amount: Double(counts[$0] ?? 0), text: (counts[$0] ?? 0).grouped) }))
            )
        }
        let rows = ordered.prefix(200).map { release -> [Phrase] in
            let count = counts[release.tag.name] ?? 0
            let hosts =
                count == 0
                ? .quiet("0")
                : Phrase.link(count.grouped, links.page(["hosts"], [("release", release.tag.name)]))
            let commit = Links(at: nil).page(["commits", release.tag.target.description])
            return [
                .code(release.tag.name, link: Links(at: nil).page(["hostclasses", release.tag.name])), hosts,
                .code(release.time.forPeople), .code(String(release.tag.target.description.prefix(12)), link: commit),
                Phrase(cut(textLines(release.tag.message).first ?? "", to: 100)),
            ]
        }
        let more = ordered.count - rows.count
        blocks.append(
            .table(
                Table(
                    caption: "Releases, the newest first",
                    columns: ["Release", .number("Hosts"), "Committed", "Commit", "Says"], rows: rows,
                    footer: more > 0 ? .quiet("and \(counted(more, "older release"))") : .nothing,
                    empty: "The class has no release yet.")))
        return blocks
    }

    /// What a class has beside its file.
    private func details(of tree: HostclassTree, at commit: Revision, _ links: Links) -> [Page.Section] {
        let packages = tree.hostclass.packages.map { pin -> [Phrase] in
            let builds = tree.lock?.packages.first { $0.name == pin.name && $0.version == pin.version }?.builds ?? []
            let locked = builds.map { build in
                links.package(PackageKey(name: pin.name, version: pin.version, platform: build.platform))
            }
            return [
                .code(pin.name.rawValue), .code(pin.version.rawValue),
                locked.isEmpty ? Phrase("not locked", .warn) : locked.joined(),
            ]
        }
        let files = tree.files.map { file -> [Phrase] in
            let path = SourceLocation(file: file.source).releaseAndPath.path
            return [
                .code(path, link: links.source(path, at: commit)),
                file.template == nil ? "copied" : "rendered", Phrase("\(ByteCount(Int64(file.bytes.count)))"),
            ]
        }
        return [
            Page.Section(
                "Packages", count: packages.count,
                [
                    .table(
                        Table(
                            caption: "Packages", columns: ["Package", "Version", "Locked builds"], rows: packages,
                            empty: "The class installs no packages."))
                ]),
            Page.Section(
                "Services", count: tree.hostclass.services.count,
                [.table(services(tree.hostclass.services.map(\.service)))]),
            Page.Section(
                "Files", count: files.count,
                [
                    .table(
                        Table(
                            caption: "Files of the class", columns: ["File", "How", .number("Size")], rows: files,
                            empty: "The class brings no files."))
                ]),
        ]
    }

    /// The first of some hosts, with the way to all.
    func hostSection(_ hosts: [Host], _ look: Look, _ query: [String: String]) -> Page.Section {
        let shown = Array(hosts.prefix(50))
        var table = hostTable(shown, look.links, caption: "Hosts") { _ in
            ""
        } paging: {
            .all(shown.count)
        }
        if hosts.count > shown.count {
            table.footer =
                Phrase.quiet("and ")
                + .link(
                    "\((hosts.count - shown.count).grouped) more",
                    look.links.page(["hosts"], query.map { ($0.key, $0.value) }))
        }
        return Page.Section("Hosts", count: hosts.count, [.table(table)])
    }

    private func compare(_ name: HostclassName, _ releases: [(tag: GitTag, time: UTCTime)], newest: ReleaseReference?)
        -> Form
    {
        let ordered = releases.sorted { ($1.time.seconds, $1.tag.name) < ($0.time.seconds, $0.tag.name) }.map(
            \.tag.name)
        let choices = ordered.prefix(500).map { (value: $0, text: $0) }
        let to = newest?.rawValue ?? ordered.first ?? ""
        return Form(
            button: "Compare releases", action: Links(at: nil).page(["hostclasses", name.rawValue, "diff"]),
            fields: [
                .init(name: "from", label: "From", value: ordered.first { $0 != to } ?? to, choices: choices),
                .init(name: "to", label: "To", value: to, choices: choices),
            ])
    }

    /// `/hostclasses/web@R/diff/web@R2`, and the same from a form.
    @Sendable func classDiff(_ call: Call) async throws -> Page {
        let texts = (call.query["from"] ?? call["class"], call.query["to"] ?? call.values["other"] ?? "")
        let references = try [texts.0, texts.1].map { text throws(UnknownName) in
            guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
            return reference
        }
        let old = try await history.hostclass(at: references[0])
        let new = try await history.hostclass(at: references[1])
        var page = Page(title: "\(references[0]) beside \(references[1])", area: .hostclasses)
        let links = Links(at: nil)
        page.trail = [.link("Classes", "/hostclasses"), links.hostclass(references[0].hostclass)]
        page.lead = "From " + links.release(references[0]) + " to " + links.release(references[1])
        let changes = ClassDiff.between(old.release.tree, new.release.tree)
        let show = DiffShow(
            titles: (references[0].rawValue, references[1].rawValue), old: .commit(old.release.revision),
            new: .commit(new.release.revision), isSideBySide: true)
        page.sections = [
            Page.Section(
                "Differences",
                changes.isEmpty
                    ? [.notice(Notice(kind: .good, title: "Nothing differs."))] : show.blocks(changes))
        ]
        return page
    }
}
