/// What a roll asks of its machine. Asked twice for the same effect, a host does the work once.
public protocol RollHost {
    /// Reaches the state that `effect` names, or says why not.
    func perform(_ effect: Effect) async -> RollState.Outcome
}

/// Where a roll notes how far it has come.
public protocol RollJournal {
    /// Notes `state`; durably, if it must be.
    func record(_ state: RollState) async -> RollState.Outcome
}

/// Carries a roll to its end, from wherever it stands.
///
/// Each state is noted before the host is touched, so that a crash resumes there. A journal that cannot be written stops
/// a roll, and never its undoing.
/// - Parameter observe: Told of each state as it is entered, for progress and measuring.
public func run(
    _ start: RollState, on host: some RollHost, journal: some RollJournal,
    observe: (RollState) -> Void = { _ in }
) async -> RollState {
    var state = start
    while let effect = state.effect {
        observe(state)
        let noted = await journal.record(state)
        if noted == .done || state.isUndoing {
            state = await state.next(after: host.perform(effect))
        } else {
            state = state.next(after: noted)
        }
    }
    observe(state)
    _ = await journal.record(state)
    return state
}
