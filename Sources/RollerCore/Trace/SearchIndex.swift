/// Every name in a state of the repository, to be searched by what people type.
public struct SearchIndex: Sendable {
    /// What kind of thing was found.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case host, hostclass, datacenter, package, setting, file, user, group
    }

    /// A name that was found.
    public struct Hit: Hashable, Sendable {
        /// What it names.
        public let kind: Kind
        /// The name.
        public let name: String
    }

    /// What a search found.
    public struct Result: Hashable, Sendable {
        /// The best, in order.
        public let hits: [Hit]
        /// How many there are, by kind.
        public let counts: [Kind: Int]
    }

    private struct Entry: Sendable {
        let name: String
        /// In lower case, to compare with.
        let folded: [UInt8]
    }

    private var entries: [Kind: [Entry]] = [:]

    /// The names of a state: its hosts, classes, datacenters and people, and what its classes bring, as they stand and at
    /// the releases in use.
    public init(_ snapshot: Snapshot) {
        let repo = snapshot.repo
        var settings = Set(repo.datacenters.values.flatMap(\.settings).map(\.key.rawValue))
        var packages: Set<String> = []
        var files: Set<String> = []
        for tree in snapshot.allTrees {
            settings.formUnion(tree.hostclass.settings.map(\.key.rawValue))
            settings.formUnion(tree.hostclass.required.map(\.key.rawValue))
            packages.formUnion(tree.hostclass.packages.map(\.name.rawValue))
            files.formUnion(tree.files.map(\.path.rawValue))
        }
        let names: [Kind: [String]] = [
            .host: repo.hosts.keys.map(\.rawValue), .hostclass: repo.hostclasses.keys.map(\.rawValue),
            .datacenter: repo.datacenters.keys.map(\.rawValue), .package: Array(packages), .setting: Array(settings),
            .file: Array(files), .user: repo.users.keys.map(\.rawValue), .group: repo.groups.map(\.rawValue),
        ]
        entries = names.mapValues { $0.sorted().map { Entry(name: $0, folded: folded($0)) } }
    }

    /// Every name of a kind, sorted.
    public func names(_ kind: Kind) -> [String] { entries[kind]?.map(\.name) ?? [] }

    /// Names that hold `text`, whatever their case: those that are it, then those that begin with it, then those in which a
    /// word begins with it, then others; each by kind and by name.
    /// - Parameter limit: The most hits of each kind.
    public func find(_ text: String, kinds: Set<Kind> = Set(Kind.allCases), limit: Int) -> Result {
        let wanted = folded(text)
        guard !wanted.isEmpty else { return Result(hits: [], counts: [:]) }
        var ranked: [Rank: [Hit]] = [:]
        var counts: [Kind: Int] = [:]
        for kind in Kind.allCases where kinds.contains(kind) {
            var found: [Rank: [Hit]] = [:]
            var count = 0
            for entry in entries[kind] ?? [] {
                guard let rank = Rank(of: wanted, in: entry.folded) else { continue }
                count += 1
                if found[rank, default: []].count < limit {
                    found[rank, default: []].append(Hit(kind: kind, name: entry.name))
                }
            }
            if count > 0 { counts[kind] = count }
            var left = limit
            for rank in Rank.allCases {
                let hits = found[rank, default: []].prefix(left)
                left -= hits.count
                ranked[rank, default: []] += hits
            }
        }
        return Result(hits: Rank.allCases.flatMap { ranked[$0] ?? [] }, counts: counts)
    }

    /// How well a name fits.
    private enum Rank: CaseIterable {
        case whole, beginning, word, inside

        /// Nil where `wanted` is not in `name`.
        init?(of wanted: [UInt8], in name: [UInt8]) {
            var place = 0
            var isInside = false
            while place + wanted.count <= name.count {
                defer { place += 1 }
                guard name[place] == wanted[0], name[place..<(place + wanted.count)].elementsEqual(wanted) else {
                    continue
                }
                guard place > 0 else {
                    self = name.count == wanted.count ? .whole : .beginning
                    return
                }
                if !NameBytes.isAlphanumeric(name[place - 1]) {
                    self = .word
                    return
                }
                isInside = true
            }
            guard isInside else { return nil }
            self = .inside
        }
    }
}

/// ASCII letters in lower case, as names are but for settings and files.
private func folded(_ text: String) -> [UInt8] { text.utf8.map { NameBytes.isUpper($0) ? $0 | 0x20 : $0 } }

extension Snapshot {
    /// The classes as they stand, and at each release in use.
    fileprivate var allTrees: [HostclassTree] {
        Array(repo.hostclasses.values)
            + releases.values.compactMap { if case .found(let release, _) = $0 { release.tree } else { nil } }
    }
}
