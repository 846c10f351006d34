import ConfigSource
import GitRepository
import RollerCore

/// One reference that a push would change.
struct ReferenceUpdate: Equatable {
    /// The object that it names now; nil where it is new.
    let old: ObjectID?
    /// The object that it is to name; nil where it is to go.
    let new: ObjectID?
    /// Its full name.
    let name: String

    /// Reads what git gives a pre-receive hook: `OLD NEW NAME` on each line (githooks(5)).
    static func read(_ bytes: [UInt8]) throws(HookError) -> [ReferenceUpdate] {
        var updates: [ReferenceUpdate] = []
        for line in bytes.split(separator: 0x0a) {
            let text = String(decoding: line, as: UTF8.self)
            let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let old = ObjectID(hex: parts[0]), let new = ObjectID(hex: parts[1]) else {
                throw .badInput(text)
            }
            updates.append(ReferenceUpdate(old: old == none ? nil : old, new: new == none ? nil : new, name: parts[2]))
        }
        return updates
    }

    private static let none = ObjectID(hex: String(repeating: "0", count: 40))
}

/// What somebody wants to push.
struct Push {
    let updates: [ReferenceUpdate]
    /// The branch that config servers serve.
    let served: String

    /// What is to be said about a push.
    struct Verdict {
        /// Why it is refused, a sentence each.
        var refusals: [String] = []
        /// What is wrong with the files, errors alone.
        var findings: [Diagnostic] = []
        /// The commit that they are of.
        var revision: Revision?

        var isRefusal: Bool { !refusals.isEmpty }
    }

    /// Refuses what would move or remove a release, leave the served branch with an error, or bring commits to it that
    /// change many hosts and do not say how many.
    func verdict(in git: borrowing GitRepository) async throws -> Verdict {
        var verdict = Verdict()
        var tags: [String: ObjectID] = [:]
        for update in updates {
            guard let release = update.release else { continue }
            guard let commit = try judge(release, update, in: git, &verdict) else { continue }
            tags[release.rawValue] = commit
        }
        for update in updates where update.name == "refs/heads/\(served)" {
            guard let new = update.new else {
                verdict.refusals.append("the branch '\(served)' is served, and would be gone")
                continue
            }
            let snapshot = try ConfigSource.snapshot(of: git, at: new, with: tags)
            let errors = snapshot.lint().filter { $0.severity == .error }
            // A branch that is new brings a history that was judged elsewhere, or nowhere.
            if errors.isEmpty, let old = update.old {
                for finding in try await trailerFindings(from: old, to: new, of: git) where finding.severity == .error {
                    verdict.refusals.append("\(finding.message); \(finding.hint ?? "say how many")")
                }
            }
            guard !errors.isEmpty else { continue }
            verdict.findings += errors
            verdict.revision = snapshot.revision
            verdict.refusals.append(
                "'\(served)' would have \(counted(errors.count, "error")) at commit \(new.description.prefix(12))")
        }
        return verdict
    }

    /// The commit of a release that is pushed and may be.
    private func judge(
        _ release: ReleaseReference, _ update: ReferenceUpdate, in git: borrowing GitRepository,
        _ verdict: inout Verdict
    ) throws -> ObjectID? {
        guard let new = update.new else {
            verdict.refusals.append("'\(release)' is a release, and a release stays: its tag would be gone")
            return nil
        }
        let commit = try git.resolve(new.description)
        if let old = update.old {
            let former = try git.resolve(old.description)
            guard former == commit else {
                verdict.refusals.append(
                    "'\(release)' is a release, and a release never moves: its tag would go from "
                        + "\(former.description.prefix(12)) to \(commit.description.prefix(12)); make a new release")
                return nil
            }
        }
        switch try ConfigSource.release(release, at: commit, in: git) {
        case .found(_, let findings) where !findings.hasErrors: return commit
        case .found(_, let findings), .unreadable(_, let findings):
            // Once it is there it can never be mended.
            let first = findings.first { $0.severity == .error }
            verdict.refusals.append(
                "'\(release)' has errors, and a release never moves: "
                    + (first.map { "\($0.location): \($0.message)" }
                        ?? "there is no hostclasses/\(release.hostclass).yml"))
        case .missing: verdict.refusals.append("'\(release)' names no commit")
        }
        return nil
    }
}

extension ReferenceUpdate {
    /// The release that the reference is the tag of.
    fileprivate var release: ReleaseReference? {
        let prefix = "refs/tags/"
        guard name.hasPrefix(prefix), let release = ReleaseReference(String(name.dropFirst(prefix.count))),
            case .release = release.state
        else { return nil }
        return release
    }
}
