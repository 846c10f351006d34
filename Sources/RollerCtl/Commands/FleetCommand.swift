import ArgumentParser
import RollerCore

/// Shows how the hosts are doing.
struct FleetCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Shows how the hosts are doing, from what they said of their rolls.",
        discussion: """
            Every host is in one bucket: inconsistent, failed, rolled-back, silent, held, behind, unknown or converged. \
            Converged is who said to stand healthy on exactly the bundle that the server would give it now. The \
            hosts that are not are listed. Ends with 1 where one is inconsistent, failed, rolled back or silent.
            """)

    @OptionGroup var connection: ServerOptions
    @Option(help: ArgumentHelp("The config server.", valueName: "url"))
    var server: String
    @Option(
        name: .customLong("class"), help: ArgumentHelp("Hosts of this class alone.", valueName: "class"),
        transform: validated)
    var hostclass: HostclassName?
    @Option(
        name: .customLong("in"), help: ArgumentHelp("Hosts of this datacenter alone.", valueName: "datacenter"),
        transform: validated)
    var datacenter: DatacenterName?
    @Option(
        help: ArgumentHelp("Hosts that are to be on this release alone.", valueName: "release"),
        transform: validated)
    var release: ReleaseReference?
    @Option(help: ArgumentHelp("List so many hosts at most.", valueName: "n"))
    var limit = 20
    @Option(help: "How it is shown.")
    var format: ListFormat = .text

    func validate() throws {
        guard (0...10_000).contains(limit) else { throw ValidationError("--limit is a number from 0 to 10000") }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let console = surroundings.console
        var question = FleetServer.Question(
            hostclass: hostclass, datacenter: datacenter, release: release, limit: limit)
        question.buckets.remove(.converged)
        let report = try await FleetServer(server, connection, in: surroundings).report(question)
        if format == .json {
            try console.print(report.asValue.prettyJSON)
        } else {
            try console.print(FleetText(report, now: Int(surroundings.now()), paint: console.fleetPaint).text)
        }
        let needed = FleetBucket.allCases.filter(\.wantsAttention).map { report.buckets[$0] }.reduce(0, +)
        return needed == 0 ? .fine : .found
    }
}
