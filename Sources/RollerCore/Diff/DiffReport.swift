internal import OrderedCollections

/// What a comparison found, as `rollerctl diff` and the server say it.
public enum DiffReport: Sendable {
    /// Between two states of the repository.
    case range(RangeDiff)
    /// Between two hosts.
    case hosts(HostName, HostDiff)
    /// Between two releases, or classes as they stand, by what they are called.
    case releases(String, String, MeaningChanges)

    /// What a range of commits does to hosts.
    public struct RangeDiff: Sendable {
        /// What the older state is called.
        public let from: String
        /// What the newer state is called.
        public let to: String
        /// Hosts with the same diff, brought together.
        public let groups: [DiffGroup]
        /// Hosts that differ as well, in too many ways to show.
        public let ungrouped: [HostName]
        /// How many hosts there are on either side.
        public let total: Int
        /// Classes that were edited, which reaches no host before a release.
        public let unreleased: [HostclassName]

        /// What a range of commits does, once the hosts are compared.
        public init(from: String, to: String, _ groups: DiffGroups, total: Int, unreleased: [HostclassName]) {
            self.from = from
            self.to = to
            self.groups = groups.groups
            ungrouped = groups.ungrouped.sorted()
            self.total = total
            self.unreleased = unreleased
        }

        /// How many hosts get another bundle.
        public var changed: Int { groups.reduce(ungrouped.count) { $0 + $1.hosts.count } }
    }

    /// Whether nothing differs.
    public var isEmpty: Bool {
        switch self {
        case .range(let range): range.changed == 0
        case .hosts(_, let diff): diff.isEmpty
        case .releases(_, _, let changes): changes.isEmpty
        }
    }

    /// For people.
    public func text(_ details: DiffDetails) -> String {
        switch self {
        case .range(let range):
            (range.groups.map { $0.text(details) } + (range.ungrouped.isEmpty ? [] : [ungroupedText(range.ungrouped)]))
                .joined(separator: "\n")
        case .hosts(let one, let diff): diff.isEmpty ? "" : "\(one) -> \(diff.host)\n" + diff.text(details)
        case .releases(let one, let other, let changes):
            changes.isEmpty ? "" : "\(one) -> \(other)\n" + changes.text(details)
        }
    }

    /// For programs.
    public func value(_ details: DiffDetails) -> Value {
        switch self {
        case .range(let range):
            var fields: OrderedDictionary<String, Value> = [
                "from": .string(range.from), "to": .string(range.to),
                "hosts": .int(range.total), "changed": .int(range.changed),
                "groups": .list(range.groups.map { $0.value(details) }),
                "unreleased": .list(range.unreleased.map { .string($0.rawValue) }),
            ]
            if !range.ungrouped.isEmpty {
                fields["ungrouped"] = .list(range.ungrouped.map { .string($0.rawValue) })
            }
            return .map(fields)
        case .hosts(let one, let diff):
            return .map([
                "from": .string(one.rawValue), "to": .string(diff.host.rawValue), "diff": diff.value(details),
            ])
        case .releases(let one, let other, let changes):
            return .map([
                "from": .string(one), "to": .string(other), "diff": changes.value(details),
            ])
        }
    }

    /// In one line; more where something may be missed.
    public var summary: String {
        switch self {
        case .range(let range):
            let classes = range.unreleased.map(\.rawValue).joined(separator: ", ")
            let note =
                range.unreleased.isEmpty
                ? "" : "\nedited, and reaching no host before a release: \(classes)"
            guard range.changed > 0 else { return "nothing for any of \(counted(range.total, "host"))\(note)" }
            return "\(counted(range.changed, "host")): as above; \(range.total - range.changed): nothing\(note)"
        case .hosts, .releases: return isEmpty ? "nothing differs" : "they differ"
        }
    }
}

/// Hosts whose diffs are not shown.
private func ungroupedText(_ hosts: [HostName]) -> String {
    "== \(counted(hosts.count, "more host")): changed in yet other ways, not shown\n"
}

extension DiffGroup {
    /// The hosts, then what differs for the first of them.
    fileprivate func text(_ details: DiffDetails) -> String {
        let names = hosts.prefix(3).map(\.rawValue).joined(separator: "\n  ")
        let rest = hosts.count > 3 ? "\n  and \(hosts.count - 3) more" : ""
        let title =
            hosts.count == 1
            ? "\(names): \(example.standingInWords)"
            : "\(counted(hosts.count, "host")): \(example.standingInWords)\n  \(names)\(rest)"
        return "== \(title)\n" + example.text(details)
    }

    fileprivate func value(_ details: DiffDetails) -> Value {
        .map([
            "count": .int(hosts.count), "hosts": .list(hosts.map { .string($0.rawValue) }),
            "example": .string(example.host.rawValue), "diff": example.value(details),
        ])
    }
}
