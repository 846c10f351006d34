import LinuxSystem
import RollerCore
import SystemPackage

/// One roll from beginning to end, or the plan of one.
struct Apply {
    /// What somebody asked for on the command line.
    struct Request: Equatable {
        var prefix: FilePath
        var host: HostName?
        var servers: [String]
        var caFile: FilePath?
        var adopts = false
        var retriesRejected = false
        /// How long what is rolled stays unless somebody keeps it; nil is for good.
        var trial: Duration?
        /// The plan that somebody looked at: anything else is refused.
        var plan: PlanID?
        /// How files of packages come into a tree; nil is as before.
        var link: HostOptions.Link?
        /// Where crontabs are linked; nil is as before.
        var cronDirectory: String?
        /// Whether services may be away for longer than their class allows.
        var exceedsBudget = false
    }

    let request: Request
    let report: Report
    /// Seconds since 1970, when the roll began.
    let now: Int

    /// Rolls the host.
    func roll() async -> Receipt {
        var receipt = Receipt(id: rollID(now), started: now)
        let watch = Stopwatch()
        do {
            try await roll(&receipt, watch)
        } catch {
            receipt.exit = rollExit(of: error)
            receipt.failure = explain(error)
            if case .rejected = error as? RollError { receipt.wasRejected = true }
            report.failure(error)
        }
        receipt.steps = watch.steps
        receipt.milliseconds = watch.elapsed.milliseconds
        return receipt
    }

    private func roll(_ receipt: inout Receipt, _ watch: Stopwatch) async throws {
        let home = try openHome()
        let lock = try Lock.take(home, for: receipt.id)
        try home.remember(link: request.link, cronDirectory: request.cronDirectory)
        let (recovered, trial) = try await TrialEnd(home: home, report: report, now: now)
            .run(try await Recover(home: home, report: report).run(), lock)
        let (journal, state) = (recovered.journal, recovered.state)
        receipt.host = request.host ?? state.host
        if let hold = try home.hold(at: now) { throw RollError.held(hold) }
        if let trial { throw RollError.onTrial(trial) }
        let looked = request.plan == nil ? nil : try await look(home, state, live: recovered.live)
        let prepared = try await prepare(
            home, state, live: recovered.live, journal.lastRejection, watch, &receipt, looked, writing: true)
        try lock.check(home)
        switch prepared {
        case .nothing(let state):
            if let plan = request.plan { throw try nothingLeft(of: plan, home, recovered, looked) }
            if let state { try home.write(state) }
            receipt.exit = .success
        case .change(let candidate):
            try await lookAgain(home, state, live: recovered.live, candidate)
            let trial = try beginTrial(of: candidate, from: state, home)
            let finish = Finish(
                home: home, report: report, watch: watch, budget: candidate.budget, expected: candidate.expected)
            try await finish.carryOut(candidate, from: state, journal: journal, &receipt)
            if let trial, receipt.exit == .success {
                await TrialTimer(home: home, report: report).set(trial, now: now)
                report.step("trial", "until \(utc(trial.until)); `roll keep` keeps generation \(trial.generation)")
            }
        }
        lock.letGo()
    }

    /// Notes that what is about to be made live is on trial, on disk. The note of an earlier trial goes: it is void.
    private func beginTrial(of candidate: Candidate, from state: HostState, _ home: RollerHome) throws -> Trial? {
        guard let span = request.trial else {
            try home.endTrial()
            return nil
        }
        let trial = try Trial(of: candidate.record.generation, goingBackTo: state.current, for: span, now: now)
        try home.write(trial)
        return trial
    }

    /// Why a roll is refused that would take longer than the class allows, by what it took before; nil where it keeps to it.
    private func refusal(of expected: [ExpectedDowntime], beyond budget: TimeSpan?) -> RollError? {
        guard !request.exceedsBudget, let budget, let worst = ExpectedDowntime.beyond(budget, expected) else {
            return nil
        }
        return .overBudget(worst, budget)
    }

    /// Opens the roller directory, and makes it once it is known that there is somebody to ask.
    func openHome() throws -> RollerHome {
        let found = try RollerHome.open(prefix: request.prefix, creating: false)
        // Where the command line says both there is nothing to look up; it is read again once nobody else can write it.
        if request.host == nil || request.servers.isEmpty { _ = try asked(found?.state() ?? .untouched) }
        guard let home = try found ?? RollerHome.open(prefix: request.prefix, creating: true) else {
            preconditionFailure("a home that is made where it is missing is there")
        }
        return home
    }

    /// Which host this is, and whom it asks.
    private func asked(_ state: HostState) throws(RollError) -> (host: HostName, servers: [String]) {
        guard let host = request.host ?? state.host else { throw RollError.noHost }
        let servers = request.servers.isEmpty ? state.servers : request.servers
        guard !servers.isEmpty else { throw RollError.noServer }
        return (host, servers)
    }

    /// What there is to do.
    enum Prepared {
        /// Nothing; `remember` is what the host should remember of the server's answer, if that is new.
        case nothing(remember: HostState?)
        case change(Candidate)
    }

    /// A generation that is ready to be made live.
    struct Candidate {
        let explained: ExplainedPlan
        let record: GenerationRecord
        let previous: GenerationRecord?
        let files: [RenderedFile]
        /// What the host remembers once it is committed.
        let state: HostState
        /// What the plan rests on, where somebody looked.
        let inputs: PlanInputs?
        /// What came into the store for it, and the room it takes.
        let fetched: Preparation.Fetched
        /// How long services were away in earlier rolls, of those that restart.
        let expected: [ExpectedDowntime]
        /// How long services may be away.
        let budget: TimeSpan?
        /// Why a roll would be refused, of a plan.
        let obstacle: RollError?
    }

    /// Fetches, decides, builds the candidate, and, when `writing`, brings it to disk.
    /// - Parameter looked: What was found in the live tree, where somebody looked.
    func prepare(
        _ home: RollerHome, _ state: HostState, live: Generation?, _ last: FileJournal.Rejection?, _ watch: Stopwatch,
        _ receipt: inout Receipt, _ looked: LiveTree.Comparison?,
        writing: Bool
    ) async throws -> Prepared {
        let (host, servers) = try asked(state)
        receipt.host = host
        receipt.from = state.current
        receipt.to = state.current
        let client = try ServerClient(servers, host: host, caFile: request.caFile, report: report)
        let known = live == state.current && state.host == host ? state.bundle : nil

        let fetching = watch.start()
        let answer = try await client.bundle(of: host, unless: known)
        watch.stop(.fetch, since: fetching)
        guard case .bundle(let bundle, let digest, let revision, let server) = answer else {
            if case .unchanged(let revision) = answer { receipt.revision = revision }
            receipt.bundle = known
            report.step("fetch", "\(host) is as the repository says")
            // Whom to ask is remembered also where the answer is the same.
            var after = state
            after.servers = servers
            return .nothing(remember: after == state ? nil : after)
        }
        receipt.bundle = digest
        receipt.revision = revision
        receipt.release = bundle.release
        report.step("fetch", "\(host): \(bundle.release), bundle \(digest.short)")
        guard bundle.host == host else {
            throw RollError.bundle(url: server, cause: WrongHost(asked: host, got: bundle.host))
        }
        if !request.retriesRejected, let why = try Rejections(home).reason(digest) {
            throw RollError.rejected(digest, why: why)
        }
        // The journal had room to say so where the disk had none for a file.
        if !request.retriesRejected, let last, last.bundle == digest {
            throw RollError.rejected(digest, why: "\(last.reason) (roll \(last.roll))")
        }
        var obstacle: RollError?
        do {
            try Adoption(home: home, adopts: request.adopts).check(live: live, state: state, writing: writing)
        } catch {
            // What would be done can be told all the same.
            guard !writing, case .cannotExchange = error else { throw error }
            obstacle = error
        }

        let previous = home.record(leaving: state.current, report)
        let inputs = try looked.map { try self.inputs(home, state, live: live, bundle: digest, previous, $0.drift) }
        if let plan = request.plan, let inputs { try check(plan, home, inputs) }

        let preparation = Preparation(home: home, client: client, report: report, watch: watch)
        let files = try preparation.render(bundle)
        let fetched = try await preparation.fetchPackages(of: bundle, files: files)
        let hasFetched = !fetched.packages.isEmpty
        let next = state.highest.following
        let record = GenerationRecord(next, from: bundle, digest: digest, revision: revision, files: files)
        let explained = try preparation.explain(record, from: previous, live: state.current, id: receipt.id)
        let toAsk = serversToAsk(bundle.servers(keeping: server), asking: servers)
        if !toAsk.refused.isEmpty {
            report.warning("not asked from now on, for want of TLS: \(toAsk.refused.joined(separator: ", "))")
        }
        var after = HostState(
            current: next, bundle: digest, revision: revision, host: host, servers: toAsk.kept, highest: next)
        guard !explained.isEmpty || previous == nil else {
            // Other words, same tree and services: nothing moves, and the host agrees with the new bundle.
            after.current = state.current
            after.highest = state.highest
            // The record names packages that may be new; nothing else keeps them.
            if hasFetched { try preparation.keep(record.packages) }
            if writing { keep(bundle, digest, home) }
            // The record of the live tree: no power cut may leave it empty.
            if writing { try home.write(record.renumbered(state.current), durable: true) }
            report.step("plan", "the tree and its services stay as they are")
            return .nothing(remember: after)
        }
        receipt.paths = Receipt.PathCounts(explained.changes)
        let touched = Set(explained.plan.starting.map(\.name))
        let validating = record.services.filter { touched.contains($0.name) }
        let expected = ExpectedDowntime.of(explained.services, receipts: try home.receipts())
        let overBudget = refusal(of: expected, beyond: bundle.downtimeBudget)
        if writing, let overBudget { throw overBudget }
        if writing {
            keep(bundle, digest, home)
            try await preparation.stage(record, files: files, validating: validating)
        } else {
            // So that the roll after this plan need not fetch them again.
            if hasFetched { try preparation.keep(record.packages) }
            try await preparation.build(record, files: files, validating: validating)
        }
        return .change(
            Candidate(
                explained: explained, record: record, previous: previous, files: files, state: after, inputs: inputs,
                fetched: fetched, expected: expected, budget: bundle.downtimeBudget,
                obstacle: obstacle ?? overBudget))
    }
}

extension Apply {
    /// Keeps the bundle for `roll blame`; a roll does not fail for want of that.
    private func keep(_ bundle: Bundle, _ digest: Digest, _ home: RollerHome) {
        do {
            try BundleStore(home: home).keep(bundle, digest: digest)
        } catch {
            report.warning(
                "cannot keep the bundle, so `roll blame` will not tell where lines come from: \(explain(error))")
        }
    }
}

/// How roll ends with `error`, which came before the first stop: what comes later is the roll's own to deal with.
func rollExit(of error: any Error) -> RollExit {
    switch error {
    case let error as RollError: error.exit
    case is FileError: .staging
    default: .unexpected
    }
}

private struct WrongHost: RollerError {
    let asked: HostName
    let got: HostName
    var message: String { "it is for '\(got)', and '\(asked)' was asked for" }
}

/// A name for a roll that sorts by its time: seconds in hexadecimal, and something that two rolls of a second do not share.
func rollID(_ now: Int) -> String {
    let random = UInt32.random(in: .min ... .max)
    let digits = String(random, radix: 16)
    return String(now, radix: 16) + "-" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
}

/// When the roll of that name began, in seconds since 1970.
func rollTime(_ id: String) -> Int? { Int(id.prefix { $0 != "-" }, radix: 16) }
