import LinuxSystem
import RollerCore
import Synchronization
import Transfer

/// Asks services whether they work.
struct HealthProbe {
    let commands: CommandRunner

    /// Between two questions to one service.
    private static let pause = Duration.milliseconds(20)
    /// For a service whose stop has ended to be gone.
    private static let farewell = Duration.milliseconds(500)
    /// For one answer, where the class allows for no more.
    private static let patience = Duration.seconds(2)

    /// Waits until every check of every service passes.
    /// - Parameters:
    ///   - budgetEnd: When a service has to be up again at the latest, whatever its checks allow.
    ///   - passed: Told of each service as it passes the last of its checks.
    ///   - failed: Told of the one that did not.
    /// - Returns: Why the first service is not healthy, when its checks' time ran out.
    func waitUntilHealthy(
        _ services: [Service], budgetEnd: (ServiceName) -> ContinuousClock.Instant? = { _ in nil },
        failed: (Service) -> Void = { _ in }, passed: (ServiceName) -> Void
    ) async -> RollState.Outcome {
        for service in services {
            let budgetEnd = budgetEnd(service.name)
            for check in service.checks {
                if let why = await wait(for: check, of: service, budgetEnd: budgetEnd) {
                    failed(service)
                    return .failed("'\(service.name)' is not healthy: \(why)")
                }
            }
            passed(service.name)
        }
        return .done
    }

    /// Whether the service passes all its checks at this moment.
    func passes(_ service: Service) async -> Bool {
        for check in service.checks where await ask(check.probe, of: service, within: Self.patience) != nil {
            return false
        }
        return true
    }

    /// Which of the services pass all their checks at this moment, of those that have any. All are asked at once.
    func health(of services: [Service]) async -> [ServiceName: Bool] {
        await withTaskGroup(of: (ServiceName, Bool).self) { group in
            for service in services where !service.checks.isEmpty {
                group.addTask { (service.name, await passes(service)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Whether a service that was stopped answers over the network as if it were not. One on its way out is given a moment.
    func stillAnswers(_ service: Service) async -> Bool {
        let probes = service.checks.map(\.probe).filter { if case .run = $0 { false } else { true } }
        guard !probes.isEmpty else { return false }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.farewell
        while true {
            for probe in probes where await ask(probe, of: service, within: Self.patience) != nil { return false }
            guard clock.now < deadline else { return true }
            try? await Task.sleep(for: Self.pause)  // cancelled means ask at once; the deadline still holds
        }
    }

    /// Asks until the check passes or its time is over.
    /// - Returns: Nil when it passed; else the last answer to a question that was not cut short by the end of the time:
    ///   it tells more than "it did not end within 50 ms".
    private func wait(
        for check: HealthCheck, of service: Service, budgetEnd: ContinuousClock.Instant?
    ) async -> String? {
        let clock = ContinuousClock()
        let own = clock.now + check.within.duration
        let deadline = budgetEnd.map { min($0, own) } ?? own
        let end = deadline < own ? "when the downtime budget was used up" : "\(check.within) after its start"
        // A slow answer may be the first of a service that warms up; one that never comes leaves time to ask again.
        let patience = max(Self.patience, check.within.duration / 2)
        var said: String?
        while true {
            let left = clock.now.duration(to: deadline)
            let limit = max(.milliseconds(50), min(patience, left))
            guard let why = await ask(check.probe, of: service, within: limit) else { return nil }
            let last = left < patience ? said ?? why : why
            said = last
            guard clock.now + Self.pause < deadline else { return "\(last), \(end)" }
            try? await Task.sleep(for: Self.pause)  // cancelled means ask at once; the deadline still holds
        }
    }

    /// - Returns: Nil for a pass; else what was found.
    private func ask(_ probe: HealthCheck.Probe, of service: Service, within limit: Duration) async -> String? {
        switch probe {
        case .http(let url): await get(url, within: limit)
        case .tcp(let address): await connect(address, within: limit)
        case .run(let words):
            switch await commands.run(words, purpose: "\(service.name)-check", limit: limit, grace: .milliseconds(100))
            {
            case .succeeded: nil
            case .failed(let why): why
            }
        }
    }

    private func get(_ url: String, within limit: Duration) async -> String? {
        do {
            var limits = TransferLimits()
            limits.maxBodyBytes = 1 << 20
            limits.connect = limit
            limits.total = limit
            let client = try HTTPClient(options: TransferOptions(limits: limits, proxy: .direct, userAgent: "roll"))
            let response = try await client.send(HTTPRequest(url: url))
            return response.isSuccess ? nil : "\(url) answered \(response.status)"
        } catch {
            return "\(url) did not answer: \(error.message)"
        }
    }

    private func connect(_ address: String, within limit: Duration) async -> String? {
        let parts = address.split(separator: ":")
        guard let last = parts.last, let port = UInt16(last) else { return "'\(address)' names no port" }
        let host = address.dropLast(last.count + 1)
        do {
            try TCP.connect(host: host.filter { $0 != "[" && $0 != "]" }, port: port, within: limit)
            return nil
        } catch {
            return error.message
        }
    }
}
