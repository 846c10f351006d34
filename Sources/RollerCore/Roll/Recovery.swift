/// What to do about a roll that did not end, told from the tree and the journal. The tree outranks the journal: on some
/// file systems a synced record can outlive the swap that it speaks of.
public enum Recovery: Hashable, Sendable {
    /// The last roll ended, and the host is as it left it.
    case nothing
    /// The roll committed, and its bookkeeping may be unfinished.
    case finishCommit(RollPlan)
    /// The roll did not end: go on from this state, which leads back to the generation before.
    case resume(RollState)
    /// The tree is neither of those that the journal speaks of, or cannot be told. A person has to look.
    case unclear(String)

    /// What the journal holds.
    public enum JournalReading: Hashable, Sendable {
        /// No roll was ever noted.
        case empty
        /// The last state that was noted whole.
        case last(RollState)
        /// Something was noted, and cannot be read.
        case damaged
    }

    /// Decides. The state file is the point of commitment: it is replaced before the journal's last word is written.
    /// - Parameters:
    ///   - live: The generation of the tree at the prefix.
    ///   - current: The generation that the host's state file says was committed last; nil when there is no such file,
    ///     which means that none ever was.
    public static func decide(_ journal: JournalReading, live: Generation, current: Generation?) -> Recovery {
        // The state file was there before the journal could say this. That it is lost is no reason to go back.
        if current == nil, case .last(.committed(let plan)) = journal, live == plan.next {
            return .unclear("generation \(live) is live and was committed, and there is no state file that says so")
        }
        let current = current ?? .beforeRoller
        switch journal {
        case .empty:
            guard current == live else { return .unclear("\(places(live, current)), and the journal names no roll") }
            return .nothing
        case .damaged:
            guard current == live else { return .unclear("\(places(live, current)), and the journal cannot be read") }
            return .nothing
        case .last(let state): return decide(state, live: live, current: current)
        }
    }

    private static func decide(_ state: RollState, live: Generation, current: Generation) -> Recovery {
        let plan = state.plan
        let known: Set = [plan.previous, plan.next]
        guard known.contains(live), known.contains(current) else {
            // The tree outranks the journal: of a roll that had ended long ago it may be an old record, and no more.
            if live == current, state.isEnd { return .nothing }
            return .unclear(
                "\(places(live, current)), and the roll in the journal went from \(plan.previous) to \(plan.next)")
        }
        switch state {
        case .committed where live == plan.next && current == plan.next: return .finishCommit(plan)
        // The journal's last word was lost. A plan from a tree to itself looks committed from its beginning.
        case .doing where live == plan.next && current == plan.next && plan.next != plan.previous:
            return .finishCommit(plan)
        case .rolledBack where live == plan.previous && current == plan.previous: return .nothing
        case .doing, .undoing, .committed, .rolledBack, .inconsistent: break
        }
        // Not committed, or not as the journal has it. Back to the generation before, always.
        return .resume(.undoing(live == plan.previous ? .swap : .stop, plan, because: state.failure))
    }

    private static func places(_ live: Generation, _ current: Generation) -> String {
        "the live tree is generation \(live), and generation \(current) was committed last"
    }
}

extension RollState {
    /// Whether this is an end that needs nobody.
    fileprivate var isEnd: Bool {
        switch self {
        case .committed, .rolledBack: true
        case .doing, .undoing, .inconsistent: false
        }
    }

    /// Why the roll is on its way back, or had to end.
    fileprivate var failure: RollFailure {
        switch self {
        case .undoing(_, _, let why), .rolledBack(_, let why, _), .inconsistent(_, let why): why
        case .doing, .committed: .interrupted
        }
    }
}
