import GitRepository
import SystemPackage
import Testing

struct RevisionTests {
    let made: TestRepository
    let first: ObjectID
    let second: ObjectID

    init() throws {
        made = try TestRepository()
        first = try made.commit("first")
        second = try made.commit("second")
    }

    func opened() throws -> GitRepository { try GitRepository.open(bare: made.gitDirectory) }

    @Test(arguments: ["HEAD", "main", "refs/heads/main", "@", "side/web@2~0", "nested", "web@2026.11.22-1", "HEAD^0"])
    func namesResolveToTheirCommit(_ revision: String) throws {
        try made.git(["tag", "web@2026.11.22-1"])
        try made.git(["tag", "-a", "-m", "inner", "inner"])
        try made.git(["tag", "-a", "-m", "outer", "nested", "inner"])
        try made.git(["branch", "side/web@2"])
        #expect(try opened().resolve(revision) == second)
    }

    @Test func parentsAndAbbreviationsResolve() throws {
        let repository = try opened()
        #expect(try repository.resolve("HEAD~1") == first)
        #expect(try repository.resolve("HEAD^") == first)
        #expect(try repository.resolve(String("\(first)".prefix(10))) == first)
        #expect(try repository.resolve("\(first)") == first)
        #expect(try repository.resolve("\(second)~1") == first)
        #expect(try repository.resolve("v1-2-g\("\(first)".prefix(7))") == first)
        #expect(try repository.resolve("main@{0}~1") == first)
    }

    @Test(arguments: [
        "nothing", "HEAD~9", "refs/heads/nothing", "v1", "main~1^2", "deadbeef", "dead", "v1-2-gdeadbee", "~1", "^",
        "none@{0}", "config",
    ])
    func unknownNamesAreSaidToBeUnknown(_ revision: String) throws {
        let repository = try opened()
        #expect(gitError { () throws(GitError) in try repository.resolve(revision) } == .noSuchRevision(revision))
    }

    @Test(arguments: [
        "", "HEAD\0x", "HEAD^{", ":/first", "HEAD^{/first}", "main..HEAD", "@{-1}", String(repeating: "a", count: 1025),
    ])
    func textsThatAreNoRevisionAreSaidToBeNone(_ revision: String) throws {
        let repository = try opened()
        guard case .invalidRevision? = gitError({ () throws(GitError) in try repository.resolve(revision) }) else {
            Issue.record("\(String(describing: gitError { () throws(GitError) in try repository.resolve(revision) }))")
            return
        }
    }

    @Test func aTreeOrABlobIsNotACommit() throws {
        try made.write("file", "x")
        try made.commit()
        let blob = try made.id("rev-parse", "HEAD:file")
        try made.git(["tag", "of-blob", "\(blob)"])
        let repository = try opened()
        for (text, kind) in [
            ("HEAD:file", GitObjectKind.blob), ("HEAD^{tree}", .tree), ("\(blob)", .blob), ("of-blob", .blob),
        ] {
            #expect(gitError { () throws(GitError) in try repository.resolve(text) } == .notACommit(text, kind: kind))
        }
    }

    @Test func aTagAndABranchOfOneNameAreAmbiguousUnlessTheyAgree() throws {
        try made.git(["tag", "twice", "\(first)"])
        try made.git(["branch", "twice", "\(second)"])
        let repository = try opened()
        for text in ["twice", "twice~0", "twice^{commit}"] {
            #expect(
                gitError { () throws(GitError) in try repository.resolve(text) }
                    == .ambiguousRevision(text, candidates: ["refs/tags/twice", "refs/heads/twice"]))
        }
        #expect(try repository.resolve("refs/heads/twice") == second)
        try made.git(["tag", "-f", "twice", "\(second)"])
        #expect(try repository.resolve("twice") == second)
    }

    @Test func anAbbreviationOfTwoObjectsIsAmbiguous() throws {
        // These two blobs' ids begin with 8324.
        for text in ["142", "784"] { _ = try made.id("hash-object", "-w", "--stdin", input: Array(text.utf8)) }
        let prefix = "8324"
        let repository = try opened()
        #expect(
            gitError { () throws(GitError) in try repository.resolve(prefix) }
                == .ambiguousRevision(prefix, candidates: []))
    }

    @Test func aReferenceWhoseObjectIsGoneIsNotAnUnknownName() throws {
        let gone = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        try made.write(".git/refs/tags/lost", "\(gone)\n")
        let repository = try opened()
        for error in [
            gitError({ () throws(GitError) in try repository.resolve("lost") }),
            gitError({ () throws(GitError) in try repository.tag("lost") }),
            gitError({ () throws(GitError) in try repository.tags() }),
        ] {
            guard case .missingObject(gone, of: _, isShallow: false, detail: _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func headNamesABranchOrACommit() throws {
        let repository = try opened()
        #expect(try repository.head() == GitHead(branch: "main", commit: second))
        try made.git(["checkout", "-q", "--detach", "\(first)"])
        #expect(try repository.head() == GitHead(branch: nil, commit: first))
    }

    @Test func aNewRepositoryHasAnUnbornHead() throws {
        let empty = try TestRepository(bare: true)
        let repository = try GitRepository.open(bare: empty.path)
        #expect(gitError { () throws(GitError) in try repository.head() } == .unbornHead(branch: "main"))
        #expect(gitError { () throws(GitError) in try repository.resolve("HEAD") } == .noSuchRevision("HEAD"))
        #expect(try repository.branches() == [])
        #expect(try repository.tags() == [])
    }

    @Test func branchesAreListedInOrderLooseAndPacked() throws {
        try made.git(["branch", "b/1", "\(first)"])
        try made.git(["pack-refs", "--all"])
        try made.git(["branch", "a"])
        let repository = try opened()
        #expect(try repository.branches().map(\.name) == ["a", "b/1", "main"])
        #expect(try repository.branch("b/1") == first)
        #expect(try repository.branch("c") == nil)
        #expect(try repository.branch("../heads/main") == nil)
    }
}
