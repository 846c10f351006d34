import ConfigSource
import GitRepository
import RollerCore

/// Commits whose `Roller-Hosts` trailer is missing or wrong.
///
/// Each commit is compared with its parent. Of a merge, only hosts count that are as in none of its parents: what it
/// takes over was counted where it was made. A commit without a parent is not asked: nothing ran before it.
func trailerFindings(
    from old: ObjectID, to new: ObjectID, of git: borrowing GitRepository
) async throws -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let commits = try git.commits(from: old, to: new, limit: mostCommits + 1)
    guard commits.count <= mostCommits else { throw RangeError.tooLong(mostCommits) }
    for commit in commits {
        guard !commit.parents.isEmpty, let limit = try hostsPerCommit(at: [commit.id] + commit.parents, of: git)
        else { continue }
        let trailer = HostsTrailer(message: commit.message)
        guard let hosts = try await touchedHosts(by: commit, of: git, unless: trailer == .missing ? limit : nil)
        else { continue }
        let short = String("\(commit.id)".prefix(12))
        findings += [trailer.finding(hosts: hosts, limit: limit, commit: short)].compactMap { $0 }
    }
    return findings
}

/// More commits than these are not asked at once.
private let mostCommits = 10_000

/// Why a range cannot be linted.
enum RangeError: RollerError {
    case tooLong(Int)

    var message: String {
        switch self {
        case .tooLong(let limit): "the range has more than \(limit) commits"
        }
    }
    var hint: String? { "lint shorter ranges, one after another" }
}

/// The least limit that any of these commits sets.
private func hostsPerCommit(at commits: [ObjectID], of git: borrowing GitRepository) throws -> Int? {
    var limits: [Int] = []
    for commit in commits {
        guard let file = try git.file(RepoRoot.path, at: commit) else { continue }
        limits += [ConfigRepo.read([RepoFile(file)]).repo.root.hostsPerCommit].compactMap { $0 }
    }
    return limits.min()
}

/// How many hosts get another bundle by a commit.
/// - Parameter enough: Nil comes out where no more than these can be affected, without telling which are.
private func touchedHosts(
    by commit: GitCommit, of git: borrowing GitRepository, unless enough: Int?
) async throws -> Int? {
    var touched: Set<HostName>?
    for parent in commit.parents {
        let affected = try await StatePair(from: parent, to: commit.id, of: git).affectedHosts(of: git)
        if let enough, affected.names.count <= enough { return nil }
        let changed = await affected.changedHosts()
        touched = touched?.intersection(changed) ?? changed
    }
    return touched?.count
}
