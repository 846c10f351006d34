internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// `/commits`: the newest first.
    @Sendable func commits(_ call: Call) async throws -> Page {
        guard let newest = call.standing.refusal?.revision ?? call.standing.served?.revision else {
            throw SnapshotError.nothingServed(call.standing.refusal)
        }
        let start = call.query["from"] ?? call.query["at"] ?? newest.rawValue
        let found = try await log.commits(from: start, limit: TablePart.size + 1)
        var page = Page(title: "Commits", area: .commits)
        var table = commitTable(Array(found.prefix(TablePart.size)), call.standing)
        if found.count > TablePart.size, let next = found.last {
            table.footer = .link("Older commits", Links(at: nil).page(["commits"], [("from", next.id.description)]))
        }
        let ask = Form(
            button: "Compare commits", action: "/diff",
            fields: [
                .init(name: "a", label: "From", value: found.dropFirst().first?.id.description ?? ""),
                .init(name: "b", label: "To", value: found.first?.id.description ?? ""),
            ])
        page.sections = [Page.Section("Commits", [.table(table)]), Page.Section("Compare", [.form(ask)])]
        return page
    }

    /// Commits, the one that is served and the one that is refused marked.
    func commitTable(_ commits: [GitCommit], _ standing: Standing) -> Table {
        Table(
            caption: "Commits, the newest first", columns: ["Commit", "Says", "Author", "Committed"],
            rows: commits.map { commit in
                var mark = Phrase.nothing
                if commit.revision == standing.served?.revision { mark = " " + Phrase("served", .good) }
                if commit.revision == standing.refusal?.revision { mark = " " + Phrase("refused", .bad) }
                return [
                    Links(at: nil).commit(commit.revision) + mark, Phrase(cut(commit.summary, to: 100)),
                    Phrase(cut(commit.author.name, to: 40)), .code(UTCTime(seconds: commit.time).forPeople),
                ]
            })
    }

    /// `/commits/REV`: what a commit says, and what it means.
    @Sendable func commit(_ call: Call) async throws -> Page {
        let commit = try await log.commit(call["revision"])
        let new = try await history.snapshot(at: commit.id.description)
        var old: ServedSnapshot?
        if let parent = commit.parents.first { old = try await history.snapshot(at: parent.description) }
        let report = try await comparisons.report(from: old, to: new)
        let links = Links(at: nil)
        var page = Page(title: "Commit \(commit.revision.short)", area: .commits)
        page.trail = [.link("Commits", "/commits")]
        page.lead = Phrase(commit.summary)
        let parents = commit.parents.compactMap { Revision($0.description) }.map { links.commit($0) }
        var facts = [
            Fact("Commit", .code(commit.id.description)),
            Fact("Author", Phrase("\(commit.author.name) <\(commit.author.email)>")),
            Fact("Committed", .code(UTCTime(seconds: commit.time).forPeople)),
            Fact("Before it", parents.isEmpty ? "nothing" : parents.joined()),
            Fact("See", .link("everything as it was at this commit", links.page([], pinned: commit.id.description))),
        ]
        let rest = textLines(commit.message).dropFirst().drop { $0.isEmpty }.joined(separator: "\n")
        if !rest.isEmpty { facts.append(Fact("Message", .code(cut(rest, to: 2000)))) }
        page.sections = [Page.Section("Commit", [.facts(facts)])]
        let errors = new.snapshot.lint().filter { $0.severity == .error }
        if !errors.isEmpty {
            page.sections.append(
                Page.Section("Errors", count: errors.count, findingBlocks(errors, at: new.revision)))
        }
        page.sections += try await meaning(
            report, old, new, call, address: ["commits", commit.id.description], parent: commit.parents.first,
            to: commit)
        return page
    }

    /// `/diff/A..B`, and the same from a form.
    @Sendable func range(_ call: Call) async throws -> Page {
        let text = call.values["range"] ?? "\(call.query["a"] ?? "")..\(call.query["b"] ?? "")"
        guard let dots = text.firstRange(of: "..") else {
            throw RequestError.badTarget(text, why: "a range of commits is written A..B")
        }
        let (a, b) = (String(text[..<dots.lowerBound]).trimmed, String(text[dots.upperBound...]).trimmed)
        guard !a.isEmpty, !b.isEmpty, !b.hasPrefix(".") else {
            throw RequestError.badTarget(text, why: "a range of commits is written A..B")
        }
        let (from, to) = (try await log.commit(a), try await log.commit(b))
        let old = try await history.snapshot(at: from.id.description)
        let new = try await history.snapshot(at: to.id.description)
        let report = try await comparisons.report(from: old, to: new)
        let links = Links(at: nil)
        var page = Page(title: "\(from.revision.short)..\(to.revision.short)", area: .commits)
        page.trail = [.link("Commits", "/commits")]
        page.lead = "From " + links.commit(from.revision) + " to " + links.commit(to.revision)
        page.sections = try await meaning(
            report, old, new, call, address: ["diff", "\(from.id)..\(to.id)"], parent: from.id, to: to)
        return page
    }
}
