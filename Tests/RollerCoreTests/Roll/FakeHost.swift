public import RollerCore
public import Testing

/// A machine with a tree at its prefix, services and a state file, that fails when it is told to.
///
/// Both trees are on its disk; which is live, what runs and what was committed is all it has. A crash is simulated by
/// asking no more of it.
final class FakeHost: RollHost {
    /// What a failing effect leaves behind.
    enum Fault: CaseIterable {
        /// Nothing was done.
        case before
        /// Half of a list was done.
        case half
        /// All was done, and the answer was lost.
        case after
    }

    struct World: Hashable {
        var live: Generation
        var committed: Generation
        /// Services that run, each with the generation whose tree it was started from.
        var running: [ServiceName: Generation]
    }

    var world: World
    private(set) var effects = 0
    private let failing: [Int: Fault]
    /// Effects beyond this number are never asked: the process is gone.
    private let lastEffect: Int
    let whole: Set<Generation>

    struct Crash: Error {}

    init(_ world: World, whole: Set<Generation>, failing: [Int: Fault] = [:], crashingAfter lastEffect: Int = .max) {
        self.world = world
        self.whole = whole
        self.failing = failing
        self.lastEffect = lastEffect
    }

    var hasCrashed: Bool { effects > lastEffect }
    var failures: Int { failing.keys.count { $0 <= effects } }

    func perform(_ effect: Effect) -> RollState.Outcome {
        effects += 1
        if hasCrashed { return .failed("the process is gone") }
        switch failing[effects] {
        case nil: return carryOut(effect)
        case .before: return .failed("effect \(effects)")
        case .half:
            _ = carryOut(effect.half)
            return .failed("effect \(effects)")
        case .after:
            _ = carryOut(effect)
            return .failed("effect \(effects)")
        }
    }

    private func carryOut(_ effect: Effect) -> RollState.Outcome {
        switch effect {
        case .stop(let services): for service in services { world.running[service.name] = nil }
        case .makeLive(let generation):
            guard whole.contains(generation) else { return .failed("there is no generation \(generation)") }
            world.live = generation
        case .start(let services, let reloading):
            for service in services + reloading { world.running[service.name] = world.live }
        case .restore(let services, let reloading):
            for service in services where world.running[service.name] == nil {
                world.running[service.name] = world.live
            }
            for service in reloading { world.running[service.name] = world.live }
        case .check(let services):
            guard services.allSatisfy({ world.running[$0.name] == world.live }) else {
                return .failed("a service is down")
            }
        case .commit(let plan): world.committed = plan.next
        }
        return .done
    }
}

extension Effect {
    /// The first half of what is a list; nothing, of what is not.
    fileprivate var half: Effect {
        switch self {
        case .stop(let list): .stop(Array(list.prefix(list.count / 2)))
        case .start(let list, _): .start(Array(list.prefix(list.count / 2)), reloading: [])
        case .restore(let list, _): .restore(Array(list.prefix(list.count / 2)), reloading: [])
        case .makeLive, .check, .commit: .check([])
        }
    }
}

/// A journal that keeps what must be durable, and forgets the rest as the real one does.
final class MemoryJournal: RollJournal {
    private(set) var records: [RollState] = []
    private(set) var asked = 0
    private let failing: Set<Int>
    /// Records beyond this number are never written: the process is gone.
    private let lastRecord: Int

    init(_ records: [RollState] = [], failing: Set<Int> = [], crashingAfter lastRecord: Int = .max) {
        self.records = records
        self.failing = failing
        self.lastRecord = lastRecord
    }

    func record(_ state: RollState) -> RollState.Outcome {
        guard state.mustBeDurable else { return .done }
        asked += 1
        if asked > lastRecord { return .failed("the process is gone") }
        if failing.contains(asked) { return .failed("the journal cannot be written") }
        records.append(state)
        return .done
    }

    var reading: Recovery.JournalReading { records.last.map { .last($0) } ?? .empty }
}

extension RollPlan: CustomTestStringConvertible {
    /// In a few words.
    public var testDescription: String { "\(previous) to \(next)" }
}
