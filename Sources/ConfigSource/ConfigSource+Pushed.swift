public import GitRepository
public import RollerCore

extension ConfigSource {
    /// The state of the repository at a commit as it will be once tags that are about to be made are there.
    /// - Parameter tags: The commits of these tags, by name. They come before tags that are there.
    public static func snapshot(
        of git: borrowing GitRepository, at commit: ObjectID, with tags: [String: ObjectID]
    ) throws(GitError) -> Snapshot {
        let files = try files(of: git, at: commit)
        let (repo, findings) = ConfigRepo.read(files)
        var releases: [ReleaseReference: ReleaseLookup] = [:]
        for reference in repo.releaseReferences {
            if let tagged = tags[reference.rawValue] {
                releases[reference] = try release(reference, at: tagged, in: git)
            } else {
                releases[reference] = try release(reference, in: git)
            }
        }
        return Snapshot(
            revision: Revision(commit), committed: try git.commit(commit).time, repo: repo, releases: releases,
            findings: findings)
    }

    /// What the files of a tree would be as a commit, such as those of git's index.
    public static func snapshot(
        ofTree tree: ObjectID, of git: borrowing GitRepository
    ) throws(GitError) -> (snapshot: Snapshot, files: [RepoFile]) {
        let files = try git.files(ofTree: tree).map(RepoFile.init)
        return (try snapshot(ofWorkTree: files, of: git), files)
    }
}
