import LinuxSystem
import RollerCore
import SystemPackage

/// Removes what earlier rolls left and nobody needs any more. It runs after a roll and never before one: what is live is
/// committed, and new files need not be made among those just removed.
struct Collector {
    let home: RollerHome
    let report: Report

    /// Removes. A failure is a warning: the roll is done.
    func run() {
        do {
            let found = try find()
            guard !found.leftovers.isEmpty || !found.scraps.isEmpty else { return }
            try remove(found)
            let leftovers = found.leftovers
            if !leftovers.isEmpty { report.step("collect", told(leftovers)) }
        } catch {
            report.warning("cannot remove what earlier rolls left: \(explain(error))")
        }
    }

    /// What is to go.
    struct Found {
        let leftovers: Leftovers
        /// What is left of calls cut off: paths below the roller directory.
        let scraps: [String]
        /// The archives that trees to be removed were made from, and that stay.
        fileprivate let touched: [Digest]
    }

    /// Decides what is to go.
    func find(keeping count: Int = Leftovers.keptEarlier) throws -> Found {
        let (inventory, scraps) = try look()
        let leftovers = try Leftovers(of: inventory, keeping: count, inUse: treesInUse)
        let touched = leftovers.trees.reduce(into: Set<Digest>()) { found, tree in
            if let archives = inventory.records[tree]?.flatMap({ $0 }) { found.formUnion(archives) }
        }
        return Found(
            leftovers: leftovers, scraps: scraps, touched: Array(touched.subtracting(leftovers.packages)))
    }

    /// Removes what was found. Files of packages that stay lose a name by it, which is no damage to them.
    func remove(_ found: Found) throws {
        try PackageStore(home).tracking(found.touched) { try remove(found.leftovers, found.scraps) }
    }

    private func remove(_ leftovers: Leftovers, _ scraps: [String]) throws(FileError) {
        for record in leftovers.records { try home.generations.remove("\(record).json") }
        // All lose their names before any loses a file, so that one wait for the disk does for all.
        try doom(leftovers.trees.map { "\($0)" }, in: home.generations)
        try doom(leftovers.packages.map(\.hex), in: home.packages)
        for scrap in scraps { try home.root.removeTree(scrap) }
        for folder in ["generations", "packages"] {
            let directory = try home.root.openDirectory(folder)
            for entry in try directory.entries() where entry.name.hasPrefix(RollerHome.removingPrefix) {
                try directory.removeTree(entry.name)
            }
        }
    }

    private func doom(_ names: [String], in directory: borrowing Directory) throws(FileError) {
        for name in names {
            try directory.rename(name, to: RollerHome.removingPrefix + name, in: directory, replacing: false)
        }
        if !names.isEmpty { try directory.sync() }
    }

    private func told(_ leftovers: Leftovers) -> String {
        [(leftovers.trees.count, "tree"), (leftovers.packages.count, "package")].filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ") + " of earlier rolls removed"
    }

    /// What there is, and what is left of calls cut off: paths below the roller directory.
    private func look() throws -> (Leftovers.Inventory, scraps: [String]) {
        guard let live = try home.liveGeneration() else {
            throw FileError("open", home.prefix.string, .noSuchFileOrDirectory)
        }
        var inventory = Leftovers.Inventory(live: live, trees: Set(try home.storedGenerations().map(\.generation)))
        if case .last(.committed(let plan)) = try FileJournal.open(in: home).reading, plan.next == live {
            inventory.lastGood = plan.previous
        }
        var scraps: [String] = []
        for entry in try home.generations.entries() {
            if let number = Int(entry.name), "\(number)" == entry.name, let generation = Generation(number) {
                if entry.kind == .directory, !inventory.trees.contains(generation) {
                    inventory.unfinished.insert(generation)
                }
            } else if entry.name.hasSuffix(".json"), let number = Int(entry.name.dropLast(5)),
                let generation = Generation(number)
            {
                // One that cannot be read says nothing about what its generation needs.
                let record = try? home.record(of: generation)
                inventory.records[generation] = .some(record.map { Set($0.packages.map(\.archive)) })
            } else if entry.isScrap {
                scraps.append("generations/\(entry.name)")
            }
        }
        for entry in try home.packages.entries() {
            if let digest = Digest(rawValue: "sha256:\(entry.name)"), digest.hex == entry.name {
                inventory.packages.insert(digest)
            } else if entry.isScrap {
                scraps.append("packages/\(entry.name)")
            }
        }
        // Whatever was downloaded is in the store by now, or of a roll that nobody wants any more.
        scraps += try home.downloads.entries().map { "downloads/\($0.name)" }
        for folder in ["receipts", "rejected"] {
            scraps += try home.root.openDirectory(folder).entries().filter(\.isScrap).map { "\(folder)/\($0.name)" }
        }
        scraps += try home.root.entries().filter(\.isScrap).map(\.name)
        return (inventory, scraps)
    }

    private func treesInUse() throws -> Set<Generation> {
        let folder = try home.generations.resolvedPath()
        return Set(try Processes.places(below: folder).keys.compactMap { Int($0).flatMap(Generation.init) })
    }
}

extension Directory.Entry {
    /// Whether it is what a call that was cut off left behind.
    fileprivate var isScrap: Bool {
        [Directory.temporaryPrefix, PackageStore.unfinishedPrefix, RollerHome.removingPrefix, RollerHome.probePrefix]
            .contains { name.hasPrefix($0) }
    }
}
