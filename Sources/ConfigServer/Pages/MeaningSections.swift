internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// How many groups of hosts are shown, and how many of them in full.
    private static let (listedGroups, shownGroups) = (100, 12)
    /// How many hosts of a group are named.
    private static let namedHosts = 40

    /// What a change of the repository means: in numbers, by groups of hosts, and in the files of the repository.
    /// - Parameter address: The page that this stands on.
    func meaning(
        _ report: RangeReport, _ old: ServedSnapshot?, _ new: ServedSnapshot, _ call: Call, address: [String],
        parent: ObjectID?, to commit: GitCommit
    ) async throws -> [Page.Section] {
        let show = DiffShow(
            titles: ("before", "after"), old: old.map { .snapshot($0) } ?? .nothing, new: .snapshot(new))
        if let text = call.query["group"] {
            guard let index = Int(text), report.groups.indices.contains(index - 1) else {
                throw RequestError.badParameter("group", text, rule: "a number from 1 to \(report.groups.count)")
            }
            return try wholeGroup(report.groups[index - 1], number: index, call, show, address)
        }
        let changes = try await log.changedPaths(from: parent, to: commit.id)
        return [
            Page.Section("What it means", impactBlocks(report.impact)),
            Page.Section("Hosts", count: report.impact.changed, groupBlocks(report, show, address)),
            Page.Section(
                "Files of the repository", count: changes.count,
                [.list(changes.prefix(200).map { item($0, old, new) })]
                    + (changes.count > 200 ? [.text(.quiet("and \((changes.count - 200).grouped) more"))] : [])),
        ]
    }

    private func item(_ change: GitChange, _ old: ServedSnapshot?, _ new: ServedSnapshot) -> Phrase {
        let links = Links(at: nil)
        return switch change {
        case .added:
            .code(change.path, link: links.source(change.path, at: new.revision)) + " " + Phrase("added", .good)
        case .modified:
            .code(change.path, link: links.source(change.path, at: new.revision)) + " " + Phrase("changed", .info)
        case .removed:
            .code(change.path, link: old.map { links.source(change.path, at: $0.revision) } ?? "") + " "
                + Phrase("removed", .bad)
        }
    }

    private func impactBlocks(_ impact: Impact) -> [Block] {
        guard !impact.isEmpty else {
            return [.notice(Notice(kind: .good, title: "It reaches no host: every bundle stays as it is."))]
        }
        var facts = [
            Fact("Hosts", Phrase("\(impact.changed.grouped) of \(impact.hosts.grouped) get another bundle"))
        ]
        let standings = impact.standings.filter { $0.key != .changed }.sorted { $0.key.rawValue < $1.key.rawValue }
        if !standings.isEmpty {
            facts.append(
                Fact(
                    "Of them",
                    Phrase(standings.map { "\($0.value.grouped) \($0.key.inShort)" }.joined(separator: ", "))))
        }
        let shares = { (shares: [(String, Impact.Share)]) in
            Phrase(
                shares.filter { $0.1.changed > 0 }.prefix(20).map {
                    "\($0.0) \($0.1.changed.grouped) of \($0.1.total.grouped)"
                }.joined(separator: ", "))
        }
        facts.append(
            Fact("Classes", shares(impact.hostclasses.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value) })))
        facts.append(
            Fact(
                "Datacenters", shares(impact.datacenters.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value) })
            ))
        if !impact.downloads.isEmpty {
            facts.append(Fact("To fetch", Phrase("at most \(impact.downloadSize), together")))
        }
        var blocks: [Block] = [.facts(facts.filter { !$0.words.isEmpty })]
        if !impact.services.isEmpty { blocks += [.heading("Services"), .table(serviceTable(impact))] }
        if !impact.access.isEmpty { blocks += [.heading("Access"), .table(accessTable(impact))] }
        return blocks
    }

    private func serviceTable(_ impact: Impact) -> Table {
        let ordered = impact.services.sorted {
            ($1.value.certain, $0.key.hostclass, $0.key.service) < ($0.value.certain, $1.key.hostclass, $1.key.service)
        }
        return Table(
            caption: "Services that something happens to",
            columns: ["Service", "Class", "What", .number("Hosts for certain"), .number("Perhaps")],
            rows: ordered.prefix(100).map { key, count in
                [
                    .code(key.service.rawValue), Links(at: nil).hostclass(key.hostclass),
                    Phrase(key.action.rawValue + "s", key.action == .start ? .info : .warn),
                    Phrase(count.certain.grouped), Phrase(count.possible.grouped),
                ]
            })
    }

    private func accessTable(_ impact: Impact) -> Table {
        let rows = impact.access.sorted { $1.value.hosts < $0.value.hosts }.flatMap { changes, count in
            changes.map { change -> [Phrase] in
                [
                    Links(at: nil).user(change.user),
                    change.isGained ? Phrase("gains", .warn) : Phrase("loses", .info), Phrase(change.right.rawValue),
                    Phrase(count.hosts.grouped),
                    Phrase(count.hostclasses.sorted().map(\.rawValue).joined(separator: ", ")),
                ]
            }
        }
        return Table(
            caption: "People who gain or lose access",
            columns: ["Person", "Change", "Right", .number("Hosts"), "Classes"], rows: Array(rows.prefix(200)),
            footer: rows.count > 200 ? .quiet("and \((rows.count - 200).grouped) more") : .nothing)
    }

    private func groupBlocks(_ report: RangeReport, _ show: DiffShow, _ address: [String]) -> [Block] {
        guard !report.groups.isEmpty else { return [.text(.quiet("No host gets another bundle."))] }
        var blocks: [Block] = []
        if report.groups.count > 1 {
            blocks.append(.text(.quiet("Hosts with the same difference stand together, the largest group first.")))
        }
        var show = show
        (show.files, show.lines) = (10, 120)
        for (index, group) in report.groups.prefix(Self.shownGroups).enumerated() {
            let title = title(of: group, number: index + 1, address)
            let named = group.hosts.prefix(Self.namedHosts).map(Links(at: nil).host).joined()
            let more = group.hosts.count - min(group.hosts.count, Self.namedHosts)
            let rest =
                more > 0
                ? Phrase.quiet(" and ") + .link("\(more.grouped) more", link(toGroup: index + 1, address)) : .nothing
            blocks += Block.folded(
                title, isOpen: index < 3,
                [.text(named + rest)] + changeBlocks(of: group.example, show))
        }
        let others = report.groups.dropFirst(Self.shownGroups)
        if !others.isEmpty {
            blocks.append(.heading(Phrase("and \(counted(others.count, "more group"))")))
            blocks.append(
                .list(
                    others.prefix(Self.listedGroups).enumerated().map { index, group in
                        let number = Self.shownGroups + index + 1
                        return .link(counted(group.hosts.count, "host"), link(toGroup: number, address))
                            + .quiet(" such as ") + .code(group.example.host.rawValue)
                    }))
            if others.count > Self.listedGroups {
                blocks.append(
                    .text(
                        .quiet(
                            "and \((others.count - Self.listedGroups).grouped) more groups, up to \(link(toGroup: report.groups.count, address))"
                        )))
            }
        }
        return blocks
    }

    /// What differs for a host. For one that lost its bundle that would be all it had, and nothing on it changes.
    private func changeBlocks(of diff: HostDiff, _ show: DiffShow) -> [Block] {
        switch diff.standing {
        case .changed, .added, .mended: show.blocks(diff.changes, effects: diff.services)
        case .removed, .broken: [.text(.quiet("Nothing on the machine changes by that."))]
        }
    }

    private func title(of group: DiffGroup, number: Int, _ address: [String]) -> Phrase {
        let standing = group.example.standing == .changed ? "" : ", \(group.example.standingInWords)"
        return Phrase(counted(group.hosts.count, "host") + standing, .strong)
            + .quiet(group.hosts.count == 1 ? " \(group.example.host)" : " such as \(group.example.host)")
    }

    private func link(toGroup number: Int, _ address: [String]) -> String {
        Links(at: nil).page(address, [("group", "\(number)")])
    }

    /// One group, with all its hosts.
    private func wholeGroup(
        _ group: DiffGroup, number: Int, _ call: Call, _ show: DiffShow, _ address: [String]
    ) throws -> [Page.Section] {
        let paging = try TablePart(call.query["from"], total: group.hosts.count)
        let footer = paging.footer { Links(at: nil).page(address, [("group", "\(number)"), ("from", "\($0)")]) }
        return [
            Page.Section(
                "Group \(number)",
                [
                    .text(
                        title(of: group, number: number, address) + ". "
                            + .link("All groups", Links(at: nil).page(address)))
                ]
                    + changeBlocks(of: group.example, show)),
            Page.Section(
                "Hosts of the group", count: group.hosts.count,
                [.list(paging.part(of: group.hosts).map(Links(at: nil).host))] + (footer.isEmpty ? [] : [.text(footer)])
            ),
        ]
    }
}

extension HostDiff.Standing {
    /// What became of hosts, to follow their number.
    fileprivate var inShort: String {
        switch self {
        case .changed: "changed"
        case .added: "new"
        case .removed: "gone"
        case .broken: "with errors now"
        case .mended: "without errors again"
        }
    }
}
