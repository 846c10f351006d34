import ConfigSource
import GitRepository
import RollerCore

/// What a range of commits brings that was not wrong before.
struct LintRange {
    /// What is wrong at the newer state and was not at the older; notes are left out.
    let findings: [Diagnostic]
    /// How many hosts the range can affect.
    let hosts: Int

    /// Looks for what the newer state of a range brings.
    ///
    /// Only what the changed files can affect is read first. Where that brings nothing, nothing came; where it does, both
    /// states are read as a whole, since what looks new may have been there for other hosts.
    init(_ range: RevisionRange, of repository: borrowing ConfigRepository) async throws {
        let pair = try await StatePair.read(range, of: repository)
        let affected = try await pair.affectedParts(of: repository.git)
        var found = LintRange.brought(from: affected.old, to: affected.new)
        if !found.isEmpty {
            let whole = try await pair.wholeSnapshots(of: repository)
            found = LintRange.brought(from: whole.old, to: whole.new)
        }
        let newest: ObjectID
        switch pair.new {
        case .commit(let id): newest = id
        case .workTree: newest = try repository.git.head().commit
        }
        found += try await trailerFindings(from: pair.old, to: newest, of: repository.git)
        findings = found.sortedForReading()
        hosts = affected.new.repo.hosts.count
    }

    /// Findings by what they say of which file: lines move.
    private struct Key: Hashable {
        let code: DiagnosticCode
        let file: String
        let message: String

        init(_ finding: Diagnostic) {
            code = finding.code
            file = finding.location.file
            message = finding.message
        }
    }

    private static func brought(from old: Snapshot, to new: Snapshot) -> [Diagnostic] {
        let before = Set(old.allFindings.map(Key.init))
        return new.allFindings.filter { $0.severity > .note && !before.contains(Key($0)) }
    }
}

extension Snapshot {
    /// What `rollerctl lint` says of a state: the hosts', and what would stand in the way of a release.
    fileprivate var allFindings: [Diagnostic] {
        lint()
            + repo.hostclasses.values.flatMap { tree in
                tree.lockFindings(for: platforms(of: tree.hostclass.name), severity: .warning)
            }
    }
}

extension StatePair {
    /// Both states as far as a finding can depend on what changed.
    fileprivate func affectedParts(of git: borrowing GitRepository) async throws -> (old: Snapshot, new: Snapshot) {
        var paths = [RepoRoot.path, "datacenters", "groups"]
        // Numbers and names of people are compared with all others; a group that goes is missed by classes.
        if change.isPeople { paths += ["users", "home", "hostclasses", "files"] }
        paths += change.hostclasses.sorted().flatMap { HostclassTree.paths(of: $0) }
        var shared = try unchangedFiles(under: paths, of: git)
        if mayReachUnchangedHosts || !change.hostclasses.isEmpty {
            shared += try await unchangedHosts(of: git).filter {
                change.mayAffect(hostFile: $0.bytes) || change.mayBeOfChangedClass(hostFile: $0.bytes)
            }
        }
        // A class that a host names and that is not there is worded as such.
        let named = classNames(in: oldFiles + newFiles + shared).subtracting(change.hostclasses)
        if !change.isPeople {
            shared += try unchangedFiles(under: named.sorted().map { "hostclasses/\($0).yml" }, of: git)
        }
        return try await snapshots(with: shared, of: git)
    }

    private func classNames(in files: [RepoFile]) -> Set<HostclassName> {
        let hosts = files.filter { $0.path.hasPrefix("hosts/") }
        return Set(ConfigRepo.read(hosts).repo.hosts.values.map(\.release.hostclass))
    }

    fileprivate func wholeSnapshots(
        of repository: borrowing ConfigRepository
    ) async throws -> (old: Snapshot, new: Snapshot) {
        let place = repository.git.place
        let old = try await ConfigSource.snapshot(ofRepositoryAt: place, at: self.old)
        switch new {
        case .commit(let id): return (old, try await ConfigSource.snapshot(ofRepositoryAt: place, at: id))
        case .workTree(let files):
            return (old, try await ConfigSource.snapshot(ofWorkTree: files, ofRepositoryAt: place))
        }
    }
}

extension Lint {
    /// Lints what a range brings.
    func run(
        _ range: RevisionRange, of repository: borrowing ConfigRepository, _ console: Console
    ) async throws -> RunStatus {
        let lint = try await console.watching("checking what the range brings") {
            try await LintRange(range, of: repository)
        }
        var revision: Revision?
        if let new = range.new { revision = Revision(try repository.git.resolve(new)) }
        let shown = lint.findings.filter { $0.isShown(from: leastShown) }
        let report = FindingsReport(findings: shown, texts: try repository.texts(for: shown, at: revision))
        try console.print(report, as: format)
        console.note("\(range): \(report.summary(hosts: lint.hosts)) that it can affect")
        return isFailure(lint.findings) ? .found : .fine
    }
}
