import ArgumentParser
import RollerCore

/// Waits until a release has arrived.
struct WaitCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits until every host of a class that is to be on a release is, and is healthy.",
        discussion: """
            The hosts are those that the newest commit puts on the release. Ends with 0 once each of them said to stand \
            healthy on exactly what the server would give it now; with 1 when time is up, after saying who did not. A \
            server that is away for a while is asked again.
            """)

    @OptionGroup var connection: ServerOptions
    @Option(help: ArgumentHelp("The config server.", valueName: "url"))
    var server: String
    @Option(
        name: .customLong("class"), help: ArgumentHelp("The class.", valueName: "class"),
        transform: validated)
    var hostclass: HostclassName
    @Option(
        help: ArgumentHelp("The release: what follows the @ of its tag, or the whole of it.", valueName: "release"))
    var release: String
    @Option(
        name: .customLong("in"), help: ArgumentHelp("Hosts of this datacenter alone.", valueName: "datacenter"),
        transform: validated)
    var datacenter: DatacenterName?
    @Option(
        help: ArgumentHelp("How long to wait, as in 10m.", valueName: "time"),
        transform: validated)
    var timeout: TimeSpan = .seconds(600)
    @Option(
        help: ArgumentHelp("How often to ask, as in 2s.", valueName: "time"),
        transform: validated)
    var interval: TimeSpan = .seconds(2)

    func validate() throws {
        guard interval.duration >= .milliseconds(100) else { throw ValidationError("--interval is 100ms or more") }
        _ = try reference
    }

    /// The release with its class.
    private var reference: ReleaseReference {
        get throws {
            guard let reference = ReleaseReference(release.contains("@") ? release : "\(hostclass)@\(release)") else {
                throw ValidationError("'\(release)' is no release; use \(ReleaseReference.rule)")
            }
            guard reference.hostclass == hostclass else {
                throw ValidationError("'\(release)' is no release of \(hostclass)")
            }
            return reference
        }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let server = try FleetServer(server, connection, in: surroundings)
        let release = try reference
        var question = FleetServer.Question(hostclass: hostclass, datacenter: datacenter, release: release)
        question.buckets.remove(.converged)
        let end = surroundings.now() + Int64((timeout.duration / .seconds(1)).rounded(.up))
        let progress = ProgressLine(of: "\(release)", on: surroundings.console)
        defer { progress.clear() }
        var last: FleetOverview?
        var trouble: ServerError?
        repeat {
            do {
                let report = try await server.report(question)
                (last, trouble) = (report, nil)
                if report.buckets.isConverged {
                    progress.clear()
                    surroundings.console.note(
                        "\(release): all \(report.buckets.total) hosts have it and are healthy, at \(report.revision.short)"
                    )
                    return .fine
                }
                progress.show { FleetText(report, now: Int(surroundings.now())).line }
            } catch let error as ServerError where error.isPassing {
                trouble = error
                progress.show { error.message }
            }
            guard surroundings.now() < end else { break }
            try await surroundings.sleep(interval.duration)
        } while true
        progress.clear()
        return try tell(last, trouble, release, surroundings)
    }

    private func tell(
        _ last: FleetOverview?, _ trouble: ServerError?, _ release: ReleaseReference, _ surroundings: Surroundings
    ) throws -> RunStatus {
        let console = surroundings.console
        if let trouble { console.warn("at the end the server did not answer: \(explain(trouble))") }
        guard let last else { return .found }
        if last.buckets.total == 0 {
            let place = datacenter.map { " in \($0)" } ?? ""
            console.warn(
                "no host\(place) is to be on \(release) at \(last.revision.short); `rollerctl pin` puts hosts on it")
        }
        try console.print(FleetText(last, now: Int(surroundings.now()), paint: console.fleetPaint).text)
        console.note("time is up after \(timeout)")
        return .found
    }
}
