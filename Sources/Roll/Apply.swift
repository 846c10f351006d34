import LinuxSystem
import RollerCore
import SystemPackage

/// One roll from beginning to end, or the plan of one.
struct Apply {
    /// What somebody asked for on the command line.
    struct Request {
        var prefix: FilePath
        var host: HostName?
        var servers: [String]
        var caFile: FilePath?
        var adopts = false
        var retriesRejected = false
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
            receipt.exit = (error as? RollError)?.exit ?? .unexpected
            receipt.failure = explain(error)
            report.failure(error)
        }
        receipt.steps = watch.steps
        receipt.milliseconds = watch.elapsed.milliseconds
        return receipt
    }

    private func roll(_ receipt: inout Receipt, _ watch: Stopwatch) async throws {
        guard let home = try RollerHome.open(prefix: request.prefix, creating: true) else {
            preconditionFailure("a home that is made where it is missing is there")
        }
        let lock = try Lock.take(home, for: receipt.id)
        let (journal, state) = try await Recover(home: home, report: report).run(&receipt)
        let prepared = try await prepare(home, state, watch, &receipt, writing: true)
        switch prepared {
        case .nothing(let state):
            if let state { try home.write(state) }
            receipt.exit = .success
        case .change(let candidate):
            let finish = Finish(home: home, report: report, watch: watch)
            try await finish.carryOut(candidate, from: state, journal: journal, &receipt)
        }
        try lock.check(home)
    }

    /// The plan of a roll; the prefix is not touched.
    func plan() async throws -> (prepared: Prepared, home: RollerHome) {
        var receipt = Receipt(id: rollID(now), started: now)
        guard let home = try RollerHome.open(prefix: request.prefix, creating: true) else {
            preconditionFailure("a home that is made where it is missing is there")
        }
        let lock = try Lock.take(home, for: receipt.id)
        let state = try home.state() ?? .untouched
        let prepared = try await prepare(home, state, Stopwatch(), &receipt, writing: false)
        try lock.check(home)
        return (prepared, home)
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
    }

    /// Fetches, decides and, when `writing`, stages.
    private func prepare(
        _ home: RollerHome, _ state: HostState, _ watch: Stopwatch, _ receipt: inout Receipt, writing: Bool
    ) async throws -> Prepared {
        guard let host = request.host ?? state.host else { throw RollError.noHost }
        let servers = request.servers.isEmpty ? state.servers : request.servers
        guard !servers.isEmpty else { throw RollError.noServer }
        receipt.host = host
        receipt.from = state.current
        receipt.to = state.current
        let client = try ServerClient(servers, host: host, caFile: request.caFile, report: report)
        let live = try home.liveGeneration()
        let known = live == state.current && state.host == host ? state.bundle : nil

        let fetching = watch.start()
        let answer = try await client.bundle(of: host, unless: known)
        watch.stop(.fetch, since: fetching)
        guard case .bundle(let bundle, let digest, let revision) = answer else {
            if case .unchanged(let revision) = answer { receipt.revision = revision }
            receipt.bundle = known
            report.step("fetch", "\(host) is as the repository says")
            return .nothing(remember: nil)
        }
        receipt.bundle = digest
        receipt.revision = revision
        receipt.release = bundle.release
        report.step("fetch", "\(host): \(bundle.release), bundle \(digest.short)")
        guard bundle.host == host else {
            throw RollError.bundle(url: servers[0], cause: WrongHost(asked: host, got: bundle.host))
        }
        if !request.retriesRejected, let why = try Rejections(home).reason(digest) {
            throw RollError.rejected(digest, why: why)
        }
        try Adoption(home: home, adopts: request.adopts).check(live: live, state: state, writing: writing)

        let preparation = Preparation(home: home, client: client, report: report, watch: watch)
        try await preparation.fetchPackages(of: bundle)
        let files = try preparation.render(bundle)
        let previous = try home.record(of: state.current)
        let next = state.highest.following
        let record = GenerationRecord(next, from: bundle, digest: digest, revision: revision, files: files)
        let explained = try preparation.explain(record, from: previous, id: receipt.id)
        var after = HostState(
            current: next, bundle: digest, revision: revision, host: host, servers: servers, highest: next)
        guard !explained.isEmpty || previous == nil else {
            // Other words, same tree and services: nothing moves, and the host agrees with the new bundle.
            after.current = state.current
            after.highest = state.highest
            if writing { try home.write(record.renumbered(state.current)) }
            report.step("plan", "the tree and its services stay as they are")
            return .nothing(remember: after)
        }
        receipt.paths = Receipt.PathCounts(explained.changes)
        if writing {
            let touched = Set(explained.plan.starting.map(\.name))
            try await preparation.stage(
                record, files: files, validating: record.services.filter { touched.contains($0.name) })
        }
        return .change(
            Candidate(explained: explained, record: record, previous: previous, files: files, state: after))
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
