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

    /// Decides.
    /// - Parameters:
    ///   - live: The generation of the tree at the prefix.
    ///   - current: The generation that the host's state file says was committed last; nil when there is no such file.
    public static func decide(_ journal: JournalReading, live: Generation, current: Generation?) -> Recovery {
        let state: RollState
        switch journal {
        case .empty:
            guard let current, current != live else { return .nothing }
            return .unclear("the live tree is generation \(live), and generation \(current) was committed last")
        case .damaged:
            guard current == live else {
                return .unclear(
                    "the journal cannot be read, and the live tree (generation \(live)) was never committed")
            }
            return .nothing
        case .last(let last): state = last
        }
        let plan = state.plan
        switch state {
        case .committed where live == plan.next: return .finishCommit(plan)
        // The state file is the point of commitment: it was replaced, and the journal's last word was lost.
        case .doing where live == plan.next && current == plan.next: return .finishCommit(plan)
        case .rolledBack where live == plan.previous: return .nothing
        case .inconsistent(_, let why) where live != plan.previous && live != plan.next:
            return .unclear(why.message)
        case .doing, .undoing, .committed, .rolledBack, .inconsistent: break
        }
        // Not committed, or not as the journal has it. Back to the generation before, always.
        if live == plan.next, plan.next != plan.previous {
            return .resume(.undoing(.stop, plan, because: state.failure))
        }
        if live == plan.previous { return .resume(.undoing(.swap, plan, because: state.failure)) }
        return .unclear(
            "the live tree is generation \(live), and the roll in the journal went from \(plan.previous) to \(plan.next)"
        )
    }
}

extension RollState {
    /// Why the roll is on its way back, or had to end.
    fileprivate var failure: RollFailure {
        switch self {
        case .undoing(_, _, let why), .rolledBack(_, let why, _), .inconsistent(_, let why): why
        case .doing, .committed: .interrupted
        }
    }
}
