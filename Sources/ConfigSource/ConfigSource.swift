public import GitRepository
public import RollerCore

/// Reads the config repository out of git into RollerCore's values. It fetches files and decides nothing.
public enum ConfigSource {
    /// The state of the repository at a commit, read from git objects alone.
    /// - Throws: `GitError` when objects are missing or damaged. What the files say wrong is among the findings.
    public static func snapshot(
        of git: borrowing GitRepository, at commit: ObjectID
    ) throws(GitError) -> Snapshot {
        let (repo, findings) = ConfigRepo.read(try files(of: git, at: commit))
        return Snapshot(
            revision: Revision(commit), committed: try git.commit(commit).time, repo: repo,
            releases: try releases(repo.releaseReferences, in: git), findings: findings)
    }

    /// What a work tree with edits not yet committed would be as a commit, with the releases that its hosts name.
    /// - Parameter files: Its files, as `workTreeFiles` reads them.
    public static func snapshot(
        ofWorkTree files: [RepoFile], of git: borrowing GitRepository
    ) throws(GitError) -> Snapshot {
        let (repo, findings) = ConfigRepo.read(files)
        return Snapshot(
            revision: nil, committed: nil, repo: repo, releases: try releases(repo.releaseReferences, in: git),
            findings: findings)
    }

    /// Looks for each of `references`: a tag of that name, or a commit.
    public static func releases(
        _ references: [ReleaseReference], in git: borrowing GitRepository
    ) throws(GitError) -> [ReleaseReference: ReleaseLookup] {
        var found: [ReleaseReference: ReleaseLookup] = [:]
        for reference in references { found[reference] = try release(reference, in: git) }
        return found
    }

    /// Looks for one release. What is wrong with it alone is a finding, and keeps no other host from being read.
    /// - Throws: `GitError` when objects are missing or damaged.
    public static func release(
        _ reference: ReleaseReference, in git: borrowing GitRepository
    ) throws(GitError) -> ReleaseLookup {
        try release(reference, at: try commit(of: reference, in: git), in: git)
    }

    /// Reads one release at the commit where `commit(of:in:)` found it, wherever its tag may be by now.
    /// - Parameter commit: Nil when the release was not found.
    /// - Throws: `GitError` when objects are missing or damaged.
    public static func release(
        _ reference: ReleaseReference, at commit: ObjectID?, in git: borrowing GitRepository
    ) throws(GitError) -> ReleaseLookup {
        guard let commit else {
            let tags = try git.tags(matching: "\(reference.hostclass)@")
            return .missing(near: tags.map(\.name))
        }
        return try release(reference, at: commit, in: git)
    }

    /// A release at the commit that its tag names, or will.
    public static func release(
        _ reference: ReleaseReference, at commit: ObjectID, in git: borrowing GitRepository
    ) throws(GitError) -> ReleaseLookup {
        let files: [RepoFile]
        do {
            files = try git.files(at: commit, under: HostclassTree.paths(of: reference.hostclass)).map(RepoFile.init)
        } catch {
            guard error.isOfContents else { throw error }
            let place = SourceLocation(file: "\(reference):files/\(reference.hostclass)")
            let finding = Diagnostic(
                .badFilePath, at: place, "the release cannot be read: \(error.message)",
                hint: "make a package of what is large, and release the class anew")
            return .unreadable(revision: Revision(commit), findings: [finding])
        }
        let (tree, findings) = HostclassTree.read(reference.hostclass, from: files, label: "\(reference):")
        guard let tree else { return .unreadable(revision: Revision(commit), findings: findings) }
        return .found(Release(reference, at: Revision(commit), tree: tree), findings: findings)
    }

    /// Every release that there is a tag of, sorted.
    public static func releaseTags(in git: borrowing GitRepository) throws(GitError) -> [ReleaseReference] {
        try git.tags().compactMap { ReleaseReference($0.name) }.sorted()
    }

    /// The commit of a release: where its tag points, or the commit that it names itself. Nil when there is no such tag
    /// or commit.
    public static func commit(
        of reference: ReleaseReference, in git: borrowing GitRepository
    ) throws(GitError) -> ObjectID? {
        switch reference.state {
        case .release:
            do {
                return try git.tag(reference.rawValue)?.target
            } catch .notACommit {
                return nil
            }
        case .commit(let revision):
            guard let id = ObjectID(hex: revision.rawValue) else { return nil }
            do {
                return try git.commit(id).id
            } catch .missingObject, .noSuchRevision, .notACommit, .wrongKind {
                return nil
            }
        }
    }
}

extension GitError {
    /// Whether this speaks of what somebody committed, and not of the repository's health.
    var isOfContents: Bool {
        switch self {
        case .tooLarge, .overLimit, .invalidEntry, .invalidPath: true
        case .notARepository, .notOwned, .unsupportedFormat, .noWorkTree, .noSuchRevision, .ambiguousRevision,
            .invalidRevision, .notACommit, .unbornHead, .invalidReferenceName, .missingObject, .corruptObject,
            .incompleteHistory, .wrongKind, .failed:
            false
        }
    }
}

extension Revision {
    /// The commit's id as RollerCore holds it.
    public init(_ id: ObjectID) {
        guard let revision = Revision(id.description) else {
            preconditionFailure("an object's id has 40 hexadecimal digits: \(id)")
        }
        self = revision
    }
}

extension RepoFile {
    /// A file as git holds it.
    public init(_ file: GitFile) { self.init(path: file.path, kind: Kind(file.mode), bytes: file.bytes) }
}

extension RepoFile.Kind {
    init(_ mode: FileMode) {
        self =
            switch mode {
            case .regular: .file
            case .executable: .executable
            case .symlink: .symlink
            case .submodule: .submodule
            }
    }
}
