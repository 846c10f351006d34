internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// As many finds of one kind as are shown.
    private static let shownFinds = 20
    /// As many lines of files as are shown.
    private static let shownLines = 50

    /// `/search`: names of every kind, and lines of files, that hold what was asked for.
    @Sendable func search(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let query = (call.query["q"] ?? "").replacing("+", with: " ").trimmed
        var page = look.page(query.isEmpty ? "Search" : "Search for “\(query)”", nil)
        var fields = [Form.Field(name: "q", label: "Part of a name, a value, or a commit", value: query)]
        if let at = call.query["at"] { fields.append(.init(name: "at", label: "", value: at, isHidden: true)) }
        let form = Block.form(Form(button: "Search again", action: "/search", fields: fields))
        guard !query.isEmpty else {
            page.sections = [Page.Section("Search", [form])]
            return page
        }
        guard query.utf8.count <= 200 else {
            throw RequestError.badParameter("q", cut(query, to: 40), rule: "at most 200 bytes")
        }
        let needle = query.lowercased()
        let places = look.snapshot.snapshot.whereabouts(of: query)
        let lines = linesHolding(needle, look.snapshot)
        var sections = names(holding: needle, look) + (try await packageNames(holding: needle))
        if let commit = await commit(named: query) { sections.insert(commit, at: 0) }
        sections += places.map { section($0, look) }
        if !lines.found.isEmpty {
            let more = lines.total - lines.found.count
            sections.append(
                Page.Section(
                    "Lines of files", count: lines.total,
                    [
                        .table(
                            Table(
                                caption: "Lines that hold it", columns: ["Where", "Line"],
                                rows: lines.found.map {
                                    [look.links.source($0.location, of: look.snapshot), .code(cut($0.text, to: 160))]
                                }, footer: more > 0 ? .quiet("and \(counted(more, "more line"))") : .nothing))
                    ]))
        }
        page.lead = sections.isEmpty ? "Nothing has that in it." : .nothing
        page.sections = [Page.Section("Search", [form])] + sections
        return page
    }

    private func names(holding needle: String, _ look: Look) -> [Page.Section] {
        let (repo, links) = (look.repo, look.links)
        let holds = { (text: String) in text.lowercased().contains(needle) }
        let releases = repo.releaseReferences.filter { holds($0.rawValue) }
        let people = repo.users.values.filter { holds($0.name.rawValue) || $0.fullName.map(holds) == true }.sorted {
            $0.name < $1.name
        }
        let hosts = repo.hosts.keys.filter { holds($0.rawValue) }.sorted()
        return [
            section("Hosts", hosts.map(links.host)),
            section("Classes", repo.hostclasses.keys.filter { holds($0.rawValue) }.sorted().map(links.hostclass)),
            section("Releases in use", releases.map(links.release)),
            section("Datacenters", repo.datacenters.keys.filter { holds($0.rawValue) }.sorted().map(links.datacenter)),
            section(
                "People",
                people.map { links.user($0.name.rawValue) + .quiet($0.fullName.map { " \($0)" } ?? "") }),
            section("Groups", repo.groups.filter { holds($0.rawValue) }.sorted().map(links.group)),
            section(
                "Settings and files",
                look.snapshot.snapshot.searchableNames.filter { holds($0) && $0.lowercased() != needle }.map {
                    .code($0, link: links.page(["search"], [("q", $0)]))
                }),
        ].compactMap { $0 }
    }

    private func section(_ title: String, _ found: [Phrase]) -> Page.Section? {
        guard !found.isEmpty else { return nil }
        let more = found.count - Self.shownFinds
        return Page.Section(
            title, count: found.count,
            [.list(Array(found.prefix(Self.shownFinds)))]
                + (more > 0 ? [.text(.quiet("and \(more.grouped) more; say more of the name to see them"))] : []))
    }

    private func packageNames(holding needle: String) async throws -> [Page.Section] {
        let names = try await waitingForDisk { try store.names() }.map(\.rawValue).filter { $0.contains(needle) }
        let found = names.map { Phrase.code($0, link: Links(at: nil).page(["packages", $0])) }
        return section("Packages", found).map { [$0] } ?? []
    }

    /// The commit that a text of hexadecimal digits begins.
    private func commit(named text: String) async -> Page.Section? {
        guard (7...40).contains(text.utf8.count), text.allSatisfy(\.isHexDigit) else { return nil }
        // What begins no commit's id is no mistake of whoever searches.
        guard let commit = try? await log.commit(text) else { return nil }
        return Page.Section(
            "Commit", [.text(Links(at: nil).commit(commit.revision) + Phrase(" \(commit.summary)"))])
    }

    /// Everything that the repository says about a setting, a package, a file, a user or a group of just that name.
    private func section(_ found: Whereabouts, _ look: Look) -> Page.Section {
        let rows = found.mentions.prefix(100).map { mention -> [Phrase] in
            [
                look.links.source(mention.location, of: look.snapshot), Phrase(mention.role.rawValue),
                mention.detail.map { .code($0) } ?? .none,
                mention.hosts.map { Phrase($0.grouped) } ?? .quiet("as it stands"),
            ]
        }
        let more = found.mentions.count - rows.count
        return Page.Section(
            "The \(found.kind.rawValue) \(found.name)", count: found.mentions.count,
            [
                .table(
                    Table(
                        caption: "Places that have to do with the \(found.kind.rawValue) \(found.name)",
                        columns: ["Where", "What", "Written there", .number("Hosts")], rows: rows,
                        footer: more > 0 ? .quiet("and \(more.grouped) more") : .nothing))
            ])
    }

    /// Lines of the repository's text files.
    private func linesHolding(
        _ needle: String, _ snapshot: ServedSnapshot
    ) -> (found: [(location: SourceLocation, text: String)], total: Int) {
        var (found, total): ([(location: SourceLocation, text: String)], Int) = ([], 0)
        let wanted = Array(needle.utf8)
        for path in snapshot.files.keys.sorted() where !path.hasSuffix(".lock.yml") {
            guard let bytes = snapshot.files[path]?.bytes, bytes.holdsIgnoringCase(wanted),
                case .text(let text) = FileContents(bytes)
            else { continue }
            for (index, line) in textLines(text).enumerated() where Array(line.utf8).holdsIgnoringCase(wanted) {
                total += 1
                guard found.count < Self.shownLines else { continue }
                found.append((SourceLocation(file: path, line: index + 1, column: 1), line.trimmed))
            }
        }
        return (found, total)
    }
}

extension [UInt8] {
    /// Whether these bytes hold others, given in lower case; the letters of ASCII alone have cases here.
    fileprivate func holdsIgnoringCase(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, count >= wanted.count else { return wanted.isEmpty }
        let lower = { (byte: UInt8) in byte &- 65 < 26 ? byte | 32 : byte }
        var position = 0
        while position <= count - wanted.count {
            if lower(self[position]) == first,
                (1..<wanted.count).allSatisfy({ lower(self[position + $0]) == wanted[$0] })
            {
                return true
            }
            position += 1
        }
        return false
    }
}
