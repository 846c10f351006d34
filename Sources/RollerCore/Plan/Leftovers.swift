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
    /// - Parameter inUse: Asked, once and only if anything is to go, which trees some process stands on.
    public init(of inventory: Inventory, inUse: () throws -> Set<Generation>) rethrows {
        let earlier = inventory.trees.subtracting([.beforeRoller, inventory.live]).sorted()
        var going = Set(earlier.dropLast(Self.keptEarlier))
        going.formUnion(inventory.unfinished.subtracting([.beforeRoller, inventory.live]))
        if !going.isEmpty { going.subtract(try inUse()) }
        trees = going.sorted()

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
