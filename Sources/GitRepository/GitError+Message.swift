extension GitError {
    /// What was tried, on what, and why it failed, as one sentence without a full stop.
    public var message: String {
        switch self {
        case .notARepository(let path, let detail): "no git repository at '\(path)': \(detail)"
        case .notOwned(let path): "the git repository at '\(path)' belongs to another user"
        case .unsupportedFormat(let path, let feature): "the git repository at '\(path)' uses \(feature)"
        case .noWorkTree(let path): "the git repository at '\(path)' is bare: it has no work tree"
        case .noSuchRevision(let text): "no revision is named '\(text)'"
        case .ambiguousRevision(let text, let names) where names.isEmpty:
            "'\(text)' is the beginning of more than one object id"
        case .ambiguousRevision(let text, let names):
            "'\(text)' names different commits: \(names.joined(separator: ", "))"
        case .invalidRevision(let text, let reason): "'\(text)' is no revision: \(reason)"
        case .notACommit(let text, let kind): "'\(text)' is a \(kind.rawValue), not a commit"
        case .unbornHead(let branch?): "branch '\(branch)' has no commit yet"
        case .unbornHead(nil): "HEAD names no commit"
        case .invalidReferenceName(let name): "the reference '\(name)' has a name that is not UTF-8"
        case .missingObject(let id, let use, _, let detail): "cannot find object \(id) of \(use): \(detail)"
        case .corruptObject(let id, let use, let detail): "cannot read object \(id) of \(use): \(detail)"
        case .incompleteHistory(let id, _, let detail): "cannot follow the history of commit \(id): \(detail)"
        case .wrongKind(let id, let use, let expected, let found):
            "object \(id) of \(use) is a \(found.rawValue), not a \(expected.rawValue)"
        case .invalidEntry(let path, let tree, let problem):
            "tree \(tree) has a bad entry '\(path)': \(problem.message)"
        case .invalidPath(let path): "'\(path)' is no path below the root of a tree"
        case .tooLarge(let use, let size, let limit): "\(use) is \(size) bytes, and \(limit) are allowed"
        case .overLimit(let what, let place, let limit): "more than \(limit) \(what.rawValue) at \(place)"
        case .failed(let attempt, let detail): "cannot \(attempt): \(detail)"
        }
    }

    /// Something one can do about it.
    public var hint: String? {
        switch self {
        case .notOwned(let path): "run as its owner, or: git config --global --add safe.directory '\(path)'"
        case .ambiguousRevision(_, let names):
            names.first.map { "say which, for example '\($0)'" } ?? "give more digits of the id"
        case .unbornHead: "make a first commit"
        case .missingObject(_, _, isShallow: true, _), .incompleteHistory(_, isShallow: true, _):
            "the clone is shallow; run: git fetch --unshallow"
        case .missingObject, .corruptObject, .incompleteHistory: "run: git fsck --full"
        case .invalidEntry: "run: git fsck --full; the commit must be made anew without this entry"
        case .notARepository, .unsupportedFormat, .noWorkTree, .noSuchRevision, .invalidRevision, .notACommit,
            .invalidReferenceName, .wrongKind, .invalidPath, .tooLarge, .overLimit, .failed:
            nil
        }
    }
}

extension GitError: CustomStringConvertible {
    /// The same as `message`.
    public var description: String { message }
}

extension EntryProblem {
    /// A few words that follow a colon.
    public var message: String {
        switch self {
        case .malformed: "the tree is malformed there"
        case .mode(let text): "its mode is '\(text)'"
        case .dots: "the name is '.' or '..'"
        case .dotGit: "the name is '.git'"
        case .slash: "the name contains '/'"
        case .notUTF8: "the name is not UTF-8"
        case .joinsSeparator: "the name joins with '/' into one character"
        case .tooLong: "the path is too long for a file system"
        case .duplicate: "the name occurs twice"
        case .equivalent: "another name there is the same in another Unicode normal form"
        case .unsorted: "the tree is not in order there"
        }
    }
}

extension GitError {
    init(_ failure: LibraryFailure, _ attempt: String) { self = .failed(attempt: attempt, detail: failure.detail) }
}
