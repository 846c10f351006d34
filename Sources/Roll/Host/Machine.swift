import RollerCore

/// The machine that is rolled: services, the tree at the prefix, and what the host remembers. It measures as it goes.
final class Machine: RollHost {
    private let home: RollerHome
    private let services: ServiceRunner
    private let health: HealthProbe
    private let tree: TreeSwitch
    /// What to remember once the roll is committed.
    private let committed: HostState
    /// Services that this process stopped and did not start again.
    private var down: Set<ServiceName> = []
    /// How long services were away.
    private(set) var downtime = Downtime()

    init(_ home: RollerHome, committing state: HostState) {
        self.home = home
        let commands = CommandRunner(home: home)
        health = HealthProbe(commands: commands)
        services = ServiceRunner(commands: commands, health: health)
        tree = TreeSwitch(home: home)
        committed = state
    }

    func perform(_ effect: Effect) async -> RollState.Outcome {
        switch effect {
        case .stop(let list):
            for service in list { downtime.stopping(service.name) }
            let outcome = await services.stop(list) { down.insert($0) }
            if !list.isEmpty { downtime.stoppedLast() }
            return outcome
        case .makeLive(let generation):
            return attempt("make generation \(generation) live") { try tree.makeLive(generation) }
        case .start(let list):
            if !list.isEmpty { downtime.startingFirst() }
            let outcome = await services.start(list)
            down.subtract(list.map(\.name))
            return outcome
        case .restore(let list):
            let mayRun = Set(list.map(\.name)).subtracting(down)
            let outcome = await services.start(list, mayRun: mayRun)
            down.subtract(list.map(\.name))
            return outcome
        case .check(let list):
            // Not before the services are up: until then a power cut gives the old tree, which is whole.
            let synced = attempt("bring the exchange to disk") { try tree.sync() }
            guard synced == .done else { return synced }
            return await health.waitUntilHealthy(list) { downtime.passed($0) }
        case .commit:
            return attempt("remember the roll") { try home.write(committed) }
        }
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
