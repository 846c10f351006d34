internal import HTTPTypes
internal import RollerCore

/// Pages for people.
struct PageRoutes: Sendable {
    let history: History
    let log: CommitLog
    let store: PackageStore
    let fleet: Fleet
    let statistics: RollStatistics
    var replication = ReplicationSource.none
    let comparisons = RangeReports()
    private let renderer = PageRenderer()

    init(history: History, log: CommitLog, store: PackageStore, fleet: Fleet) {
        self.history = history
        self.log = log
        self.store = store
        self.fleet = fleet
        statistics = RollStatistics(fleet)
    }

    var routes: [Route] {
        let pages: [Route] = [
            page("/", overview),
            page("/hosts", taking: ["hostclass", "datacenter", "release", "from"], hosts),
            page("/hosts/{host}", host),
            page("/hosts/{host}/files/{path...}", renderedFile),
            page("/hosts/{host}/diff", taking: ["with"], hostDiff),
            page("/hosts/{host}/diff/{other}", hostDiff),
            page("/hostclasses", hostclasses),
            page("/hostclasses/{class}", hostclass),
            page("/hostclasses/{class}/diff", taking: ["from", "to"], classDiff),
            page("/hostclasses/{class}/diff/{other}", classDiff),
            page("/datacenters", datacenters),
            page("/datacenters/{datacenter}", taking: ["from"], datacenter),
            page("/packages", taking: ["from"], packages),
            page("/packages/{name}", package),
            page("/packages/{name}/{version}/{platform}", taking: ["from"], build),
            page("/commits", taking: ["from"], commits),
            page("/commits/{revision}", taking: ["group", "from"], commit),
            page("/diff", taking: ["a", "b"], range),
            page("/diff/{range...}", taking: ["group", "from"], range),
            page("/search", taking: ["q"], search),
            page("/users", users),
            page("/users/{user}", user),
            page("/groups/{group}", group),
            page("/source/{path...}", taking: ["line"], source),
            page("/fleet", taking: ["bucket", "hostclass", "datacenter", "after"], fleetPage),
            page("/replication", replicationPage),
        ]
        return pages + StyleSheet.routes
    }

    private func page(
        _ pattern: String, taking parameters: Set<String> = [],
        _ make: @escaping @Sendable (Call) async throws -> Page
    ) -> Route {
        .get(pattern, taking: parameters.union(["at"])) { call in
            try renderer.answer(try await make(call), call.standing)
        }
    }

    /// The page that says what is wrong, where a browser asks: others get YAML or JSON.
    @Sendable func failure(_ error: any Error, _ failure: Failure, _ headers: HTTPFields, _ standing: Standing)
        -> Answer?
    {
        guard prefersPages(headers[.accept]) else { return nil }
        return try? renderer.answer(failurePage(error, failure), standing, status: failure.status)
    }
}

/// Whether Accept asks for a page before data. Browsers do, and say so by name; curl says `*/*`, which is not enough.
func prefersPages(_ accept: String?) -> Bool {
    let items = WeightedList(accept ?? "").items
    let weight = { (names: [String]) in items.filter { names.contains($0.name) }.map(\.weight).max() ?? 0 }
    let page = weight(["text/html", "application/xhtml+xml"])
    return page > 0 && page >= weight(["application/json", "application/yaml", "application/x-yaml", "text/yaml"])
}

/// A commit as a page looks at it.
struct Look: Sendable {
    let snapshot: ServedSnapshot
    /// Addresses that stay with the commit.
    let links: Links
    var repo: ConfigRepo { snapshot.snapshot.repo }

    /// A page about it.
    func page(_ title: String, _ area: Page.Area?, data: String = "") -> Page {
        var page = Page(title: title, area: area)
        page.snapshot = snapshot
        page.links = links
        page.data = data
        return page
    }
}

extension PageRoutes {
    /// The commit that is asked for.
    func look(_ call: Call) async throws -> Look {
        let snapshot = try await call.snapshot(history)
        let isServed = snapshot.revision == call.standing.served?.revision
        return Look(snapshot: snapshot, links: Links(at: isServed ? nil : snapshot.revision.rawValue))
    }
}
