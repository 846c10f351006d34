import LinuxSystem
import RollerCore
import SystemPackage

/// The plan of a roll, and the roll that holds to one.
extension Apply {
    /// The plan of a roll. The candidate is built, validated, compared and removed; nothing below the prefix is touched.
    /// - Returns: Also why a roll would be refused all the same, where the trees cannot be exchanged.
    func plan() async throws -> (planned: PlanReport, obstacle: RollError?) {
        var receipt = Receipt(id: rollID(now), started: now)
        let home = try openHome()
        let lock = try Lock.take(home, for: receipt.id)
        try home.checkPrefix()
        let state = try home.state() ?? .untouched
        let live = try home.liveGeneration()
        let looked = try await look(home, state, live: live)
        let prepared = try await prepare(
            home, state, live: live, try FileJournal.open(in: home).journal.lastRejection, Stopwatch(), &receipt,
            looked, writing: false)
        let planned: PlanReport
        var obstacle: RollError?
        switch prepared {
        case .nothing: planned = PlanReport(nothingToDoAt: state.current, looked.drift)
        case .change(let candidate):
            defer { discard(candidate, home) }
            planned = try await PlanReport(candidate, home: home, drift: looked.drift)
            obstacle = candidate.obstacle
            if let inputs = candidate.inputs { try home.remember(inputs) }
        }
        lock.letGo()
        return (planned, obstacle)
    }

    /// Looks at what somebody did to the live tree. Of a tree whose record is lost nobody can tell.
    func look(_ home: RollerHome, _ state: HostState, live: Generation?) async throws -> LiveTree.Comparison {
        guard let live else { return LiveTree.Comparison() }
        let record = home.record(leaving: live, report)
        guard record != nil || live == .beforeRoller else { return LiveTree.Comparison() }
        do {
            return try await LiveTree(home: home).compare(with: record, depth: .changedContents)
        } catch {
            throw RollError.cannotStage(what: "compare the live tree with its record", cause: error)
        }
    }

    /// Everything that the plan rests on.
    func inputs(
        _ home: RollerHome, _ state: HostState, live: Generation?, bundle: Digest, _ previous: GenerationRecord?,
        _ drift: Drift
    ) throws(FileError) -> PlanInputs {
        var options: [String] = []
        if request.adopts { options.append("--adopt") }
        if request.retriesRejected { options.append("--retry-rejected") }
        return PlanInputs(
            bundle: bundle, live: live, tree: try home.parent.status(of: home.name)?.inode,
            next: state.highest.following, record: previous, drift: drift, options: options)
    }

    /// Refuses unless the plan that somebody looked at still is the plan.
    func check(_ plan: PlanID, _ home: RollerHome, _ inputs: PlanInputs) throws(RollError) {
        guard inputs.id != plan else { return }
        guard let earlier = home.planInputs(plan) else { throw .noPlan(plan) }
        throw .planMoved(plan, why: inputs.moved(since: earlier))
    }

    /// Why a plan that somebody looked at cannot be carried out where there is nothing to do.
    func nothingLeft(
        of plan: PlanID, _ home: RollerHome, _ recovered: Recover.Recovered, _ looked: LiveTree.Comparison?
    ) throws -> RollError {
        guard let earlier = home.planInputs(plan) else { return .noPlan(plan) }
        let state = recovered.state
        let now = try inputs(
            home, state, live: recovered.live, bundle: state.bundle ?? earlier.bundle,
            home.record(leaving: state.current, report), looked?.drift ?? Drift())
        return .planMoved(plan, why: now.moved(since: earlier) + ["there is nothing to do"])
    }

    /// Looks once more, after the candidate was built and before anything stops.
    func lookAgain(_ home: RollerHome, _ state: HostState, live: Generation?, _ candidate: Candidate) async throws {
        guard let plan = request.plan, let planned = candidate.inputs else { return }
        do {
            let looked = try await look(home, state, live: try home.liveGeneration())
            let now = try inputs(
                home, state, live: try home.liveGeneration(), bundle: planned.bundle, candidate.previous, looked.drift)
            guard now == planned else { throw RollError.planMoved(plan, why: now.moved(since: planned)) }
        } catch {
            discard(candidate, home)
            throw error
        }
    }

    private func discard(_ candidate: Candidate, _ home: RollerHome) {
        do {
            let store = PackageStore(home)
            try store.tracking(candidate.record.packages.map(\.archive)) { () throws(FileError) in
                try Stager(home: home, store: store).discard(candidate.record.generation)
            }
        } catch {
            report.warning("cannot remove the candidate, which the next roll does: \(error.message)")
        }
    }
}

/// How many plans are remembered, to tell what moved since.
private let rememberedPlans = 16

extension RollerHome {
    private static let plans = "plans"

    /// Remembers what a plan rests on. Not on disk when this returns: of a plan that is lost it cannot be told what moved.
    func remember(_ inputs: PlanInputs) throws(FileError) {
        try root.makeDirectories(Self.plans, permissions: 0o700)
        let folder = try root.openDirectory(Self.plans)
        try folder.replaceFile(
            "\(inputs.id).json", permissions: 0o600, bytes: canonicalJSON(inputs), durable: false)
        try keepNewest(rememberedPlans, in: folder)
    }

    /// What a plan of that name rested on; nil when nobody remembers.
    func planInputs(_ plan: PlanID) -> PlanInputs? {
        guard let bytes = try? root.readFile("\(Self.plans)/\(plan).json", limit: 256 << 20) else { return nil }
        return try? readJSON(bytes, as: PlanInputs.self)
    }
}
