import LinuxSystem
import RollerCore

/// Brings a host whose last roll did not end back to one whole generation, before anything else is done. It asks neither
/// the network nor the renderer.
struct Recover {
    let home: RollerHome
    let report: Report

    /// A host that stands on one whole generation.
    struct Recovered {
        /// The journal for the roll that follows.
        let journal: FileJournal
        /// What the host remembers.
        let state: HostState
        /// The generation at the prefix; nil when there is nothing there.
        let live: Generation?
        /// Whether services that had to be started again pass their checks. True when none had to be.
        var isHealthy = true
    }

    /// - Parameter takingOver: Whether somebody says which generation is to be live, so that what cannot be told from
    ///   journal and state file need not be.
    func run(takingOver: Bool = false) async throws -> Recovered {
        let recovered = try await settle(takingOver: takingOver)
        CronLinks.update(home, report)
        return recovered
    }

    private func settle(takingOver: Bool) async throws -> Recovered {
        try home.checkPrefix()
        try await RunningCommand(home).end()
        let (journal, reading) = try FileJournal.open(in: home)
        let state = try takingOver ? readableState() : home.state()
        let found = try home.liveGeneration()
        let live = found ?? .beforeRoller
        switch Recovery.decide(reading, live: live, current: state?.current) {
        case .nothing where reading == .damaged:
            return Recovered(
                journal: journal, state: state ?? .untouched, live: found,
                isHealthy: try await seeThatServicesRun(of: live, journal)
            )
        case .nothing: break
        case .finishCommit:
            // A power cut may lose the renaming that follows an exchange. Then a stored tree has the name of the live one.
            if try home.generations.status(of: "\(live)") != nil { try TreeSwitch(home: home).nameByGeneration() }
        case .resume(let start): return try await resume(start, journal, state)
        case .unclear(let why):
            guard takingOver else { throw RollError.needsRecovery(why) }
            report.warning("\(why); going on from the live tree, as told")
            return Recovered(journal: journal, state: try standingOn(live, state), live: found)
        }
        return Recovered(journal: journal, state: state ?? .untouched, live: found)
    }

    /// What the host remembers, as far as that can be read.
    private func readableState() -> HostState? {
        do {
            return try home.state()
        } catch {
            report.warning("\(explain(error)); it is written anew")
            return nil
        }
    }

    private func resume(_ start: RollState, _ journal: FileJournal, _ state: HostState?) async throws -> Recovered {
        report.step("recover", "an earlier roll did not end; back to generation \(start.plan.previous)")
        try outliveSignals()
        let machine = Machine(
            home, committing: state ?? .untouched, resuming: true, terms: RollTerms(start.plan))
        let end = await RollerCore.run(start, on: machine, journal: journal)
        guard case .rolledBack(let plan, let why, let healthy) = end else {
            throw RollError.needsRecovery("going back to generation \(start.plan.previous) failed: \(end.words)")
        }
        var state = state
        // A commit whose last word was never written is undone in the memory too.
        if let remembered = state, remembered.current != plan.previous {
            state?.current = plan.previous
            state?.bundle = home.record(leaving: plan.previous, report)?.bundle
            if let state { try home.write(state) }
        }
        keepBooks(of: plan, end, state)
        report.step(
            "recover",
            "generation \(plan.previous) is live, \(healthy ? "and healthy" : "but not healthy: \(why.message)")")
        return Recovered(
            journal: journal, state: state ?? .untouched, live: plan.previous, isHealthy: healthy)
    }

    /// The roll that was cut off could not say how it ended. That its books cannot be kept keeps nothing else.
    private func keepBooks(of plan: RollPlan, _ end: RollState, _ state: HostState?) {
        guard case .rolledBack(_, let why, _) = end else { return }
        do {
            if why.step == nil, let bundle = plan.bundle {
                try Rejections(home).addInterruption(bundle, roll: plan.id)
            }
            guard try home.root.status(of: "receipts/\(plan.id).json") == nil else { return }
            var receipt = Receipt(id: plan.id, started: rollTime(plan.id) ?? 0)
            receipt.host = state?.host
            receipt.exit = RollExit(end)
            receipt.changed = true
            receipt.from = plan.previous
            receipt.to = plan.previous
            receipt.bundle = plan.bundle
            receipt.failure = why.message
            receipt.version = RollerVersion.text
            try home.keep(receipt)
            // It goes with the next roll's: nothing is sent from here, which may be a boot without network.
            if receipt.host != nil { _ = try Outbox(home).add(receipt) }
        } catch {
            report.warning("cannot write down that the roll \(plan.id) was cut off: \(explain(error))")
        }
    }

    /// The tree is the one committed last, and nobody knows whether a roll was cut off when it had stopped services.
    private func seeThatServicesRun(of live: Generation, _ journal: FileJournal) async throws -> Bool {
        report.warning("the journal cannot be read; seeing that the services of generation \(live) run")
        try outliveSignals()
        let services = home.record(leaving: live, report)?.services ?? []
        let machine = Machine(home, committing: .untouched, resuming: true)
        var outcome = await machine.perform(.restore(services, reloading: []))
        if outcome == .done { outcome = await machine.perform(.check(services)) }
        try journal.reset()
        guard case .failed(let why) = outcome else { return true }
        report.warning("generation \(live) is not healthy: \(why)")
        return false
    }

    /// What a host remembers that stands on `live`, whatever it thought it did.
    private func standingOn(_ live: Generation, _ state: HostState?) throws -> HostState {
        var state = state ?? .untouched
        state.current = live
        let stored = try home.storedGenerations().map(\.generation)
        state.highest = ([state.highest, live] + stored).max() ?? live
        return state
    }
}

/// From before the first stop to the end nobody can end roll but by force: a service may be down. A roll itself looks
/// whether somebody wanted to, until the trees are exchanged. What it runs can be ended as ever.
func outliveSignals() throws(RollError) {
    do {
        try Signals.outlive([.interrupt, .terminate, .hangUp, .suspend])
    } catch {
        throw .cannotStage(what: "see it through", cause: error)
    }
}

extension RollState {
    /// What went wrong, in words.
    fileprivate var words: String {
        switch self {
        case .undoing(_, _, let why), .rolledBack(_, let why, _), .inconsistent(_, let why): why.message
        case .doing, .committed: "it did not come to an end"
        }
    }
}
