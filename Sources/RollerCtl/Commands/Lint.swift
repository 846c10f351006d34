import ArgumentParser
import ConfigSource
import RollerCore

/// Finds everything wrong with the repository.
struct Lint: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds everything wrong with the repository: of every host, class and release in use.",
        discussion: """
            Reads the work tree as it stands, edits not yet committed included, or a commit with --at. Every host is \
            resolved and its templates are rendered, at the release that it names. Errors are what would stop some \
            host's roll; warnings are what would stop the next release, or is likely a mistake; notes are what is there \
            and does nothing. `rollerctl explain CODE` tells more.

            No server is asked without --server. What packages bring is known from it or with --manifests; without \
            either, only conflicts within the repository are found. Where servers share a bucket, it is an error if a             package has not arrived in a datacenter whose hosts would get it.

            Exit status: 0 no errors, 1 errors (with --strict: or warnings), 2 could not look.
            """)

    /// The least that is shown.
    enum Least: String, CaseIterable, ExpressibleByArgument {
        case note, warning, error

        var severity: Severity {
            switch self {
            case .note: .note
            case .warning: .warning
            case .error: .error
            }
        }
    }

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var connection: ServerOptions
    @Option(help: ArgumentHelp("Check this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: ArgumentHelp("Say only what B brings that A had not.", valueName: "A..B"))
    var range: RevisionRange?
    @Option(help: "How findings are shown.")
    var format: FindingsFormat = .text
    @Option(help: "Show no less than this. (default: warning in text, note elsewhere)")
    var minSeverity: Least?
    @Flag(help: "Let warnings fail too.")
    var strict = false
    @Option(help: ArgumentHelp("Check paths with the manifests in this directory.", valueName: "dir"))
    var manifests: String?
    @Option(help: ArgumentHelp("Check paths with the manifests of this config server.", valueName: "url"))
    var server: String?

    func validate() throws {
        guard manifests == nil || server == nil else { throw ValidationError("say --manifests or --server, not both") }
        guard range != nil else { return }
        guard at == nil else { throw ValidationError("--at and --range do not go together") }
        guard manifests == nil, server == nil else {
            throw ValidationError("--range looks at the repository alone; check paths with --at and --manifests")
        }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        if let range { return try await run(range, of: repository, surroundings.console) }
        let (snapshot, findings) = try await surroundings.console.watching("checking every host") {
            let snapshot = try await repository.snapshot(at: at)
            let findings = try await allFindings(in: snapshot, of: repository, surroundings)
            return (snapshot, findings.eachOnce().sortedForReading())
        }
        let shown = findings.filter { $0.isShown(from: leastShown) }
        let report = try report(on: shown, of: repository, at: snapshot)
        try surroundings.console.print(report, as: format)
        let hidden = findings.filter { !$0.isShown(from: leastShown) }
        surroundings.console.note(report.summary(hosts: snapshot.hostCount) + notShown(hidden))
        return isFailure(findings) ? .found : .fine
    }

    func isFailure(_ findings: [Diagnostic]) -> Bool {
        findings.contains { $0.severity >= (strict ? .warning : .error) }
    }

    /// "; not shown: 2 notes (--min-severity note)".
    private func notShown(_ hidden: [Diagnostic]) -> String {
        guard let least = hidden.map(\.severity).min() else { return "" }
        let counts = FindingsReport(findings: hidden, texts: [:]).counts
        return "; not shown: \(counts) (--min-severity \(least))"
    }

    var leastShown: Severity { minSeverity?.severity ?? (format == .text ? .warning : .note) }

    private func report(
        on findings: [Diagnostic], of repository: borrowing ConfigRepository, at snapshot: Snapshot
    ) throws -> FindingsReport {
        FindingsReport(findings: findings, texts: try repository.texts(for: findings, at: snapshot.revision))
    }

    private func allFindings(
        in snapshot: Snapshot, of repository: borrowing ConfigRepository, _ surroundings: Surroundings
    ) async throws -> [Diagnostic] {
        var findings = snapshot.lintClasses()
        findings += await hostFindings(in: snapshot)
        if let source = try manifestSource(surroundings) {
            var check = ManifestCheck(source: source)
            // What was a guess without manifests is known with them.
            findings.removeAll { $0.code == .serviceUsesNothing && $0.severity == .warning }
            findings += try await check.findings(in: snapshot)
            if case .server(let server) = source {
                findings += try await ArrivalCheck(server: server).findings(in: snapshot)
            }
        }
        if !findings.hasErrors {
            findings += snapshot.notes(tags: try ConfigSource.releaseTags(in: repository.git))
        }
        return findings + lockFindings(in: snapshot)
    }

    /// What is wrong with the hosts, looked for on every core.
    private func hostFindings(in snapshot: Snapshot) async -> [Diagnostic] {
        let names = Array(snapshot.repo.hosts.keys)
        let share = 1000
        return await withTaskGroup { group in
            for start in stride(from: 0, to: names.count, by: share) {
                group.addTask { snapshot.lint(hosts: names[start..<min(start + share, names.count)]) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func manifestSource(_ surroundings: Surroundings) throws -> ManifestSource? {
        if let manifests { return .directory(surroundings.resolve(manifests)) }
        return try server.map { .server(try PackageServer($0, connection, token: nil, in: surroundings)) }
    }

    /// What would stand in the way of a release. No host gets a class before that, so these are warnings.
    private func lockFindings(in snapshot: Snapshot) -> [Diagnostic] {
        let platforms = snapshot.platformsByClass
        return snapshot.repo.hostclasses.values.flatMap { tree in
            tree.lockFindings(for: platforms[tree.hostclass.name] ?? [], severity: .warning)
        }
    }
}

extension Diagnostic {
    /// Whether this is as bad as `least` or worse. A note that more errors are not listed goes with the errors.
    func isShown(from least: Severity) -> Bool {
        severity >= least || (severity == .note && code.severity >= least)
    }
}

extension Snapshot {
    /// How many hosts there are, with those whose files cannot be read.
    fileprivate var hostCount: Int {
        let unreadable = findings.map(\.location.file).filter { $0.hasPrefix("hosts/") && $0.hasSuffix(".yml") }
        return Set(repo.hosts.keys.map { "hosts/\($0).yml" }).union(unreadable).count
    }
}
