internal import HTTPTypes
internal import RollerCore

extension PageRoutes {
    /// What a browser sees instead of a page.
    func failurePage(_ error: any Error, _ failure: Failure) -> Page {
        let code = failure.status.code
        let title =
            switch code {
            case 404: "Not found"
            case 400: "That cannot be read"
            case 503: "Not yet"
            case 500...: "The server failed"
            default: failure.status.reasonPhrase
            }
        var page = Page(title: title)
        var lines: [Phrase] = []
        if let near = nearest(error) { lines.append("Did you mean " + near + "?") }
        if lines.isEmpty, let hint = failure.hint { lines.append(Phrase(hint.capitalisedFirst)) }
        let kind: Phrase.Kind = code >= 500 && code != 503 ? .bad : .warn
        page.sections = [
            Page.Section(
                "\(code) \(failure.status.reasonPhrase)",
                [
                    .notice(Notice(kind: kind, title: Phrase(failure.message.capitalisedFirst + "."), lines: lines)),
                    .text(["Go to the ", .link("overview", "/"), ", or ", .link("search", "/search"), "."].joined("")),
                ] + findings(of: error))
        ]
        return page
    }

    private func findings(of error: any Error) -> [Block] {
        switch error as? SnapshotError {
        case .unresolved(_, let findings)?, .unreadable(_, let findings)?: findingBlocks(findings, at: nil)
        case .findings(let revision, let findings)?: findingBlocks(findings, at: revision)
        default: []
        }
    }

    /// What may have been meant, with the way there.
    private func nearest(_ error: any Error) -> Phrase? {
        guard let unknown = error as? UnknownName, let near = unknown.nearest else { return nil }
        let folders = [
            "host": "hosts", "hostclass": "hostclasses", "release": "hostclasses", "datacenter": "datacenters",
            "package": "packages", "user": "users", "group": "groups",
        ]
        guard let folder = folders[unknown.kind] else { return .code(near) }
        let path = unknown.kind == "package" ? near.split(separator: "/").map(String.init) : [near]
        return .code(near, link: Links(at: nil).page([folder] + path))
    }
}
