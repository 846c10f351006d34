import RollerCore

extension PlanReport {
    /// For people, in lines that fit a window of 80 columns as far as paths do.
    var text: String {
        guard let plan, let release else { return "Nothing to do.\n" + driftText }
        var out = "Plan \(plan): generation \(from) -> \(to), \(release)\n"
        out += adopts ? "The tree at the prefix becomes generation 0. " : ""
        out += "\(added.count) paths added, \(changed.count) changed, \(removed.count) removed\n"
        for (mark, paths) in [("+", added), ("~", changed), ("-", removed)] { out += list(paths, mark) }
        out += driftText
        for file in contents { out += text(of: file) }
        out += servicesText
        if let fetched {
            out += "Fetched for it: \(fetched.bytes) (\(counted(fetched.packages.count, "package")))\n"
        }
        if let space {
            out += "Room: at most \(space.bytes) and \(counted(space.inodes, "file"))"
            out += "; free are \(space.freeBytes)\(space.freeInodes.map { " and \($0)" } ?? "")\n"
        }
        if refused != nil { return out }
        return out + "`roll apply --plan \(plan)` does this, and nothing if anything moved.\n"
    }

    private static let shown = 40

    private func list(_ lines: [String], _ mark: String) -> String {
        let rest = lines.count - Self.shown
        return lines.prefix(Self.shown).map { "  \(mark) \($0)\n" }.joined()
            + (rest > 0 ? "  \(mark) … and \(rest) more\n" : "")
    }

    private var driftText: String {
        guard !drift.isEmpty else { return "" }
        let fate = plan == nil ? "" : "; it stays behind in generation \(from)"
        return "Done by hand in the live tree\(fate): \(Drift(drift).summary)\n" + list(drift.map(\.line), "!")
    }

    private func text(of file: ContentDiff) -> String {
        guard let diff = file.diff else { return "  \(file.path): \(file.note ?? "other contents")\n" }
        return diff + (file.note.map { "  … \($0)\n" } ?? "")
    }

    private var servicesText: String {
        guard !services.isEmpty else { return "No service is touched.\n" }
        var out = "Services:\n"
        for service in services {
            out += "  \(service.name): \(service.action.rawValue), because \(service.reason)\n"
            if service.action == .restart { out += "    \(awayText(service.expected))\n" }
        }
        return out
    }

    private func awayText(_ expected: ExpectedDowntime?) -> String {
        guard let expected else { return "no earlier roll tells how long it is away" }
        let median = Duration.milliseconds(expected.medianMilliseconds).brief
        let worst = Duration.milliseconds(expected.worstMilliseconds)
        var text = "away for about \(median), at worst \(worst.brief) (\(counted(expected.rolls, "earlier roll")))"
        if let budget = downtimeBudget, worst > budget.duration { text += "; the budget is \(budget)" }
        return text
    }
}
