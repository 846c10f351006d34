import RollerCore
import Testing

/// A roll over every fault: whatever fails, and wherever it is cut off, one whole generation is left.
struct RollStateTests {
    static let services = ["a", "b", "new"].compactMap { ServiceName($0) }.map {
        Service(name: $0, supervisor: .systemd(unit: "\($0).service"))
    }

    static func generation(_ number: Int) -> Generation { Generation(number) ?? .beforeRoller }

    /// From one generation to another: a and b restart, and one service is only in the later of the two.
    static func plan(_ previous: Int, _ next: Int) -> RollPlan {
        let (old, new) = (Array(services.prefix(2)), services)
        return RollPlan(
            id: "r", previous: generation(previous), next: generation(next), bundle: nil,
            stopping: previous < next ? old : new, starting: previous < next ? new : old)
    }

    /// The same with a service that is only told to read its files anew.
    static let reloadingPlan: RollPlan = {
        let reloaded = Service(
            name: ServiceName("reloaded") ?? services[0].name, supervisor: .systemd(unit: "reloaded.service"))
        return RollPlan(
            id: "r", previous: generation(41), next: generation(42), bundle: nil, stopping: [services[0]],
            starting: [services[0]], reloading: [reloaded], reloadingBack: [reloaded])
    }()

    static func world(before plan: RollPlan) -> FakeHost.World {
        FakeHost.World(
            live: plan.previous, committed: plan.previous,
            running: Dictionary(
                uniqueKeysWithValues: (plan.stopping + plan.reloadingBack).map { ($0.name, plan.previous) }))
    }

    static func world(after plan: RollPlan) -> FakeHost.World {
        FakeHost.World(
            live: plan.next, committed: plan.next,
            running: Dictionary(uniqueKeysWithValues: (plan.starting + plan.reloading).map { ($0.name, plan.next) }))
    }

    static func host(
        _ plan: RollPlan, failing: [Int: FakeHost.Fault] = [:], crashingAfter last: Int = .max
    ) -> FakeHost {
        FakeHost(world(before: plan), whole: [plan.previous, plan.next], failing: failing, crashingAfter: last)
    }

    /// Upwards, to a generation from before this one, and away from what was there before Roller.
    static let plans = [plan(41, 42), plan(42, 7), plan(0, 1), plan(3, 0), reloadingPlan]

    @Test(arguments: plans) func aRollWithoutFaultsCommits(_ plan: RollPlan) async {
        let host = Self.host(plan)
        let journal = MemoryJournal()
        #expect(await run(.start(plan), on: host, journal: journal) == .committed(plan))
        #expect(host.world == Self.world(after: plan))
        #expect(journal.records == [.start(plan), .committed(plan)])
        #expect(host.effects == 5)
    }

    @Test(arguments: plans, FakeHost.Fault.allCases)
    func everyFailureLeavesOneWholeGeneration(_ plan: RollPlan, _ fault: FakeHost.Fault) async throws {
        for n in 1... {
            let host = Self.host(plan, failing: [n: fault])
            let journal = MemoryJournal()
            let end = await run(.start(plan), on: host, journal: journal)
            guard host.failures > 0 else { return #expect(end == .committed(plan)) }
            guard case .rolledBack(plan, _, healthy: true) = end else {
                Issue.record("effect \(n) failed \(fault); the roll ended \(end)")
                continue
            }
            var expected = Self.world(before: plan)
            // A state file that was written all the same is put right by the caller, or after a crash by recovery.
            if fault == .after, n == 5 { expected.committed = plan.next }
            #expect(host.world == expected, "effect \(n) failed \(fault)")
        }
    }

    @Test(arguments: plans) func aSecondFailureIsNeverASuccess(_ plan: RollPlan) async {
        for first in 1...5 {
            for second in (first + 1)...12 {
                for (one, two) in FakeHost.Fault.allCases.flatMap({ one in FakeHost.Fault.allCases.map { (one, $0) } })
                {
                    let host = Self.host(plan, failing: [first: one, second: two])
                    let end = await run(.start(plan), on: host, journal: MemoryJournal())
                    let what = "effects \(first) \(one) and \(second) \(two); the roll ended \(end)"
                    switch end {
                    case .rolledBack(plan, _, healthy: true):
                        #expect(host.world.live == plan.previous, "\(what)")
                        #expect(host.world.running == Self.world(before: plan).running, "\(what)")
                    case .rolledBack(plan, _, healthy: false): #expect(host.world.live == plan.previous, "\(what)")
                    case .inconsistent(plan, let why):
                        #expect(why.message.contains("effect \(first); then going back failed: effect"), "\(what)")
                    default: Issue.record("\(what)")
                    }
                }
            }
        }
    }

    @Test(arguments: plans) func aJournalThatCannotBeWrittenStopsTheRollBeforeItBegins(_ plan: RollPlan) async {
        let host = Self.host(plan)
        let end = await run(.start(plan), on: host, journal: MemoryJournal(failing: Set(1...9)))
        #expect(RollExit(end) == .rolledBack)
        #expect(host.world == Self.world(before: plan))
    }

    /// A full disk may stop a roll, and never its undoing.
    @Test(arguments: plans, 1...5) func aJournalThatCannotBeWrittenDoesNotStopUndoing(_ plan: RollPlan, _ n: Int) async
    {
        let host = Self.host(plan, failing: [n: .before])
        let end = await run(.start(plan), on: host, journal: MemoryJournal(failing: Set(2...9)))
        #expect(RollExit(end) == .rolledBack)
        #expect(host.world == Self.world(before: plan))
    }

    @Test func servicesStopInTheReverseOfTheOrderTheyStart() {
        let plan = Self.plan(41, 42)
        let names = { (effect: Effect?) -> [String] in
            switch effect {
            case .stop(let list), .start(let list, _), .restore(let list, _), .check(let list):
                list.map(\.name.rawValue)
            case .makeLive, .commit, nil: []
            }
        }
        let why = RollFailure.interrupted
        #expect(names(RollState.doing(.stop, plan).effect) == ["b", "a"])
        #expect(names(RollState.doing(.start, plan).effect) == ["a", "b", "new"])
        #expect(names(RollState.undoing(.stop, plan, because: why).effect) == ["new", "b", "a"])
        #expect(names(RollState.undoing(.start, plan, because: why).effect) == ["a", "b"])
    }

    @Test func nothingIsNotedBetweenTheLastStopAndTheFirstStart() {
        let plan = Self.plan(41, 42)
        let why = RollFailure(.check, "no")
        for state in [
            RollState.doing(.swap, plan), .doing(.start, plan), .undoing(.swap, plan, because: why),
            .undoing(.start, plan, because: why),
        ] { #expect(!state.mustBeDurable) }
    }

    @Test func statesSurviveTheJournal() throws {
        let plan = Self.plan(41, 42)
        let why = RollFailure(.swap, "no")
        for state in [
            RollState.start(plan), .undoing(.check, plan, because: why), .committed(plan),
            .inconsistent(plan, because: why),
            .rolledBack(plan, because: .interrupted, healthy: false),
        ] { #expect(try readJSON(canonicalJSON(state), as: RollState.self) == state) }
    }

    /// Asked to end, and nothing is wrong with the bundle: there is no step that failed.
    @Test(arguments: plans) func aRollCanBeEndedUntilTheTreesAreExchanged(_ plan: RollPlan) {
        for step in [RollStep.stop, .swap] {
            #expect(
                RollState.doing(step, plan).next(after: .interrupted("SIGTERM"))
                    == .undoing(.swap, plan, because: RollFailure(nil, "SIGTERM")))
        }
        #expect(
            RollState.doing(.start, plan).next(after: .interrupted("SIGTERM"))
                == RollState.doing(.start, plan).next(after: .failed("SIGTERM")))
    }

    /// A journal may have been written by the version before.
    @Test func plansWithoutReloadsAreRead() throws {
        let plan = Self.plan(41, 42)
        var text = String(decoding: canonicalJSON(plan), as: UTF8.self)
        for key in ["reloading", "reloadingBack", "enabling", "disabling"] {
            text = text.replacing("\"\(key)\":[],", with: "")
        }
        #expect(!text.contains("abling") && !text.contains("reload"))
        #expect(try readJSON(Array(text.utf8), as: RollPlan.self) == plan)
    }

    @Test func endsHaveTheirExitCodes() {
        let plan = Self.plan(41, 42)
        #expect(RollExit(.committed(plan)).rawValue == 0)
        #expect(RollExit(.rolledBack(plan, because: .interrupted, healthy: true)).rawValue == 14)
        #expect(RollExit(.rolledBack(plan, because: .interrupted, healthy: false)).rawValue == 15)
        #expect(RollExit(.inconsistent(plan, because: .interrupted)).rawValue == 16)
    }
}
