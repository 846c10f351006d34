internal import GitRepository
internal import RollerCore

/// Why there is no snapshot to answer from, or none of what was asked for in it.
enum SnapshotError: RollerError {
    /// The repository cannot be read.
    case git(GitError)
    /// The branch does not exist, or has no commit yet.
    case noBranch(String)
    /// A release is not where it was.
    case movedTag(ReleaseReference, was: Revision, now: Revision)
    /// The commit has errors, so hosts could not be rolled as it says.
    case findings(Revision, [Diagnostic])
    /// Nothing is served yet.
    case nothingServed(Refusal?)
    /// Too many ask for old commits at once.
    case busy
    /// A host that cannot be resolved at an old commit.
    case unresolved(HostName, [Diagnostic])
    /// A release whose class cannot be read.
    case unreadable(ReleaseReference, [Diagnostic])

    var message: String {
        switch self {
        case .git: "cannot read the repository"
        case .noBranch(let branch): "the repository has no branch '\(branch)'"
        case .movedTag(let release, let was, let now):
            "the release '\(release)' was at \(was.short) and is now at \(now.short)"
        case .findings(let revision, let findings): Self.counted(findings, at: revision)
        case .nothingServed(let refusal):
            refusal.map { "there is no good commit to serve: \($0.message)" }
                ?? "there is no commit to serve yet"
        case .busy: "too many old commits are being read"
        case .unreadable(let release, _): "the class cannot be read at the release '\(release)'"
        case .unresolved(let host, _): "the host '\(host)' cannot be resolved at this commit"
        }
    }

    private static func counted(_ findings: [Diagnostic], at revision: Revision) -> String {
        let count = findings.count { $0.severity == .error }
        return "commit \(revision.short) has \(count == 1 ? "an error" : "\(count) errors")"
    }

    var cause: (any Error)? {
        if case .git(let error) = self { GitCause(error: error) } else { nil }
    }

    var hint: String? {
        switch self {
        case .git(let error): error.hint
        case .noBranch: "push it, or start the server with another --branch"
        case .movedTag(let release, let was, _):
            "move the tag back (`git tag -f \(release) \(was)`), and make a new release for the new state"
        case .findings: "run `rollerctl lint`, and push a commit that passes"
        case .nothingServed(let refusal): refusal?.hint ?? "see /readyz"
        case .busy: "ask again in a moment"
        case .unresolved, .unreadable: nil
        }
    }
}

/// An error of the git wrapper, which knows nothing of Roller's errors.
struct GitCause: RollerError {
    let error: GitError
    var message: String { error.message }
    var hint: String? { error.hint }
}

/// Why the newest commit is not the one served.
struct Refusal: Sendable {
    /// The commit; nil where not even that could be told.
    let revision: Revision?
    /// One word for programs: `findings`, `moved-tag`, `no-branch` or `repository`.
    let kind: String
    /// One clause.
    let message: String
    /// Something one can do.
    let hint: String?
    /// What is wrong with the commit; empty unless the kind is `findings`.
    let findings: [Diagnostic]

    /// The refusal that follows from `error`.
    init(_ error: SnapshotError, of revision: Revision?) {
        self.revision = revision
        message = explain(error)
        hint = error.hint
        switch error {
        case .findings(_, let findings):
            self.findings = findings
            kind = "findings"
        case .movedTag:
            findings = []
            kind = "moved-tag"
        case .noBranch:
            findings = []
            kind = "no-branch"
        case .git, .nothingServed, .busy, .unresolved, .unreadable:
            findings = []
            kind = "repository"
        }
    }
}
