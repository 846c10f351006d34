import Testing

@testable import RollerCore

/// A plan's ID, and what is said when the plan does not hold any more.
struct PlanInputsTests {
    /// What a plan rests on, but for one thing.
    private static func inputs(
        bundle: String = "b", live: Int? = 3, tree: UInt64? = 77, next: Int = 4, drift: [Drift.Finding] = [],
        options: [String] = []
    ) throws -> PlanInputs {
        PlanInputs(
            bundle: Digest(of: bundle), live: try live.map { try #require(Generation($0)) }, tree: tree,
            next: try #require(Generation(next)), record: nil, drift: Drift(drift), options: options)
    }

    @Test func theSamePlanHasTheSameIDAndReadsBack() throws {
        let drift = [Drift.Finding(path: "b", kind: .extra), Drift.Finding(path: "a", kind: .missing)]
        let plan = try Self.inputs(drift: drift, options: ["--adopt", "--retry-rejected"])
        let same = try Self.inputs(drift: drift.reversed(), options: ["--retry-rejected", "--adopt"])
        #expect(plan.id == same.id && same.moved(since: plan).isEmpty)
        let read = try readJSON(canonicalJSON(plan), as: PlanInputs.self)
        #expect(read == plan && read.id == plan.id)
        #expect(PlanID(plan.id.rawValue) == plan.id)
    }

    static let moves: [(PlanInputs, String)] = {
        do {
            return [
                (
                    try inputs(bundle: "c"),
                    "the bundle was \(Digest(of: "b").short) and is \(Digest(of: "c").short)"
                ),
                (try inputs(live: 2, tree: 78), "generation 3 was live and 2 is"),
                (try inputs(live: nil, tree: nil), "generation 3 was live and none is"),
                (try inputs(tree: 78), "the tree at the prefix is another directory"),
                (try inputs(next: 5), "the next generation was 4 and is 5"),
                (
                    try inputs(drift: [Drift.Finding(path: "etc/x", kind: .modified, found: "f")]),
                    "etc/x changed in the live tree"
                ),
                (
                    try inputs(drift: [
                        Drift.Finding(path: "etc/y", kind: .extra), Drift.Finding(path: "etc/x", kind: .extra),
                    ]), "etc/x and 1 more changed in the live tree"
                ),
                (try inputs(options: ["--adopt"]), "the options were none and are --adopt"),
            ]
        } catch {
            preconditionFailure("the inputs of this test are well formed: \(error)")
        }
    }()

    @Test(arguments: moves)
    func whateverMovesMakesAnotherPlanAndIsNamed(_ now: PlanInputs, _ words: String) throws {
        let earlier = try Self.inputs()
        #expect(now.id != earlier.id)
        #expect(now.moved(since: earlier) == [words])
    }

    @Test func anEditedFileThatIsEditedAgainIsNamed() throws {
        let first = try Self.inputs(drift: [Drift.Finding(path: "etc/x", kind: .modified, found: "one")])
        let second = try Self.inputs(drift: [Drift.Finding(path: "etc/x", kind: .modified, found: "two")])
        #expect(second.moved(since: first) == ["etc/x changed in the live tree"])
    }

    @Test(arguments: ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg"])
    func noIDIsLikeThis(_ text: String) { #expect(PlanID(text) == nil) }
}

/// How long a service is likely to be away.
struct ExpectedDowntimeTests {
    private func receipt(_ milliseconds: Int64?, _ exit: RollExit = .success) throws -> Receipt {
        var receipt = Receipt(id: "a", started: 0)
        receipt.exit = exit
        receipt.services = [
            Receipt.ServiceReceipt(
                name: try #require(ServiceName("web")), action: .restart, reason: "", downMilliseconds: milliseconds)
        ]
        return receipt
    }

    private func expected(_ times: [Int64]) throws -> ExpectedDowntime? {
        let change = ServiceChange(name: try #require(ServiceName("web")), action: .restart, reason: .definition)
        return ExpectedDowntime.of([change], receipts: try times.map { try receipt($0) }).first
    }

    @Test(arguments: [([5], 5, 5), ([9, 1, 5], 5, 9), ([1, 2, 3, 100], 3, 100)] as [([Int64], Int64, Int64)])
    func theMedianAndTheWorstOfEarlierRollsAreTold(_ times: [Int64], _ median: Int64, _ worst: Int64) throws {
        let found = try #require(try expected(times))
        #expect(found.medianMilliseconds == median && found.worstMilliseconds == worst && found.rolls == times.count)
    }

    @Test func onlyTheNewestRollsCount() throws {
        let found = try #require(try expected([9999] + Array(repeating: 1, count: ExpectedDowntime.rollsConsidered)))
        #expect(found.worstMilliseconds == 1 && found.rolls == ExpectedDowntime.rollsConsidered)
    }

    @Test func rollsThatFailedOrMeasuredNothingTellNothing() throws {
        let change = ServiceChange(name: try #require(ServiceName("web")), action: .restart, reason: .definition)
        let receipts = [try receipt(5, .rolledBack), try receipt(nil)]
        #expect(ExpectedDowntime.of([change], receipts: receipts).isEmpty)
    }
}
