import GitRepository
import SystemPackage
import Testing

struct GitErrorTests {
    static let id = ObjectID(bytes: [UInt8](repeating: 0xAB, count: 20))

    @Test(
        arguments: [
            (GitError.noSuchRevision("web@1"), "no revision is named 'web@1'", nil),
            (
                .ambiguousRevision("v1", candidates: ["refs/tags/v1", "refs/heads/v1"]),
                "'v1' names different commits: refs/tags/v1, refs/heads/v1", "say which, for example 'refs/tags/v1'"
            ),
            (
                .ambiguousRevision("8324", candidates: []), "'8324' is the beginning of more than one object id",
                "give more digits of the id"
            ),
            (.notACommit("v1", kind: .blob), "'v1' is a blob, not a commit", nil),
            (.unbornHead(branch: "main"), "branch 'main' has no commit yet", "make a first commit"),
            (.tooLarge("file 'a'", size: 12, limit: 10), "file 'a' is 12 bytes, and 10 are allowed", nil),
            (.overLimit(.depth, at: "'a/b'", limit: 1), "more than 1 path components at 'a/b'", nil),
            (
                .notOwned("/srv/config.git"), "the git repository at '/srv/config.git' belongs to another user",
                "run as its owner, or: git config --global --add safe.directory '/srv/config.git'"
            ),
        ] as [(GitError, String, String?)])
    func errorsSayWhatAndWhatToDo(_ error: GitError, _ message: String, _ hint: String?) {
        #expect(error.message == message)
        #expect(error.hint == hint)
    }

    @Test func aBadEntryIsNamedWithItsTree() throws {
        let id = try #require(Self.id)
        let error = GitError.invalidEntry("files/.git", in: id, problem: .dotGit)
        #expect(error.message == "tree \(id) has a bad entry 'files/.git': the name is '.git'")
    }
}
