import RollerCore
import Testing

@Suite struct LeftoversTests {
    private func generations(_ numbers: Int...) -> Set<Generation> { Set(numbers.compactMap { Generation($0) }) }

    private func decide(_ inventory: Leftovers.Inventory, inUse: Set<Generation> = []) -> Leftovers {
        Leftovers(of: inventory) { inUse }
    }

    private func inventory(live: Int, _ trees: Set<Generation>) throws -> Leftovers.Inventory {
        Leftovers.Inventory(live: try #require(Generation(live)), trees: trees)
    }

    @Test func theNewestThreeBeforeTheLiveOneAreKept() throws {
        let leftovers = decide(try inventory(live: 9, generations(8, 7, 6, 5, 4)))
        #expect(leftovers.trees == generations(4, 5).sorted())
    }

    @Test(arguments: [0, 1, 2, 3]) func asManyAsAreKeptLeaveNothingToRemove(count: Int) throws {
        let trees = generations(3, 5, 8).sorted().prefix(count)
        #expect(decide(try inventory(live: 9, Set(trees))).isEmpty)
    }

    @Test func theTreeFromBeforeRollerIsNeverRemovedNorCounted() throws {
        let leftovers = decide(try inventory(live: 9, generations(0, 8, 7, 6, 5)))
        #expect(leftovers.trees == generations(5).sorted())
    }

    @Test func whatAProcessStandsOnIsKeptWithItsRecordAndPackages() throws {
        let old = Digest(of: "old"), new = Digest(of: "new")
        var inventory = try inventory(live: 9, generations(8, 7, 6, 5, 4))
        inventory.records = try records([9: [new], 8: [new], 7: [new], 6: [new], 5: [new], 4: [old]])
        inventory.packages = [old, new]
        let leftovers = decide(inventory, inUse: generations(4))
        #expect(leftovers.trees == generations(5).sorted())
        #expect(leftovers.records == generations(5).sorted())
        #expect(leftovers.packages.isEmpty)
    }

    @Test func unfinishedCandidatesGo() throws {
        var inventory = try inventory(live: 9, generations(8))
        inventory.unfinished = generations(10)
        #expect(decide(inventory).trees == generations(10).sorted())
        #expect(decide(inventory, inUse: generations(10)).trees.isEmpty)
    }

    @Test func recordsGoWithTheirTreesAndTheirPackagesWithThem() throws {
        let shared = Digest(of: "shared"), old = Digest(of: "old"), stray = Digest(of: "stray")
        var inventory = try inventory(live: 9, generations(8, 7, 6, 5))
        inventory.records = try records([9: [shared], 8: [], 7: [], 6: [], 5: [old, shared], 2: [old]])
        inventory.packages = [shared, old, stray]
        let leftovers = decide(inventory)
        #expect(leftovers.records == generations(2, 5).sorted())
        #expect(Set(leftovers.packages) == [old, stray])
    }

    /// What a generation was made from is needed to compare it with the next one.
    @Test(arguments: [true, false]) func aKeptRecordThatCannotBeReadKeepsEveryPackage(isMissing: Bool) throws {
        var inventory = try inventory(live: 9, generations(8))
        inventory.records = try records([9: []])
        if !isMissing, let eight = Generation(8) { inventory.records[eight] = .some(nil) }
        inventory.packages = [Digest(of: "any")]
        #expect(decide(inventory).packages.isEmpty)
    }

    @Test func processesAreAskedOnlyWhereATreeIsToGo() throws {
        let inventory = try inventory(live: 9, generations(8, 7, 6))
        let leftovers = Leftovers(of: inventory) {
            Issue.record("nothing is to go")
            return []
        }
        #expect(leftovers.isEmpty)
    }

    private func records(_ numbers: [Int: Set<Digest>]) throws -> [Generation: Set<Digest>?] {
        var records: [Generation: Set<Digest>?] = [:]
        for (number, archives) in numbers { records[try #require(Generation(number))] = .some(archives) }
        return records
    }

    @Test func theTreeThatARollWouldGoBackToStaysHoweverFewAreKept() throws {
        var inventory = try inventory(live: 3, generations(0, 1, 2, 4, 5))
        inventory.lastGood = Generation(1)
        let leftovers = Leftovers(of: inventory, keeping: 1) { [] }
        #expect(leftovers.trees == generations(2, 4).sorted())
        #expect(leftovers.kept.map(\.reason) == [.beforeRoller, .lastGood, .live, .newest])
    }

    @Test func whatAProcessUsesIsKeptAndSaysSo() throws {
        let leftovers = Leftovers(of: try inventory(live: 3, generations(1, 2)), keeping: 1) { generations(1) }
        #expect(leftovers.trees.isEmpty)
        #expect(leftovers.kept.first?.reason == .inUse)
    }
}
