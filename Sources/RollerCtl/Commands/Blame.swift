import ArgumentParser
import OrderedCollections
import RollerCore

/// Shows whence a line of a file on a host comes: template, settings, commits.
struct Blame: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows whence a line of a host's file comes: the template's line, the settings, their commits.",
        discussion: "For example: rollerctl blame web-07.snc1.example.com etc/nginx/nginx.conf:12")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The host's full name.", transform: validated)
    var host: HostName
    @Argument(help: ArgumentHelp("A path below the prefix, and a line.", valueName: "path:line"), transform: place)
    var place: Place
    @Option(help: ArgumentHelp("Look at this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: "How the answer is shown.")
    var format: ListFormat = .text

    /// A line of a file.
    struct Place: Sendable, CustomStringConvertible {
        let path: TreePath
        let line: Int
        var description: String { "\(path):\(line)" }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try await repository.snapshot(at: at)
        guard let (resolved, findings) = snapshot.resolve(host) else {
            throw UnknownName("host", host.rawValue, among: snapshot.repo.hosts.keys.map(\.rawValue).sorted())
        }
        guard let resolved else {
            let texts = try repository.texts(for: findings, at: snapshot.revision)
            try surroundings.console.print(FindingsReport(findings: findings, texts: texts))
            surroundings.console.note(
                "'\(host)' cannot be resolved: \(counted(findings.count { $0.severity == .error }, "error"))")
            return .found
        }
        guard let file = resolved.files.first(where: { $0.path == place.path }) else {
            throw BlameError.noFile(place.path, on: resolved)
        }
        guard let trace = resolved.trace(of: place.path, line: place.line) else {
            throw BlameError.noLine(place, of: file.bytes.count { $0 == 0x0a })
        }
        let answer = BlameAnswer(
            host: host, place: place, trace: trace,
            origins: try repository.origins(of: trace.places, at: snapshot.revision))
        switch format {
        case .text: try surroundings.console.print(answer.text.withoutControls)
        case .json: try surroundings.console.print(answer.value.prettyJSON)
        }
        return .fine
    }

    private static func place(_ text: String) throws -> Place {
        let parts = text.belowThePrefix.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, parts.count > 1, let line = Int(last), line > 0 else {
            throw ValidationError("name a path and a line, as in etc/nginx/nginx.conf:12")
        }
        let path = parts.dropLast().joined(separator: ":")
        guard let path = TreePath(path) else { throw ValidationError("use \(TreePath.rule)") }
        return Place(path: path, line: line)
    }
}

extension LineTrace {
    /// Every place whose last change is of interest.
    var places: [SourceLocation] {
        sources + sections.compactMap { $0.setting?.origin.location }
            + values.compactMap(\.setting).flatMap { [$0.origin.location] + $0.outranked.map(\.location) }
    }
}

private enum BlameError: RollerError {
    case noFile(TreePath, on: ResolvedHost)
    case noLine(Blame.Place, of: Int)

    var message: String {
        switch self {
        case .noFile(let path, let host): "the class of '\(host.host.name)' brings no file '\(path)'"
        case .noLine(let place, _): "'\(place.path)' has no line \(place.line)"
        }
    }

    var hint: String? {
        switch self {
        case .noFile(let path, let host):
            UnknownName("file", path.rawValue, among: host.files.map(\.path.rawValue)).hint
                ?? "files of packages are the same on every host; these are the class's own: "
                + host.files.map(\.path.rawValue).joined(separator: ", ")
        case .noLine(_, let count): "it has \(counted(count, "line"))"
        }
    }
}
