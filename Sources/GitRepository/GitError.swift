public import SystemPackage

/// Why a repository could not answer.
public enum GitError: Error, Hashable, Sendable {
    /// There is no repository at the path, or none above it.
    case notARepository(FilePath, detail: String)
    /// The repository belongs to another user, and git's `safe.directory` does not allow that.
    case notOwned(FilePath)
    /// The repository is kept in a way that this build cannot read, such as SHA-256 objects.
    case unsupportedFormat(FilePath, feature: String)
    /// The repository is bare.
    case noWorkTree(FilePath)

    /// Nothing has that name.
    case noSuchRevision(String)
    /// Several things have that name. The candidates may be empty: for an abbreviated object id they are not known.
    case ambiguousRevision(String, candidates: [String])
    /// The text is no revision.
    case invalidRevision(String, reason: String)
    /// The text or id names something, and it is not a commit.
    case notACommit(String, kind: GitObjectKind)
    /// HEAD names a branch without a commit, as in a new repository. Nil when even the branch cannot be told.
    case unbornHead(branch: String?)
    /// A reference whose name is not UTF-8. Its bytes that are not are shown as `\xNN`.
    case invalidReferenceName(String)

    /// An object that something refers to is not there, or its pack cannot be read.
    case missingObject(ObjectID, of: String, isShallow: Bool, detail: String)
    /// An object is there and its bytes are not what its id says, or make no sense.
    case corruptObject(ObjectID, of: String, detail: String)
    /// The history of a commit cannot be followed to its end, as a commit of it is not there.
    case incompleteHistory(of: ObjectID, isShallow: Bool, detail: String)
    /// An object is of another kind than the place it stands in asks for.
    case wrongKind(ObjectID, of: String, expected: GitObjectKind, found: GitObjectKind)
    /// A tree holds an entry that cannot be represented safely. Bytes that are not UTF-8 are shown as `\xNN`.
    case invalidEntry(String, in: ObjectID, problem: EntryProblem)
    /// The path that was asked for can be in no tree.
    case invalidPath(String)

    /// An object is larger than allowed. Sizes are in bytes.
    case tooLarge(String, size: Int, limit: Int)
    /// There is more of something than allowed.
    case overLimit(GitLimit, at: String, limit: Int)

    /// Anything else that libgit2 reports.
    case failed(attempt: String, detail: String)
}

/// The kinds of object that git stores.
public enum GitObjectKind: String, Hashable, Sendable {
    /// A revision.
    case commit
    /// A directory.
    case tree
    /// A file.
    case blob
    /// An annotated tag.
    case tag
    /// None of these.
    case unknown
}

/// The limits that a walk can run into.
public enum GitLimit: String, Hashable, Sendable {
    /// Entries looked at.
    case entries
    /// Bytes of all files.
    case totalBytes = "bytes"
    /// Components of a path.
    case depth = "path components"
    /// Tag objects that name one another.
    case tags = "nested tags"
    /// Commits looked at.
    case commits
}

/// What is wrong with an entry of a tree. The names in parentheses are those of `git fsck`.
public enum EntryProblem: Hashable, Sendable {
    /// The tree object ends within an entry, or an entry has no name (badTree, emptyName).
    case malformed
    /// A mode that is no file, directory, link or submodule, or not as git writes it (badFilemode, zeroPaddedFilemode).
    case mode(String)
    /// The name is `.` or `..` (hasDot, hasDotdot).
    case dots
    /// The name is `.git`, in any case (hasDotgit).
    case dotGit
    /// The name contains a slash (fullPathname).
    case slash
    /// The name is not UTF-8.
    case notUTF8
    /// The name and a "/" beside it would read as one character.
    case joinsSeparator
    /// The name is longer than 255 bytes, or the path than 4095: no Linux file system holds it.
    case tooLong
    /// The name occurs twice (duplicateEntries).
    case duplicate
    /// Another name in the directory is the same text in another Unicode normal form.
    case equivalent
    /// The entry stands in the wrong place (treeNotSorted).
    case unsorted
}
