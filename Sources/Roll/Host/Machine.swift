import LinuxSystem
import RollerCore

/// The machine that is rolled: services, the tree at the prefix, and what the host remembers. It measures as it goes.
final class Machine: RollHost {
    private let home: RollerHome
    private let services: ServiceRunner
    private let health: HealthProbe
    private let tree: TreeSwitch
    private let units: BootUnits
    /// What to remember once the roll is committed.
    private let committed: HostState
    private let terms: RollTerms
    /// Whether another process began this roll, and nobody knows what it did.
    private let isResuming: Bool
    /// Services that this process told to stop.
    private(set) var asked: Set<ServiceName> = []
    /// Services that this process stopped and did not start again.
    private var down: Set<ServiceName> = []
    /// Services of the generation being left that will not stop, and still work.
    private var stuck: [ServiceName: Service] = [:]
    /// Services that this process told to read their files anew.
    private var reloaded: Set<ServiceName> = []
    /// Why those of them were restarted instead which would not.
    private(set) var unreloaded: [ServiceName: String] = [:]
    /// Whether this process may have changed which units start at boot.
    private var hasEnabled = false
    private var hasDisabled = false
    /// Whether services of the next generation may run.
    private var hasStarted: Bool
    /// Whether nothing has gone wrong yet and the trees are as they were: then, and only then, the roll can be ended.
    private var canBeEnded: Bool
    /// Whether the generation before is to be live again.
    private var isGoingBack: Bool
    /// Whether any service so far was a unit of systemd.
    private var hasUnits = false
    /// How long services were away.
    private(set) var downtime: Downtime
    /// What services said that something went wrong with.
    let log: ServiceLog

    /// - Parameter resuming: Whether the roll was begun by another process, which did not end it.
    init(_ home: RollerHome, committing state: HostState, resuming: Bool, terms: RollTerms = RollTerms()) {
        self.home = home
        let commands = CommandRunner(home: home)
        health = HealthProbe(commands: commands)
        log = ServiceLog(commands, since: secondsSince1970())
        services = ServiceRunner(commands: commands, health: health, log: log)
        tree = TreeSwitch(home: home)
        units = BootUnits(home: home, commands: commands)
        committed = state
        self.terms = terms
        downtime = Downtime(budget: terms.budget)
        isResuming = resuming
        hasStarted = resuming
        isGoingBack = resuming
        canBeEnded = !resuming
    }

    func perform(_ effect: Effect) async -> RollState.Outcome {
        switch effect {
        case .stop(let list): await stop(list)
        case .makeLive(let generation): makeLive(generation)
        case .start(let list, let reloading): await start(list, reloading)
        case .restore(let list, let reloading): await restore(list, reloading)
        case .check(let list): await check(list)
        case .commit: await commit()
        }
    }

    private func stop(_ list: [Service]) async -> RollState.Outcome {
        if hasStarted {
            isGoingBack = true
            // While systemd still knows them. A link that stays leads nowhere, which systemd passes over.
            if hasEnabled || isResuming { _ = await units.disable(terms.enabling) }
        }
        if canBeEnded, !terms.disabling.isEmpty {
            if let why = endRequest() { return .interrupted(why) }
            hasDisabled = true
            if case .failed(let why) = await units.disable(terms.disabling) {
                canBeEnded = false
                return .failed("cannot keep \(terms.disabling.joined(separator: ", ")) from starting at boot: \(why)")
            }
        }
        var outcome = RollState.Outcome.done
        for service in list {
            if let why = endRequest() { return .interrupted(why) }
            hasUnits = hasUnits || service.unit != nil
            asked.insert(service.name)
            if !terms.ill.contains(service.name) { downtime.stopping(service.name) }
            let one = await services.stop([service], goingOn: hasStarted) {
                if hasStarted { stuck[$0.name] = $0 }
            } stopped: {
                down.insert($0)
            }
            if outcome == .done { outcome = one }
            if outcome != .done, !hasStarted { break }
        }
        if !list.isEmpty { downtime.stoppedLast() }
        if outcome != .done { canBeEnded = false }
        return outcome
    }

    private func endRequest() -> String? {
        guard canBeEnded, let why = terms.endRequest() else { return nil }
        canBeEnded = false
        return why
    }

    private func makeLive(_ generation: Generation) -> RollState.Outcome {
        if let why = endRequest() { return .interrupted(why) }
        canBeEnded = false
        return attempt("make generation \(generation) live") { try tree.makeLive(generation) }
    }

    private func start(_ list: [Service], _ reloading: [Service]) async -> RollState.Outcome {
        hasStarted = true
        if !list.isEmpty { downtime.startingFirst() }
        let outcome = await services.start(list, readsUnits: hasUnits)
        down.subtract(list.map(\.name))
        return outcome == .done ? await reload(reloading) : outcome
    }

    /// Has services read their files anew; one that will not is restarted.
    private func reload(_ list: [Service]) async -> RollState.Outcome {
        for service in list {
            reloaded.insert(service.name)
            if unreloaded[service.name] == nil {
                guard case .failed(let why) = await services.reload(service) else { continue }
                unreloaded[service.name] = why
            }
            if !terms.ill.contains(service.name) { downtime.stopping(service.name) }
            _ = await services.stop([service], goingOn: true) { _ in }  // it may well not run at all
            let outcome = await services.start([service])
            guard outcome == .done else { return outcome }
        }
        return .done
    }

    private func check(_ list: [Service]) async -> RollState.Outcome {
        // Not before the services are up: until then a power cut gives the old tree, which is whole.
        let synced = attempt("bring the exchange to disk") { try tree.sync() }
        guard synced == .done else { return synced }
        var failed: Service?
        let outcome = await health.waitUntilHealthy(list) {
            isGoingBack ? nil : downtime.budgetEnd(of: $0)
        } failed: {
            failed = $0
        } passed: {
            downtime.passed($0)
        }
        guard let failed, case .failed(let why) = outcome else { return outcome }
        await log.note(failed, "start", why)
        guard terms.ill.contains(failed.name) else { return outcome }
        return .failed("\(why); it was not before this roll either")
    }

    private func commit() async -> RollState.Outcome {
        hasEnabled = true
        if case .failed(let why) = await units.enable(terms.enabling) {
            return .failed("cannot have \(terms.enabling.joined(separator: ", ")) start at boot: \(why)")
        }
        return attempt("remember the roll") { try home.write(committed) }
    }

    /// Has the services of the generation before run again.
    private func restore(_ list: [Service], _ reloading: [Service]) async -> RollState.Outcome {
        isGoingBack = true
        // What would not stop is asked once more. It answers like the old service, and is none.
        var complaint: String?
        for service in stuck.values.sorted(by: { $0.name < $1.name }) {
            let outcome = await services.stop([service], goingOn: true) {
                down.insert($0)
                stuck[$0] = nil
            }
            if case .failed(let why) = outcome, complaint == nil { complaint = why }
        }
        // What nobody told to stop runs as it did.
        let touched = list.filter { stuck[$0.name] == nil && (isResuming || asked.contains($0.name)) }
        let mayRun = Set(touched.map(\.name)).subtracting(down)
        var outcome = await services.start(touched, mayRun: mayRun, readsUnits: hasUnits)
        down.subtract(touched.map(\.name))
        if outcome == .done {
            outcome = await reload(reloading.filter { isResuming || reloaded.contains($0.name) })
        }
        if hasDisabled || isResuming, case .failed(let why) = await units.enable(terms.disabling), complaint == nil {
            complaint = "cannot have \(terms.disabling.joined(separator: ", ")) start at boot again: \(why)"
        }
        if outcome == .done, let complaint { return .failed("of the generation left behind: \(complaint)") }
        return outcome
    }

    private func attempt(_ what: String, _ work: () throws -> Void) -> RollState.Outcome {
        do {
            try work()
            return .done
        } catch {
            return .failed("cannot \(what): \(explain(error))")
        }
    }
}
