/// Where a roll stands once it may change its host. Journalled before a step, so the step named may not have begun, or may
/// be done already; every effect names a state to reach, and may be asked for twice.
public enum RollState: Hashable, Sendable, Codable {
    /// On the way to the next generation. Only the steps from `stop` on occur here.
    case doing(RollStep, RollPlan)
    /// On the way back to the previous one.
    case undoing(UndoStep, RollPlan, because: RollFailure)
    /// The next generation is live, its services passed their checks.
    case committed(RollPlan)
    /// The previous generation is live again. `healthy` says whether its services run and pass.
    case rolledBack(RollPlan, because: RollFailure, healthy: Bool)
    /// Neither way could be finished. Both trees are kept, and a person has to look.
    case inconsistent(RollPlan, because: RollFailure)

    /// What was found when an effect was asked for.
    public enum Outcome: Hashable, Sendable {
        case done
        case failed(String)
        /// Somebody wants the roll to end, and the tree has not moved yet.
        case interrupted(String)
    }

    /// The first state of a roll.
    public static func start(_ plan: RollPlan) -> RollState { .doing(.stop, plan) }

    /// What to ask of the host now; nil when the roll is over.
    public var effect: Effect? {
        switch self {
        case .doing(.stop, let plan): .stop(plan.stopping.reversed())
        case .doing(.swap, let plan): .makeLive(plan.next)
        case .doing(.start, let plan): .start(plan.starting, reloading: plan.reloading)
        case .doing(.check, let plan): .check(plan.starting + plan.reloading)
        case .doing(.commit, let plan): .commit(plan)
        case .undoing(.stop, let plan, _): .stop(plan.starting.reversed())
        case .undoing(.swap, let plan, _): .makeLive(plan.previous)
        case .undoing(.start, let plan, _): .restore(plan.stopping, reloading: plan.reloadingBack)
        case .undoing(.check, let plan, _): .check(plan.stopping + plan.reloadingBack)
        case .committed, .rolledBack, .inconsistent: nil
        case .doing(let step, _): preconditionFailure("\(step) changes nothing on the host")
        }
    }

    /// What follows, once the effect was asked for.
    public func next(after outcome: Outcome) -> RollState {
        switch (self, outcome) {
        case (.doing(.stop, let plan), .done): .doing(.swap, plan)
        case (.doing(.swap, let plan), .done): .doing(.start, plan)
        case (.doing(.start, let plan), .done): .doing(.check, plan)
        case (.doing(.check, let plan), .done): .doing(.commit, plan)
        case (.doing(.commit, let plan), .done): .committed(plan)
        // Nothing is wrong with the bundle: it may be tried again.
        case (.doing(.stop, let plan), .interrupted(let why)), (.doing(.swap, let plan), .interrupted(let why)):
            .undoing(.swap, plan, because: RollFailure(nil, why))
        // From the swap on nobody may end it.
        case (_, .interrupted(let why)): next(after: .failed(why))
        // The tree has not moved yet: what stopped starts again. Asking for the old tree is harmless, and certain.
        case (.doing(.stop, let plan), .failed(let why)): .undoing(.swap, plan, because: RollFailure(.stop, why))
        case (.doing(.swap, let plan), .failed(let why)): .undoing(.swap, plan, because: RollFailure(.swap, why))
        case (.doing(let step, let plan), .failed(let why)): .undoing(.stop, plan, because: RollFailure(step, why))
        // A new service that will not stop does not keep the old tree away; the old services' checks tell the rest.
        case (.undoing(.stop, let plan, let first), _): .undoing(.swap, plan, because: first)
        case (.undoing(.swap, let plan, let first), .done): .undoing(.start, plan, because: first)
        case (.undoing(.swap, let plan, let first), .failed(let why)):
            .inconsistent(
                plan, because: RollFailure(first.step, "\(first.message); then going back failed: \(why)"))
        case (.undoing(.start, let plan, let first), .done): .undoing(.check, plan, because: first)
        case (.undoing(.start, let plan, let first), .failed(let why)):
            .rolledBack(plan, because: first.followed(by: why), healthy: false)
        case (.undoing(.check, let plan, let first), .done): .rolledBack(plan, because: first, healthy: true)
        case (.undoing(.check, let plan, let first), .failed(let why)):
            .rolledBack(plan, because: first.followed(by: why), healthy: false)
        case (.doing, .done): preconditionFailure("the step before \(self) changes nothing on the host")
        case (.committed, _), (.rolledBack, _), (.inconsistent, _):
            preconditionFailure("the roll is over: \(self)")
        }
    }

    /// The plan of the roll.
    public var plan: RollPlan {
        switch self {
        case .doing(_, let plan), .undoing(_, let plan, _), .committed(let plan), .rolledBack(let plan, _, _),
            .inconsistent(let plan, _):
            plan
        }
    }

    /// Whether the roll is going back.
    public var isUndoing: Bool {
        if case .undoing = self { true } else { false }
    }

    /// Whether the roll is over.
    public var isFinal: Bool { effect == nil }

    /// Whether this state must be on disk before the host may be touched. The beginning must be, and the end: from the
    /// beginning and the tree at the prefix, recovery tells the rest. Nothing is written to disk between the last stop
    /// and the first start, since a service is down there; but for the way back from a commit that failed: its state file
    /// may say all the same that the roll is committed, and only this record says that it is not.
    public var mustBeDurable: Bool {
        switch self {
        case .doing(.stop, _): true
        case .committed, .rolledBack, .inconsistent: true
        case .undoing(.stop, _, let why): why.step == .commit
        case .doing, .undoing: false
        }
    }
}

/// A state that the host is asked to reach. Asked twice, it does the work once.
public enum Effect: Hashable, Sendable {
    /// None of these services runs. In the order to stop them.
    case stop([Service])
    /// The tree at the prefix is that generation.
    case makeLive(Generation)
    /// Each of these services, none of which runs yet, runs. In the order to start them.
    /// Then each of the others has read its files anew.
    case start([Service], reloading: [Service])
    /// Each of these services runs; some may never have stopped. In the order to start them. Then each of the others has
    /// read its files anew.
    case restore([Service], reloading: [Service])
    /// Each of these services passes its checks.
    case check([Service])
    /// The roll is remembered as done.
    case commit(RollPlan)
}

extension RollFailure {
    fileprivate func followed(by why: String) -> RollFailure {
        RollFailure(step, "\(message); and the generation before is not healthy: \(why)")
    }
}
