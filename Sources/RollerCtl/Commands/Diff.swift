import ArgumentParser
import ConfigSource
import OrderedCollections
import RollerCore

/// Shows what differs: between two states of the repository, two hosts, or two releases of a class.
struct Diff: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what a change does to hosts: settings, packages, services, access, and rendered files.",
        usage: """
            rollerctl diff [<options>]
            rollerctl diff [<options>] <rev>[..<rev>]
            rollerctl diff [<options>] [--at <rev>] <host> <host>
            rollerctl diff [<options>] <class>@<release> <class>@<release>
            """,
        discussion: """
            Without arguments, what the work tree makes of the last commit; with one revision, what it makes of that. \
            Hosts with the same diff are shown once. Exit status: 0 nothing differs, 1 something does, 2 it could not \
            be told.
            """)

    /// How differences are shown.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "A range, two hosts, or two releases.")
    var what: [String] = []
    @Option(help: ArgumentHelp("Compare hosts at this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: "How differences are shown.")
    var format: Format = .text
    @Flag(help: "Leave out the contents of files.")
    var stat = false

    /// What the arguments ask for.
    private enum Subject {
        case range(RevisionRange)
        case hosts(HostName, HostName)
        case releases(ReleaseReference, ReleaseReference)
    }

    func validate() throws {
        let subject = try subject()
        if at != nil {
            guard case .hosts = subject else { throw ValidationError("--at goes with two hosts") }
        }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let report: DiffReport =
            switch try subject() {
            case .range(let range):
                try await surroundings.console.watching("comparing every host") {
                    try await .between(range, of: repository)
                }
            case .hosts(let one, let other): try await .between(one, other, at: at, of: repository)
            case .releases(let one, let other): try .between(one, other, of: repository)
            }
        let details: DiffDetails = stat ? .stat : .full
        switch format {
        case .text: try surroundings.console.print(report.text(details))
        case .json:
            try surroundings.console.print(String(decoding: report.value(details).json(pretty: true), as: UTF8.self))
        }
        surroundings.console.note(report.summary)
        return report.isEmpty ? .fine : .found
    }

    private func subject() throws -> Subject {
        switch what.count {
        case 0: return .range(.uncommitted)
        case 1:
            guard let range = RevisionRange(argument: what[0]) else {
                throw ValidationError("'\(what[0])' is no range: write A..B, or A for what the work tree makes of it")
            }
            return .range(range)
        case 2:
            if let one = ReleaseReference(what[0]), let other = ReleaseReference(what[1]) {
                return .releases(one, other)
            }
            if let one = HostName(what[0]), let other = HostName(what[1]) { return .hosts(one, other) }
            throw ValidationError("'\(what[0])' and '\(what[1])' are neither two hosts nor two releases")
        default: throw ValidationError("name a range, two hosts, or two releases")
        }
    }
}
