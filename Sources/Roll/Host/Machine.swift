import RollerCore

/// The machine that is rolled: services, the tree at the prefix, and what the host remembers. It measures as it goes.
final class Machine: RollHost {
    private let home: RollerHome
    private let services: ServiceRunner
    private let health: HealthProbe
    private let tree: TreeSwitch
    /// What to remember once the roll is committed.
    private let committed: HostState
    /// Whether another process began this roll, and nobody knows what it did.
    private let isResuming: Bool
    /// Services that this process told to stop.
    private var asked: Set<ServiceName> = []
    /// Services that this process stopped and did not start again.
    private var down: Set<ServiceName> = []
    /// Services of the generation being left that will not stop, and still work.
    private var stuck: [ServiceName: Service] = [:]
    /// Whether services of the next generation may run.
    private var hasStarted: Bool
    /// Whether any service so far was a unit of systemd.
    private var hasUnits = false
    /// How long services were away.
    private(set) var downtime = Downtime()

    /// - Parameter resuming: Whether the roll was begun by another process, which did not end it.
    init(_ home: RollerHome, committing state: HostState, resuming: Bool) {
        self.home = home
        let commands = CommandRunner(home: home)
        health = HealthProbe(commands: commands)
        services = ServiceRunner(commands: commands, health: health)
        tree = TreeSwitch(home: home)
        committed = state
        isResuming = resuming
        hasStarted = resuming
    }

    func perform(_ effect: Effect) async -> RollState.Outcome {
        switch effect {
        case .stop(let list):
            hasUnits = hasUnits || list.contains(where: \.isUnit)
            asked.formUnion(list.map(\.name))
            for service in list { downtime.stopping(service.name) }
            let outcome = await services.stop(list, goingOn: hasStarted) {
                if hasStarted { stuck[$0.name] = $0 }
            } stopped: {
                down.insert($0)
            }
            if !list.isEmpty { downtime.stoppedLast() }
            return outcome
        case .makeLive(let generation):
            return attempt("make generation \(generation) live") { try tree.makeLive(generation) }
        case .start(let list):
            hasStarted = true
            if !list.isEmpty { downtime.startingFirst() }
            let outcome = await services.start(list, readsUnits: hasUnits)
            down.subtract(list.map(\.name))
            return outcome
        case .restore(let list): return await restore(list)
        case .check(let list):
            // Not before the services are up: until then a power cut gives the old tree, which is whole.
            let synced = attempt("bring the exchange to disk") { try tree.sync() }
            guard synced == .done else { return synced }
            return await health.waitUntilHealthy(list) { downtime.passed($0) }
        case .commit:
            return attempt("remember the roll") { try home.write(committed) }
        }
    }

    /// Has the services of the generation before run again.
    private func restore(_ list: [Service]) async -> RollState.Outcome {
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
        let outcome = await services.start(touched, mayRun: mayRun, readsUnits: hasUnits)
        down.subtract(touched.map(\.name))
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

/// How long services were away in one roll, by a clock that nobody sets.
struct Downtime {
    private let clock = ContinuousClock()
    private var stops: [ServiceName: ContinuousClock.Instant] = [:]
    private var lastStop: ContinuousClock.Instant?
    /// From the beginning of each service's stop to the first time it passed its checks.
    private(set) var services: [ServiceName: Duration] = [:]
    /// From the end of the last stop to the beginning of the first start: what Roller itself adds.
    private(set) var betweenStopAndStart: Duration?

    mutating func stopping(_ service: ServiceName) {
        if stops[service] == nil { stops[service] = clock.now }
    }

    mutating func stoppedLast() { lastStop = clock.now }

    mutating func startingFirst() {
        if let lastStop, betweenStopAndStart == nil { betweenStopAndStart = lastStop.duration(to: clock.now) }
    }

    mutating func passed(_ service: ServiceName) {
        if let stop = stops[service] { services[service] = stop.duration(to: clock.now) }
    }
}
