import RollerCore

/// Starts and stops services, by systemd or by their argument lists. Each call names a state to reach: a service that is
/// there already is left alone.
struct ServiceRunner {
    let commands: CommandRunner
    let health: HealthProbe
    /// Where to keep what a service said that would not do as it was told.
    var log: ServiceLog?

    /// How long systemd may take for one unit; its own timeouts are shorter.
    private static let unitLimit = Duration.seconds(120)

    /// Stops services in the order given.
    /// - Parameters:
    ///   - goingOn: Whether the others stop all the same when one will not; else the first such ends it.
    ///   - stuck: Told of each service that will not stop and still works.
    ///   - stopped: Told of each service that is down.
    func stop(
        _ services: [Service], goingOn: Bool, stuck: (Service) -> Void = { _ in }, stopped: (ServiceName) -> Void
    ) async -> RollState.Outcome {
        var outcome = RollState.Outcome.done
        for service in services {
            if case .failed(let why) = await stop(service) {
                // One that does not run any more has nothing to stop, and must not veto its own cure.
                let runs = service.checks.isEmpty ? nil : await health.passes(service)
                if runs != false {
                    if runs == true { stuck(service) }
                    await log?.note(service, "stop", why)
                    if outcome == .done { outcome = .failed("cannot stop '\(service.name)': \(why)") }
                    guard goingOn else { return outcome }
                    continue
                }
            }
            stopped(service.name)
        }
        return outcome
    }

    /// Starts services in the order given. The first that will not start ends it.
    /// - Parameters:
    ///   - mayRun: Which of them may be running: after a crash nobody knows. One that passes its checks is left.
    ///   - readsUnits: Whether systemd has to read its units anew though none of these is one: one may be gone.
    func start(
        _ services: [Service], mayRun: Set<ServiceName> = [], readsUnits: Bool = false
    ) async -> RollState.Outcome {
        if readsUnits || services.contains(where: \.isUnit), case .failed(let why) = await reloadUnits() {
            return .failed("cannot make systemd read its units: \(why)")
        }
        for service in services {
            if mayRun.contains(service.name) {
                if !service.checks.isEmpty, await health.passes(service) { continue }
                _ = await stop(service)  // half a service is in the way of a whole one; it may well not run at all
            }
            if case .failed(let why) = await start(service) {
                await log?.note(service, "start", why)
                return .failed("cannot start '\(service.name)': \(why)")
            }
        }
        return .done
    }

    /// Has a service read its files anew.
    func reload(_ service: Service) async -> CommandRunner.Outcome {
        switch service.supervisor {
        case .systemd(let unit): await systemctl("reload", unit, service, as: "reload")
        case .commands(_, _, let reload?, let timeout):
            await commands.run(reload, purpose: "\(service.name)-reload", limit: timeout.duration)
        case .commands(_, _, nil, _): .failed("it has no command for that")
        }
    }

    private func start(_ service: Service) async -> CommandRunner.Outcome {
        switch service.supervisor {
        // Not "start": what a socket, a timer or a person started since the stop runs from the tree before, and would stay.
        case .systemd(let unit): await systemctl("restart", unit, service, as: "start")
        case .commands(let start, _, _, let timeout):
            await commands.run(start, purpose: "\(service.name)-start", limit: timeout.duration)
        }
    }

    private func stop(_ service: Service) async -> CommandRunner.Outcome {
        switch service.supervisor {
        case .systemd(let unit): await systemctl("stop", unit, service, as: "stop")
        case .commands(_, let stop, _, let timeout):
            switch await commands.run(stop, purpose: "\(service.name)-stop", limit: timeout.duration) {
            case .succeeded where await health.stillAnswers(service):
                .failed("'\(stop.first ?? "")' succeeded, and the service still answers its checks")
            case let outcome: outcome
            }
        }
    }

    private func systemctl(
        _ verb: String, _ unit: String, _ service: Service, as purpose: String
    ) async -> CommandRunner.Outcome {
        await commands.run(
            ["systemctl", "--no-ask-password", verb, unit], purpose: "\(service.name)-\(purpose)",
            limit: Self.unitLimit)
    }

    private func reloadUnits() async -> CommandRunner.Outcome {
        await commands.run(
            ["systemctl", "--no-ask-password", "daemon-reload"], purpose: "daemon-reload", limit: Self.unitLimit)
    }
}

extension Service {
    /// Whether systemd runs it.
    var isUnit: Bool {
        if case .systemd = supervisor { true } else { false }
    }
}
