import ArgumentParser
import RollerCore

/// Counts what a change does to the fleet.
struct ImpactCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact",
        abstract: "Counts what a change does: hosts, datacenters, classes, restarts, access, downloads.",
        discussion: """
            The number of hosts is exact: those whose bundle is another. It is the number for the Roller-Hosts trailer. \
            Without an argument, what the work tree makes of the last commit.
            """)

    /// How it is shown.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: ArgumentHelp("A..B, or A for what the work tree makes of it.", valueName: "range"))
    var range: RevisionRange = .uncommitted
    @Option(help: "How it is shown.")
    var format: Format = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let impact = try await surroundings.console.watching("comparing every host") {
            try await StatePair.read(range, of: repository).impact(of: repository.git)
        }
        switch format {
        case .text: try surroundings.console.print(impact.text)
        case .json: try surroundings.console.print(String(decoding: impact.value.json(pretty: true), as: UTF8.self))
        }
        if impact.changed > 0 { surroundings.console.note("\(HostsTrailer.key): \(impact.changed)") }
        return .fine
    }
}
