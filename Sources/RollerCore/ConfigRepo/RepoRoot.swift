internal import OrderedCollections
internal import YAMLDocument

/// `roller.yml`: the marker of the repository's root, and what holds for all of it.
public struct RepoRoot: Hashable, Sendable {
    /// The path of the file, from the repository's root.
    public static let path = "roller.yml"
    /// The format this code reads.
    public static let format = 1

    /// How many hosts one commit may touch before it must say their number in a trailer; nil for no limit.
    public let hostsPerCommit: Int?
    /// How many accounts one run of `roll users` may remove from a host.
    public let removalsPerHost: Int
    /// How many it may where nothing is said.
    public static let usualRemovalsPerHost = 5
    /// Accounts that `roll users` never touches, beside root and the system's own; none has a file.
    public let protectedAccounts: [ProtectedAccount]
    /// The steps by which releases of a class reach its hosts.
    public let waves: [HostclassName: [Wave]]
    /// Where each class of the waves is written.
    let waveLocations: [HostclassName: SourceLocation]

    /// An account that is left alone, and where that is written.
    public struct ProtectedAccount: Hashable, Sendable {
        /// The account.
        public let name: LoginName
        /// Where it is written.
        public let location: SourceLocation
    }

    /// A share of a class's hosts: so many of them run a release once the wave has passed.
    public enum Wave: Hashable, Sendable {
        /// So many hosts.
        case count(Int)
        /// So many of a hundred hosts, rounded up.
        case percent(Int)

        /// How many of `total` hosts that is; never more than there are.
        public func hosts(of total: Int) -> Int {
            switch self {
            case .count(let number): min(number, total)
            case .percent(let percent): (total * percent + 99) / 100
            }
        }

        /// Reads `3` or `10%`.
        public init?(_ text: String) {
            let isShare = text.hasSuffix("%")
            guard let number = Int(isShare ? String(text.dropLast()) : text), number > 0 else { return nil }
            if isShare, number > 100 { return nil }
            self = isShare ? .percent(number) : .count(number)
        }
    }

    /// A root that says no more than its format.
    public static let plain = RepoRoot(
        hostsPerCommit: nil, removalsPerHost: usualRemovalsPerHost, protectedAccounts: [], waves: [:],
        waveLocations: [:])

    static func read(_ bytes: [UInt8], _ reader: inout FileReader) -> RepoRoot? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(
                of: node, as: "roller.yml", keys: keys),
            let formatNode = fields["format"],
            let found = reader.int(formatNode, of: "the format", in: 1...Int.max)
        else { return nil }
        guard found == format else {
            reader.add(
                .unsupportedFormat, at: formatNode.range,
                "the repository has format \(found), and this is a program for format \(format)",
                hint: "upgrade Roller, or write `format: \(format)`")
            return nil
        }
        let waves = reader.waves(fields["waves"])
        let limits = reader.limits(fields["limits"])
        return RepoRoot(
            hostsPerCommit: limits.hosts, removalsPerHost: limits.removals ?? usualRemovalsPerHost,
            protectedAccounts: reader.protectedAccounts(fields["protected-accounts"]),
            waves: waves.mapValues(\.waves), waveLocations: waves.mapValues(\.location))
    }
}

extension FileReader {
    fileprivate mutating func limits(_ node: YAMLNode?) -> (hosts: Int?, removals: Int?) {
        guard let node, let fields = fields(of: node, as: "limits", keys: RepoRoot.limitKeys) else { return (nil, nil) }
        return (
            fields["hosts-per-commit"].flatMap { int($0, of: "hosts-per-commit", in: 1...1_000_000_000) },
            fields["removals-per-host"].flatMap { int($0, of: "removals-per-host", in: 1...1_000_000) }
        )
    }

    fileprivate mutating func protectedAccounts(_ node: YAMLNode?) -> [RepoRoot.ProtectedAccount] {
        guard let node else { return [] }
        return list(node, of: "protected-accounts") { reader, item in
            reader.text(item, as: LoginName.self, of: "the name of an account").map {
                RepoRoot.ProtectedAccount(name: $0, location: reader.location(item.range))
            }
        } ?? []
    }

    fileprivate mutating func waves(
        _ node: YAMLNode?
    ) -> [HostclassName: (waves: [RepoRoot.Wave], location: SourceLocation)] {
        guard let node else { return [:] }
        let named = named(node, as: "waves", keys: HostclassName.self, of: "a hostclass")
        return named.reduce(into: [:]) { waves, entry in
            let steps = list(entry.value, of: "the waves of '\(entry.name)'") { $0.wave($1) }
            waves[entry.name] = steps.map { ($0, location(entry.key.range)) }
        }
    }

    private mutating func wave(_ node: YAMLNode) -> RepoRoot.Wave? {
        let text: String? =
            switch value(node, of: "a wave") {
            case .string(let text): text
            case .int(let number): "\(number)"
            case nil: nil
            case .some(let other): other.type.inWords
            }
        guard let text else { return nil }
        if let wave = RepoRoot.Wave(text) { return wave }
        add(
            .badValue, at: node.range, "'\(text)' is no wave",
            hint: "use a number of hosts, as in 1, or a share, as in 10%")
        return nil
    }
}
