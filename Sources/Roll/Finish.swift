import LinuxSystem
import RollerCore

/// The part of a roll that changes the host: from the first stop to the end, and what is written down about it.
struct Finish {
    let home: RollerHome
    let report: Report
    let watch: Stopwatch
    /// How long services may be away; nil where nobody says.
    var budget: TimeSpan?
    /// How long they were away in earlier rolls.
    var expected: [ExpectedDowntime] = []

    /// Makes a candidate live. What is to be done after the end of the roll does not change how it ended.
    func carryOut(
        _ candidate: Apply.Candidate, from state: HostState, journal: FileJournal, _ receipt: inout Receipt
    ) async throws(RollError) {
        let end = try await carryOut(candidate.explained, committing: candidate.state, journal, &receipt)
        switch end {
        case .committed:
            keepingBooks("forget that the bundle was rejected") { try Rejections(home).remove(candidate.record.bundle) }
            let collecting = watch.start()
            Collector(home: home, report: report).run()
            watch.add("collect", collecting.duration(to: watch.start()))
        case .rolledBack(_, let why, _):
            // First: on a full disk it makes the room to remember anything.
            keepingBooks("remove the candidate") { try discard(candidate.record) }
            if why.isOfTheBundle {
                keepingBooks("remember that the bundle was rejected") {
                    try Rejections(home).add(candidate.record.bundle, reason: why.message, roll: receipt.id)
                }
            }
            keepingBooks("remember that the generation's number is taken") {
                var state = state
                state.highest = max(state.highest, candidate.record.generation)
                try home.write(state)
            }
        case .inconsistent, .doing, .undoing: break
        }
    }

    private func keepingBooks(_ what: String, _ work: () throws -> Void) {
        do {
            try work()
        } catch {
            report.warning("cannot \(what): \(explain(error))")
        }
    }

    /// Removes a candidate that failed, unless a process of it is still there.
    private func discard(_ record: GenerationRecord) throws {
        let generation = record.generation
        let inUse = try Processes.places(below: home.generations.resolvedPath())
        guard inUse["\(generation)"] == nil else { return }
        let store = PackageStore(home)
        try store.tracking(record.packages.map(\.archive)) {
            try Stager(home: home, store: store).discard(generation)
        }
        try home.generations.remove("\(generation).json")
    }

    /// Carries out a plan, whatever its next generation is, and fills the receipt. Throws only before the first stop.
    func carryOut(
        _ explained: ExplainedPlan, committing state: HostState, _ journal: FileJournal, _ receipt: inout Receipt
    ) async throws(RollError) -> RollState {
        let plan = try await completed(explained.plan)
        guard journal.takes(plan) else { throw .planTooLarge(plan.services) }
        keepingBooks("make room to note what runs") { try RunningCommand(home).prepare() }
        let health = await HealthProbe(commands: CommandRunner(home: home)).health(
            of: plan.stopping + plan.reloadingBack)
        let terms = terms(plan, health)
        try outliveSignals()
        let machine = Machine(home, committing: state, resuming: false, terms: terms)
        for service in explained.services {
            report.step("service", "\(service.name): \(service.action.rawValue), because \(service.reason.text)")
        }
        var current: (name: String, began: ContinuousClock.Instant)?
        let end = await RollerCore.run(.start(plan), on: machine, journal: journal) { state in
            if let step = current { watch.add(step.name, step.began.duration(to: ContinuousClock().now)) }
            current = state.stepName.map { ($0, watch.start()) }
            tell(state)
        }
        CronLinks.update(home, report)
        receipt.exit = RollExit(end)
        receipt.changed = true
        receipt.from = explained.plan.previous
        receipt.to = explained.plan.next
        receipt.services = serviceReceipts(explained.services, machine, health)
        receipt.downtimeBudgetMilliseconds = budget?.duration.milliseconds
        receipt.isOverBudget = budget.map { _ in !machine.downtime.overBudget.isEmpty }
        keepingBooks("see which processes use earlier trees") { receipt.restartDebt = try home.restartDebt() }
        receipt.stopToStartMicroseconds = machine.downtime.betweenStopAndStart?.microseconds
        switch end {
        case .committed:
            tellCommitted(explained, machine.downtime)
            tellDebts(receipt, machine.downtime)
        case .rolledBack(let plan, let why, let healthy):
            receipt.to = plan.previous
            receipt.failure = why.message
            report.step(
                "back", "generation \(plan.previous) is live again, \(healthy ? "and healthy" : "but NOT healthy")")
            standardError("error: \(why.message)")
            tellTroubles(receipt)
            if why.step == nil, machine.asked.isEmpty {
                receipt.exit = .staging
                receipt.changed = false
            }
        case .inconsistent(let plan, let why):
            receipt.to = nil
            receipt.failure = why.message
            standardError("error: \(why.message)")
            standardError(
                "hint: both trees are kept below \(home.generations.path); `roll rollback \(plan.previous)` makes the earlier one live"
            )
        case .doing, .undoing: preconditionFailure("a roll ends at an end")
        }
        return end
    }

    private func completed(_ plan: RollPlan) async throws(RollError) -> RollPlan {
        do {
            return try await BootUnits(home: home, commands: CommandRunner(home: home)).completing(plan)
        } catch {
            throw .cannotStage(what: "see which units start at boot", cause: error)
        }
    }

    private func tell(_ state: RollState) {
        switch state {
        case .doing(.swap, let plan): report.step("swap", "generation \(plan.previous) -> \(plan.next)")
        case .doing(.check, let plan) where !plan.starting.isEmpty:
            report.step("check", plan.starting.map(\.name.rawValue).joined(separator: ", "))
        case .undoing(let step, let plan, let why) where step == .swap:
            report.step("undo", "back to generation \(plan.previous), because \(why.message)")
        default: break
        }
    }

    private func tellCommitted(_ explained: ExplainedPlan, _ downtime: Downtime) {
        let away = downtime.services.sorted { $0.key < $1.key }
            .map { "\($0.key) was away for \($0.value.brief)" }.joined(separator: ", ")
        report.step(
            "commit",
            "generation \(explained.plan.next) is live after \(watch.elapsed.brief)\(away.isEmpty ? "" : "; \(away)")")
    }
}

extension RollFailure {
    /// Whether the same bundle would fail again: not if the trees could not be exchanged, which is the host's own trouble,
    /// and is found before the next first stop; nor, as far as one time tells, if the roll was cut off.
    var isOfTheBundle: Bool { step != nil && step != .swap }
}

extension RollPlan {
    /// The names of all services in it.
    fileprivate var services: [ServiceName] { Set((stopping + starting).map(\.name)).sorted() }
}

extension RollState {
    /// The step that is under way, as a receipt names it.
    fileprivate var stepName: String? {
        switch self {
        case .doing(let step, _): step.rawValue
        case .undoing(let step, _, _): "undo-\(step.rawValue)"
        case .committed, .rolledBack, .inconsistent: nil
        }
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
