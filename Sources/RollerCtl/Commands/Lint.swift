import ArgumentParser
import RollerCore

/// Finds everything wrong with the repository.
struct Lint: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds everything wrong with the repository: of every host, class and release in use.",
        discussion: """
            Reads the work tree as it stands, edits not yet committed included, or a commit with --at. Asks no \
            server. Every host is resolved and its templates are rendered, at the release that it names. Exit status \
            1 when there is an error; warnings are about what is not released yet.
            """)

    /// How findings are shown.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var repository: RepositoryOptions
    @Option(help: ArgumentHelp("Check this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: "How findings are shown.")
    var format: Format = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try repository.snapshot(at: at)
        let findings = (snapshot.lint() + lockFindings(in: snapshot)).sortedForReading()
        let report = FindingsReport(
            findings: findings, texts: try repository.texts(for: findings, at: snapshot.revision))
        switch format {
        case .text: try surroundings.console.print(report)
        case .json: try surroundings.console.print(report.json)
        }
        surroundings.console.note(report.summary(hosts: snapshot.hostCount))
        return findings.hasErrors ? .found : .fine
    }

    /// What would stand in the way of a release. No host gets a class before that, so these are warnings.
    private func lockFindings(in snapshot: Snapshot) -> [Diagnostic] {
        snapshot.repo.hostclasses.values.flatMap { tree in
            tree.lockFindings(for: snapshot.platforms(of: tree.hostclass.name), severity: .warning)
        }
    }
}

extension Snapshot {
    /// How many hosts there are, with those whose files cannot be read.
    fileprivate var hostCount: Int {
        let unreadable = findings.map(\.location.file).filter { $0.hasPrefix("hosts/") && $0.hasSuffix(".yml") }
        return Set(repo.hosts.keys.map { "hosts/\($0).yml" }).union(unreadable).count
    }
}
