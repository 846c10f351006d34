import RollerCore

/// How long services were away in one roll, by a clock that nobody sets.
struct Downtime {
    /// What each may be away for; nil where nobody says.
    let budget: Duration?
    /// For a service to come up where its stop alone used up the budget: to go back then would double the time.
    static let grace = Duration.seconds(1)

    private let clock = ContinuousClock()
    private var stops: [ServiceName: ContinuousClock.Instant] = [:]
    private var lastStop: ContinuousClock.Instant?
    /// From the beginning of each service's stop to the first time it passed its checks.
    private(set) var services: [ServiceName: Duration] = [:]
    /// From the end of the last stop to the beginning of the first start: what Roller itself adds.
    private(set) var betweenStopAndStart: Duration?

    init(budget: Duration? = nil) { self.budget = budget }

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

    /// When the service has to be up again, if that is for Roller to see to.
    func budgetEnd(of service: ServiceName) -> ContinuousClock.Instant? {
        guard let budget, let stop = stops[service] else { return nil }
        return max(stop + budget, clock.now + Self.grace)
    }

    /// Services that were away for longer than the budget allows, the longest first.
    var overBudget: [(service: ServiceName, time: Duration)] {
        guard let budget else { return [] }
        return services.filter { $0.value > budget }.sorted { $0.value > $1.value }.map { ($0.key, $0.value) }
    }
}
