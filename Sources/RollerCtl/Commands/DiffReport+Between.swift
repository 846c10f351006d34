import ConfigSource
import RollerCore

extension DiffReport {
    /// Compares two states of the repository.
    static func between(
        _ range: RevisionRange, of repository: borrowing ConfigRepository
    ) async throws -> DiffReport {
        let pair = try await StatePair.read(range, of: repository)
        let affected = try await pair.affectedHosts(of: repository.git)
        let groups = await affected.compare(into: DiffGroups()) { groups, comparison in
            if let diff = comparison.diff { groups.add(diff) }
        } merge: {
            $0.merge($1)
        }
        return .range(
            RangeDiff(
                from: range.old, to: range.new ?? "work tree", groups, total: try pair.hostCount(of: repository.git),
                unreleased: pair.change.hostclasses.sorted()))
    }

    /// Compares two hosts at one state: twins are the same but for what their files say.
    static func between(
        _ one: HostName, _ other: HostName, at revision: String?, of repository: borrowing ConfigRepository
    ) async throws -> DiffReport {
        let snapshot = try await repository.snapshot(at: revision)
        let hosts = try [one, other].map { name -> ResolvedHost in
            switch snapshot.state(of: name) {
            case .resolved(let host): return host
            case .absent:
                throw UnknownName("host", name.rawValue, among: snapshot.repo.hosts.keys.map(\.rawValue).sorted())
            case .broken(let findings): throw DiffError.broken(name, findings)
            }
        }
        return .hosts(one, HostDiff.between(hosts[0], hosts[1], of: other))
    }

    /// Compares two releases of a class, or of two.
    static func between(
        _ one: ReleaseReference, _ other: ReleaseReference, of repository: borrowing ConfigRepository
    ) throws -> DiffReport {
        var trees: [HostclassTree] = []
        for reference in [one, other] {
            switch try ConfigSource.release(reference, in: repository.git) {
            case .found(let release, _): trees.append(release.tree)
            case .unreadable(_, let findings): throw DiffError.unreadable(reference, findings)
            case .missing(let near): throw UnknownName("release", reference.rawValue, among: near)
            }
        }
        return .releases(one.rawValue, other.rawValue, ClassDiff.between(trees[0], trees[1]))
    }
}

/// Why two things cannot be compared.
enum DiffError: RollerError {
    case broken(HostName, [Diagnostic])
    case unreadable(ReleaseReference, [Diagnostic])

    var message: String {
        switch self {
        case .broken(let name, let findings): "'\(name)' has errors: \(first(findings))"
        case .unreadable(let release, let findings):
            findings.hasErrors
                ? "the class of '\(release)' has errors: \(first(findings))"
                : "there is no hostclasses/\(release.hostclass).yml at '\(release)'"
        }
    }

    var hint: String? {
        switch self {
        case .broken: "`rollerctl lint` shows all of them"
        case .unreadable: "compare releases whose class can be read"
        }
    }

    private func first(_ findings: [Diagnostic]) -> String {
        findings.first { $0.severity == .error }.map { "\($0.location): \($0.message)" } ?? "of a release it names"
    }
}
