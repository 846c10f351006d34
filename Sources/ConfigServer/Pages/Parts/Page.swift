internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// What people see at one address.
struct Page: Sendable {
    /// What it is about; also what the browser's tab says.
    let title: String
    /// What it belongs to in the navigation.
    var area: Area?
    /// The pages above it, outermost first.
    var trail: [Phrase] = []
    /// A line or two below the title.
    var lead = Phrase.nothing
    var sections: [Section] = []
    /// Its address for programs; empty where there is none.
    var data = ""
    /// The commit that it shows, where it shows one.
    var snapshot: ServedSnapshot?
    /// What `snapshot` is looked at by: nil for the one served.
    var links = Links(at: nil)

    /// A part of the page with a heading of its own.
    struct Section: Sendable {
        let title: String
        /// How many things it lists; nil where that says nothing.
        var count: Int?
        let blocks: [Block]

        init(_ title: String, count: Int? = nil, _ blocks: [Block]) {
            self.title = title
            self.count = count
            self.blocks = blocks
        }

        var scope: Value {
            .map([
                "title": .string(title), "id": .string(title.anchor),
                "count": .string(count.map(\.grouped) ?? ""), "blocks": .list(blocks.map(\.scope)),
            ])
        }
    }

    /// The parts of the site that the navigation lists.
    enum Area: String, CaseIterable, Sendable {
        case overview, hosts, hostclasses, datacenters, packages, commits, users, fleet, replication

        var title: String {
            switch self {
            case .overview: "Overview"
            case .hosts: "Hosts"
            case .hostclasses: "Classes"
            case .datacenters: "Datacenters"
            case .packages: "Packages"
            case .commits: "Commits"
            case .users: "Users"
            case .fleet: "Fleet"
            case .replication: "Replication"
            }
        }

        /// Whether what it shows is of a commit.
        fileprivate var isOfCommit: Bool {
            switch self {
            case .hosts, .hostclasses, .datacenters, .users: true
            case .overview, .packages, .commits, .fleet, .replication: false
            }
        }

        fileprivate func address(_ links: Links) -> String {
            let path = self == .overview ? [] : [rawValue]
            return (isOfCommit ? links : Links(at: nil)).page(path)
        }
    }
}

extension Page {
    /// As the template of all pages sees it.
    func scope(_ standing: Standing) -> Value {
        .map([
            "title": .string(printable(title)), "stylesheet": .string(StyleSheet.address),
            "areas": .list(
                Area.allCases.map {
                    .map([
                        "name": .string($0.title), "address": .string($0.address(links)),
                        "current": .bool($0 == area),
                    ])
                }),
            "at": .string(links.at ?? ""), "banners": .list(banners(standing).map { Block.notice($0).scope }),
            "hasTrail": .bool(!trail.isEmpty), "trail": .list(trail.map { .map(["words": $0.scope]) }),
            "hasLead": .bool(!lead.isEmpty), "lead": lead.scope,
            "contents": .bool(sections.count > 2), "sections": .list(sections.map(\.scope)),
            "data": .string(data), "version": .string(RollerVersion.text), "standing": self.words(standing).scope,
        ])
    }

    /// What every page says before anything else: that what is seen is not the newest.
    private func banners(_ standing: Standing) -> [Notice] {
        var banners: [Notice] = []
        if let refusal = standing.refusal {
            let what = refusal.revision.map { "The newest commit, \($0.short), is refused: " } ?? "Refused: "
            let served = standing.served.map { "Still served: commit \($0.revision.short)." } ?? "Nothing is served."
            let findings = refusal.findings.filter { $0.severity == .error }
            // The overview says all of it right below.
            let isBelow = area == .overview && links.at == nil
            var lines = findings.prefix(isBelow ? 0 : 1).map { finding in
                .code("\(finding.location)") + " " + Phrase(finding.message)
            }
            if findings.count > 1, !isBelow {
                lines.append(.link("and \(counted(findings.count - 1, "more error"))", "/#refused"))
            }
            banners.append(
                Notice(kind: .bad, title: Phrase(what + refusal.message + ". " + served), lines: lines))
        }
        if let snapshot, let served = standing.served, snapshot !== served, snapshot.revision != served.revision {
            banners.append(
                Notice(
                    kind: .info,
                    title: "You see commit " + links.commit(snapshot.revision)
                        + Phrase(" of \(snapshot.snapshot.committed.map { UTCTime(seconds: $0).forPeople } ?? "?"), ")
                        + "not the one served. " + .link("See the one served", "/")))
        }
        return banners
    }

    private func words(_ standing: Standing) -> Phrase {
        guard let served = standing.served else { return "No commit is served." }
        return "Serving commit " + links.commit(served.revision)
            + Phrase(", seen to be the newest \(Duration.seconds(standing.age(at: .now)).inWords) ago")
    }
}

extension UTCTime {
    /// `2026-11-22 14:03:09 UTC`.
    var forPeople: String {
        let text = iso8601
        return "\(text.prefix(10)) \(text.dropFirst(11).dropLast()) UTC"
    }
}

extension Duration {
    /// In one unit, as ages are told: `12 s`, `4 min`, `3 h`, `12 d`.
    var inWords: String {
        let seconds = components.seconds
        switch seconds {
        case ..<120: return "\(max(0, seconds))\u{a0}s"
        case ..<7200: return "\(seconds / 60)\u{a0}min"
        case ..<172_800: return "\(seconds / 3600)\u{a0}h"
        default: return "\(seconds / 86400)\u{a0}d"
        }
    }
}
