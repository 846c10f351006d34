/// What an entry of a tree is.
public enum FileMode: Hashable, Sendable, CaseIterable {
    /// A file without the executable bit.
    case regular
    /// A file with it.
    case executable
    /// A symbolic link; its bytes are the target's text. It is never followed.
    case symlink
    /// A commit of another repository. It is never looked into and has no bytes here.
    case submodule
}

/// One path at a revision.
public struct GitEntry: Hashable, Sendable {
    /// Below the root of the tree, components joined by "/". No component is empty, ".", "..", or ".git" in any case.
    public let path: String
    /// What it is.
    public let mode: FileMode
    /// Of its blob; for a submodule, of the other repository's commit.
    public let id: ObjectID

    /// An entry as given.
    public init(path: String, mode: FileMode, id: ObjectID) {
        self.path = path
        self.mode = mode
        self.id = id
    }
}

/// One path at a revision, with its bytes.
public struct GitFile: Hashable, Sendable {
    /// Below the root of the tree, as in `GitEntry`.
    public let path: String
    /// What it is.
    public let mode: FileMode
    /// Of its blob; for a submodule, of the other repository's commit.
    public let id: ObjectID
    /// As committed, without any filter; for a symlink its target, for a submodule nothing.
    public let bytes: [UInt8]

    /// A file as given.
    public init(path: String, mode: FileMode, id: ObjectID, bytes: [UInt8]) {
        self.path = path
        self.mode = mode
        self.id = id
        self.bytes = bytes
    }
}

/// Who did something, and when. Texts that are not UTF-8 are repaired with U+FFFD.
public struct GitSignature: Hashable, Sendable {
    /// As configured by that person; proves nothing.
    public let name: String
    /// As configured by that person; proves nothing.
    public let email: String
    /// Seconds since 1970, by the clock of that person's machine.
    public let time: Int

    /// A signature as given.
    public init(name: String, email: String, time: Int) {
        self.name = name
        self.email = email
        self.time = time
    }
}

/// A commit. Texts that are not UTF-8 are repaired with U+FFFD.
public struct GitCommit: Hashable, Sendable {
    /// The commit's own.
    public let id: ObjectID
    /// Of its root directory.
    public let tree: ObjectID
    /// In order; none for a root commit.
    public let parents: [ObjectID]
    /// Who wrote the change.
    public let author: GitSignature
    /// Who made the commit.
    public let committer: GitSignature
    /// The first paragraph of the message, on one line.
    public let summary: String
    /// The whole message.
    public let message: String

    /// When the commit was made: seconds since 1970, by the committer's clock.
    public var time: Int { committer.time }

    /// A commit as given.
    public init(
        id: ObjectID, tree: ObjectID, parents: [ObjectID], author: GitSignature, committer: GitSignature,
        summary: String, message: String
    ) {
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.summary = summary
        self.message = message
    }
}

/// A tag that names a commit.
public struct GitTag: Hashable, Sendable {
    /// Without "refs/tags/".
    public let name: String
    /// The commit, behind any number of tag objects.
    public let target: ObjectID
    /// Of the tag object; `target` for a lightweight tag.
    public let object: ObjectID
    /// The tag object's message, repaired with U+FFFD where it is not UTF-8; empty for a lightweight tag.
    public let message: String

    /// Whether there is a tag object, with a message, a date and perhaps a signature.
    public var isAnnotated: Bool { object != target }

    /// A tag as given.
    public init(name: String, target: ObjectID, object: ObjectID, message: String) {
        self.name = name
        self.target = target
        self.object = object
        self.message = message
    }
}

/// A local branch.
public struct GitBranch: Hashable, Sendable {
    /// Without "refs/heads/".
    public let name: String
    /// Its newest commit.
    public let commit: ObjectID

    /// A branch as given.
    public init(name: String, commit: ObjectID) {
        self.name = name
        self.commit = commit
    }
}

/// What HEAD says.
public struct GitHead: Hashable, Sendable {
    /// Without "refs/heads/"; nil when HEAD names a commit itself ("detached").
    public let branch: String?
    /// The commit.
    public let commit: ObjectID

    /// A head as given.
    public init(branch: String?, commit: ObjectID) {
        self.branch = branch
        self.commit = commit
    }
}

/// What happened to one path between two commits. A rename is a removal and an addition.
public enum GitChange: Hashable, Sendable {
    /// The path is new.
    case added(GitEntry)
    /// The path is gone.
    case removed(GitEntry)
    /// The path has other bytes or another mode.
    case modified(from: GitEntry, to: GitEntry)

    /// The path.
    public var path: String {
        switch self {
        case .added(let entry), .removed(let entry), .modified(_, let entry): entry.path
        }
    }
}

/// How much of a repository may be read in one call. Whoever may push chooses its sizes.
public struct GitLimits: Hashable, Sendable {
    /// Bytes of one file.
    public var fileBytes: Int
    /// Bytes of all files together: a small tree can name one blob a million times.
    public var totalBytes: Int
    /// Entries looked at, directories included.
    public var entries: Int
    /// Components of a path.
    public var depth: Int

    /// Limits, by default 16 MiB a file, 1 GiB together, 1,000,000 entries and 128 components.
    public init(
        fileBytes: Int = 16 << 20, totalBytes: Int = 1 << 30, entries: Int = 1_000_000, depth: Int = 128
    ) {
        self.fileBytes = fileBytes
        self.totalBytes = totalBytes
        self.entries = entries
        self.depth = depth
    }
}
