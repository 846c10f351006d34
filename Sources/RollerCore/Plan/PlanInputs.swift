/// Names a plan: a digest of everything that it was made from, so that the same ID means the same plan.
public struct PlanID: ValidatedText {
    public static let rule = "the sixteen hexadecimal digits that `roll plan` prints"
    public let rawValue: String

    public init?(rawValue: String) {
        guard rawValue.utf8.count == 16, rawValue.utf8.allSatisfy(isLowerHex) else { return nil }
        self.rawValue = rawValue
    }

    init(_ digest: Digest) { rawValue = String(digest.hex.prefix(16)) }
}

/// Everything that a plan rests on. As long as none of it moves, a roll does exactly what the plan said.
public struct PlanInputs: Hashable, Sendable, Codable {
    /// The bundle that was planned for.
    public let bundle: Digest
    /// The generation that is live, by its own marker; nil where there is nothing at the prefix.
    public let live: Generation?
    /// The number of the directory at the prefix in its file system: another tree has another.
    public let tree: UInt64?
    /// The number that the next generation gets.
    public let next: Generation
    /// The digest of the live generation's record; nil where there is none.
    public let record: Digest?
    /// What somebody did to the live tree.
    public let drift: Drift
    /// The options that decide what a roll does, by their names.
    public let options: [String]

    /// What a plan rests on.
    public init(
        bundle: Digest, live: Generation?, tree: UInt64?, next: Generation, record: GenerationRecord?, drift: Drift,
        options: [String]
    ) {
        self.bundle = bundle
        self.live = live
        self.tree = tree
        self.next = next
        self.record = record.map { Digest(of: canonicalJSON($0)) }
        self.drift = drift
        self.options = options.sorted()
    }

    /// The plan's name.
    public var id: PlanID { PlanID(Digest(of: canonicalJSON(self))) }

    /// What is another now than when the plan `earlier` was made, each in a sentence's part; empty when nothing is.
    public func moved(since earlier: PlanInputs) -> [String] {
        var moved: [String] = []
        if bundle != earlier.bundle {
            moved.append("the bundle was \(earlier.bundle.short) and is \(bundle.short)")
        }
        if live != earlier.live {
            moved.append("generation \(words(earlier.live)) was live and \(words(live)) is")
        } else if tree != earlier.tree {
            moved.append("the tree at the prefix is another directory")
        }
        if next != earlier.next { moved.append("the next generation was \(earlier.next) and is \(next)") }
        if live == earlier.live, record != earlier.record {
            moved.append("the record of the live generation was written anew")
        }
        moved += changes(since: earlier.drift)
        if options != earlier.options {
            moved.append("the options were \(words(earlier.options)) and are \(words(options))")
        }
        return moved
    }

    private func changes(since earlier: Drift) -> [String] {
        let differing = Set(drift.findings).symmetricDifference(earlier.findings)
        let paths = Set(differing.map(\.path)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard let first = paths.first else { return [] }
        return ["\(first)\(paths.count > 1 ? " and \(paths.count - 1) more" : "") changed in the live tree"]
    }

    private func words(_ generation: Generation?) -> String { generation.map { "\($0)" } ?? "none" }
    private func words(_ options: [String]) -> String { options.isEmpty ? "none" : options.joined(separator: " ") }
}
