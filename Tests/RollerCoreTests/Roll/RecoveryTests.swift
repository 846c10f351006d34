import RollerCore
import Testing

/// Recovery after a crash at every point, and over every state that a journal, a tree and a state file can be in.
struct RecoveryTests {
    /// What the agent does with a decision. Nil where a person has to look.
    static func recover(
        _ world: FakeHost.World, _ journal: Recovery.JournalReading, whole: Set<Generation>, hasStateFile: Bool = true
    ) async -> FakeHost.World? {
        let host = FakeHost(world, whole: whole)
        switch Recovery.decide(journal, live: world.live, current: hasStateFile ? world.committed : nil) {
        case .nothing: break
        case .finishCommit(let plan):
            guard world.live == plan.next, world.committed == plan.next else {
                Issue.record(
                    "finished the commit of \(plan.next) with \(world.live) live, \(world.committed) committed")
                return nil
            }
        case .resume(let start):
            let end = await run(start, on: host, journal: MemoryJournal())
            guard case .rolledBack(let plan, _, healthy: true) = end else {
                Issue.record("recovery ended \(end)")
                return nil
            }
            host.world.committed = plan.previous
        case .unclear: return nil
        }
        return host.world
    }

    private static func expectOneWholeGeneration(
        _ host: FakeHost, _ journal: MemoryJournal, _ plan: RollPlan, _ what: String
    ) async {
        let end = await recover(host.world, journal.reading, whole: host.whole)
        let isOld = end == RollStateTests.world(before: plan)
        let isNew = end == RollStateTests.world(after: plan)
        #expect(
            isOld || isNew,
            "\(what); journal \(journal.reading); before \(host.world); after \(String(describing: end))")
    }

    @Test(arguments: RollStateTests.plans) func aCrashAfterAnyEffectOrRecordLeavesOneWholeGeneration(_ plan: RollPlan)
        async
    {
        for effects in 0...10 {
            for records in 0...4 {
                for fault in [nil] + FakeHost.Fault.allCases.map({ Optional($0) }) {
                    for n in 1...(fault == nil ? 1 : 5) {
                        let host = RollStateTests.host(
                            plan, failing: fault.map { [n: $0] } ?? [:], crashingAfter: effects)
                        let journal = MemoryJournal(crashingAfter: records)
                        await crash(host, journal, plan, effects: effects, records: records)
                        await Self.expectOneWholeGeneration(
                            host, journal, plan,
                            "crash after \(effects) effects and \(records) records, effect \(n) \(String(describing: fault))"
                        )
                    }
                }
            }
        }
    }

    /// Runs until the process is gone: nothing is done or noted from there on. Only in their order: a record that was not
    /// written keeps the effects after it from being asked.
    private func crash(_ host: FakeHost, _ journal: MemoryJournal, _ plan: RollPlan, effects: Int, records: Int) async {
        var state = RollState.start(plan)
        while let effect = state.effect {
            let noted = journal.record(state)
            if journal.asked > records { return }
            guard noted == .done || state.isUndoing else {
                state = state.next(after: noted)
                continue
            }
            let outcome = host.perform(effect)
            if host.hasCrashed { return }
            state = state.next(after: outcome)
        }
        _ = journal.record(state)
    }

    /// Recovery itself may be cut off, any number of times.
    @Test(arguments: RollStateTests.plans) func recoveryCanBeCutOffToo(_ plan: RollPlan) async {
        for effects in 0...9 {
            let host = RollStateTests.host(plan, crashingAfter: effects)
            let journal = MemoryJournal()
            await crash(host, journal, plan, effects: effects, records: .max)
            for more in 0...4 {
                guard
                    case .resume(let start) = Recovery.decide(
                        journal.reading, live: host.world.live, current: host.world.committed)
                else { continue }
                let again = FakeHost(host.world, whole: host.whole, crashingAfter: more)
                var state = start
                while let effect = state.effect {
                    let outcome = again.perform(effect)
                    if again.hasCrashed { break }
                    state = state.next(after: outcome)
                }
                await Self.expectOneWholeGeneration(again, journal, plan, "crash after \(effects), again after \(more)")
            }
        }
    }

    static let numbers = [0, 7, 41, 42, 43].map(RollStateTests.generation)

    static func states(_ plan: RollPlan) -> [RollState] {
        let why = RollFailure(.check, "no")
        return [RollStep.stop, .swap, .start, .check, .commit].map { .doing($0, plan) }
            + UndoStep.allCases.map { .undoing($0, plan, because: why) }
            + [
                .committed(plan), .rolledBack(plan, because: why, healthy: true),
                .rolledBack(plan, because: why, healthy: false), .inconsistent(plan, because: why),
            ]
    }

    /// Whatever was read: no trap, no success for a tree that was not committed, and the services of the tree run.
    @Test(arguments: RollStateTests.plans + [RollStateTests.plan(41, 41)])
    func noReadingLeadsToAFalseSuccess(_ plan: RollPlan) {
        let journals = [Recovery.JournalReading.empty, .damaged] + Self.states(plan).map { .last($0) }
        for journal in journals {
            for live in Self.numbers {
                for current in Self.numbers.map({ Optional($0) }) + [nil] {
                    let decision = Recovery.decide(journal, live: live, current: current)
                    let what = "\(journal), \(live) live, \(current?.description ?? "nothing") committed: \(decision)"
                    switch decision {
                    case .nothing: #expect(live == current ?? .beforeRoller, "\(what)")
                    case .finishCommit(let found):
                        #expect(found == plan && live == plan.next && current ?? .beforeRoller == plan.next, "\(what)")
                    case .resume(.undoing(let step, let found, _)):
                        #expect(found == plan, "\(what)")
                        #expect([plan.previous, plan.next].contains(live), "\(what)")
                        #expect([plan.previous, plan.next].contains(current ?? .beforeRoller), "\(what)")
                        #expect(step == (live == plan.previous ? .swap : .stop), "\(what)")
                    case .resume: Issue.record("\(what)")
                    case .unclear(let why): #expect(!why.isEmpty, "\(what)")
                    }
                }
            }
        }
    }

    @Test func aHostThatWasNeverRolledHasNothingToRecover() {
        #expect(Recovery.decide(.empty, live: .beforeRoller, current: nil) == .nothing)
        #expect(Recovery.decide(.damaged, live: .beforeRoller, current: nil) == .nothing)
    }

    /// A tree of ours without a memory of it: the next roll would take the wrong one for the earlier.
    @Test func aLiveTreeThatNobodyRemembersIsUnclear() {
        guard case .unclear = Recovery.decide(.empty, live: RollStateTests.generation(5), current: nil) else {
            Issue.record("it was taken for granted")
            return
        }
    }

    /// On btrfs a synced record can outlive the swap that it speaks of.
    @Test(arguments: RollStateTests.plans) func aCommitWithoutItsTreeIsUndone(_ plan: RollPlan) async {
        var world = RollStateTests.world(before: plan)
        world.committed = plan.next
        world.running = [:]
        let end = await Self.recover(world, .last(.committed(plan)), whole: [plan.previous, plan.next])
        #expect(end == RollStateTests.world(before: plan))
    }

    @Test(arguments: RollStateTests.plans) func aWayBackWithoutItsTreeIsGoneAgain(_ plan: RollPlan) async {
        var world = RollStateTests.world(after: plan)
        world.committed = plan.previous
        let record = RollState.rolledBack(plan, because: .interrupted, healthy: true)
        let end = await Self.recover(world, .last(record), whole: [plan.previous, plan.next])
        #expect(end == RollStateTests.world(before: plan))
    }

    /// The commit took effect and then counted as failed: going back was noted, putting the state file right was not.
    @Test(arguments: RollStateTests.plans) func aStateFileThatIsAheadOfTheTreeIsPutRight(_ plan: RollPlan) async {
        var world = RollStateTests.world(before: plan)
        world.committed = plan.next
        let record = RollState.rolledBack(plan, because: .interrupted, healthy: true)
        let end = await Self.recover(world, .last(record), whole: [plan.previous, plan.next])
        #expect(end == RollStateTests.world(before: plan))
    }

    /// A plan from a tree to itself never counts as committed because its tree is live.
    @Test func aRestartInPlaceThatWasCutOffStartsItsServices() async {
        let plan = RollStateTests.plan(41, 41)
        var world = RollStateTests.world(before: plan)
        world.running = [:]
        let end = await Self.recover(world, .last(.doing(.stop, plan)), whole: [plan.previous])
        #expect(end == RollStateTests.world(before: plan))
    }

    @Test(arguments: RollStateTests.plans) func anInconsistentHostIsTriedAgain(_ plan: RollPlan) async {
        let record = Recovery.JournalReading.last(.inconsistent(plan, because: RollFailure(.start, "no")))
        for live in [plan.previous, plan.next] {
            let world = FakeHost.World(live: live, committed: plan.previous, running: [:])
            #expect(
                await Self.recover(world, record, whole: [plan.previous, plan.next])
                    == RollStateTests.world(before: plan))
        }
    }

    /// A slot of the journal that rotted leaves an earlier record: it must not undo what came after it.
    @Test func aStaleJournalDoesNotMoveACommittedTree() {
        let plan = RollStateTests.plan(41, 42)
        let later = RollStateTests.generation(43)
        for state in Self.states(plan) {
            switch Recovery.decide(.last(state), live: later, current: later) {
            case .nothing, .unclear: break
            case let decision: Issue.record("\(state): \(decision)")
            }
        }
        #expect(Recovery.decide(.last(.committed(plan)), live: later, current: later) == .nothing)
    }
}
