import ArgumentParser
import OrderedCollections
import RollerCore

/// Shows who speaks of a setting, a package, a file or a person.
struct Where: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows every place that has to do with a setting, package, file, user or group.",
        discussion: """
            Looks at the state and at each release in use: who declares, requires, sets and reads a setting, which \
            classes pin a package or bring a file, which classes let somebody in. A place that counts no hosts is a \
            class as it stands, which hosts get with its next release.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "A setting, a package, a path below the prefix or of the repository, a login name, a group.")
    var name: String
    @Option(help: ArgumentHelp("Look at this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: "How the places are shown.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try await repository.snapshot(at: at)
        let found = snapshot.whereabouts(of: name.belowThePrefix)
        guard !found.isEmpty else {
            throw UnknownName("setting, package, file, user or group", name, among: snapshot.searchableNames)
        }
        switch format {
        case .text: try surroundings.console.print(found.map(text).joined(separator: "\n"))
        case .json: try surroundings.console.print(Value.map(["found": .list(found.map(\.value))]).prettyJSON)
        }
        return .fine
    }

    private func text(_ found: Whereabouts) -> String {
        "\(found.kind.rawValue) \(found.name)\n"
            + columns(
                found.mentions.map { mention in
                    let hosts = mention.hosts.map { counted($0, "host") }
                    let rest = [mention.detail, hosts].compactMap { $0 }.joined(separator: ", ")
                    return [mention.role.rawValue, "\(mention.location)"] + (rest.isEmpty ? [] : [rest])
                }
            ).withoutControls
    }
}
