internal import RollerCore

extension PageRoutes {
    /// `/hosts/H/diff/OTHER`: a host beside another one, or beside itself at another commit.
    @Sendable func hostDiff(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let (snapshot, links) = (look.snapshot, look.links)
        let host = try snapshot.host(call["host"])
        let other = (call.values["other"] ?? call.query["with"] ?? "").trimmed
        guard !other.isEmpty else {
            throw RequestError.badParameter("with", other, rule: "the name of a host, or a commit")
        }
        let newer = try snapshot.resolve(host)
        var page = look.page("", .hosts)
        let trail: [Phrase] = [.link("Hosts", links.page(["hosts"])), links.host(host.name)]
        if let name = HostName(other), let twin = look.repo.hosts[name] {
            let diff = HostDiff.between(newer, try snapshot.resolve(twin), of: twin.name)
            page = look.page("\(host.name) beside \(twin.name)", .hosts)
            page.sections = sections(
                diff,
                DiffShow(
                    titles: (host.name.rawValue, twin.name.rawValue), old: .snapshot(snapshot),
                    new: .snapshot(snapshot), isSideBySide: true))
        } else {
            let past = try await earlier(other, look)
            let older = try past.resolve(try past.host(host.name.rawValue))
            let diff = HostDiff.between(older, newer, of: host.name)
            page = look.page("\(host.name) since \(past.revision.short)", .hosts)
            page.sections = sections(
                diff,
                DiffShow(
                    titles: (past.revision.short, snapshot.revision.short), old: .snapshot(past),
                    new: .snapshot(snapshot), isSideBySide: true
                ))
            page.lead = "From " + links.commit(past.revision) + " to " + links.commit(snapshot.revision)
        }
        page.trail = trail
        return page
    }

    /// A commit by what somebody typed; what is neither that nor a host may have been meant as a host.
    private func earlier(_ text: String, _ look: Look) async throws -> ServedSnapshot {
        do {
            return try await history.snapshot(at: text)
        } catch {
            if case SnapshotError.git = error { _ = try look.snapshot.host(text) }
            throw error
        }
    }

    private func sections(_ diff: HostDiff, _ show: DiffShow) -> [Page.Section] {
        guard !diff.isEmpty else {
            return [Page.Section("Differences", count: 0, [.notice(Notice(kind: .good, title: "Nothing differs."))])]
        }
        return [Page.Section("Differences", show.blocks(diff.changes, effects: []))]
    }
}
