/// What earlier rolls left on a host that nobody needs any more.
public struct Leftovers: Hashable, Sendable {
    /// How many generations before the live one are kept, beside the tree from before Roller.
    public static let keptEarlier = 3

    /// Trees to remove, oldest first.
    public let trees: [Generation]
    /// Records to remove, oldest first.
    public let records: [Generation]
    /// Packages to remove from the store, sorted.
    public let packages: [Digest]
    /// The trees that stay, oldest first, and why.
    public let kept: [Kept]

    /// A tree that stays.
    public struct Kept: Hashable, Sendable {
        /// Which.
        public let generation: Generation
        /// Why.
        public let reason: Reason
    }

    /// Why a tree stays. The words follow "generation 7: ".
    public enum Reason: String, Hashable, Sendable {
        case live = "it is live"
        case beforeRoller = "the tree from before Roller is never removed"
        case lastGood = "it was live before the last roll, which would go back to it"
        case newest = "it is one of the newest"
        case inUse = "a process still uses it"
    }

    /// What a host has, beside the live tree.
    public struct Inventory: Hashable, Sendable {
        /// The generation that is live.
        public var live: Generation
        /// Earlier trees that are whole.
        public var trees: Set<Generation>
        /// Candidates that were begun and never finished.
        public var unfinished: Set<Generation>
        /// The archives of the packages that each generation was made from, by their records; nil for a record that
        /// cannot be read.
        public var records: [Generation: Set<Digest>?]
        /// The packages in the store.
        public var packages: Set<Digest>
        /// The generation that was live and committed before the live one; nil where nobody knows.
        public var lastGood: Generation?

        /// What a host has.
        public init(
            live: Generation, trees: Set<Generation>, unfinished: Set<Generation> = [],
            records: [Generation: Set<Digest>?] = [:], packages: Set<Digest> = []
        ) {
            self.live = live
            self.trees = trees
            self.unfinished = unfinished
            self.records = records
            self.packages = packages
        }
    }

    /// Decides. Kept are the live tree, the newest few before it, the one from before Roller, and what is in use; and all
    /// that the kept ones were made from.
    /// - Parameters:
    ///   - count: How many generations beside the live one are kept for being the newest.
    ///   - inUse: Asked, once and only if anything is to go, which trees some process stands on.
    public init(
        of inventory: Inventory, keeping count: Int = Leftovers.keptEarlier, inUse: () throws -> Set<Generation>
    ) rethrows {
        let earlier = inventory.trees.subtracting([.beforeRoller, inventory.live]).sorted()
        var reasons: [Generation: Reason] = [inventory.live: .live]
        for generation in earlier.suffix(count) { reasons[generation] = .newest }
        if let good = inventory.lastGood, inventory.trees.contains(good) { reasons[good] = reasons[good] ?? .lastGood }
        if inventory.trees.contains(.beforeRoller) { reasons[.beforeRoller] = .beforeRoller }
        var going = Set(earlier).union(inventory.unfinished.subtracting([.beforeRoller])).subtracting(reasons.keys)
        if !going.isEmpty {
            for generation in going.intersection(try inUse()) { reasons[generation] = .inUse }
            going.subtract(reasons.keys)
        }
        trees = going.sorted()
        self.kept = reasons.sorted { $0.key < $1.key }.map { Kept(generation: $0.key, reason: $0.value) }

        let kept = inventory.trees.union([inventory.live]).subtracting(going)
        records = inventory.records.keys.filter { !kept.contains($0) }.sorted()
        var needed: Set<Digest> = []
        for generation in kept where generation != .beforeRoller {
            // A kept generation of which nothing is known may need any package.
            guard case .some(.some(let archives)) = inventory.records[generation] else {
                packages = []
                return
            }
            needed.formUnion(archives)
        }
        packages = inventory.packages.subtracting(needed).sorted { $0.hex < $1.hex }
    }

    /// Whether there is nothing to remove.
    public var isEmpty: Bool { trees.isEmpty && records.isEmpty && packages.isEmpty }
}
