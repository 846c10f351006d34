import GitRepository
import SystemPackage
import Testing

struct TagTests {
    let made: TestRepository
    let commit: ObjectID

    init() throws {
        made = try TestRepository()
        commit = try made.commit()
    }

    @Test func aLightweightTagIsItsCommit() throws {
        try made.git(["tag", "web@1"])
        let tag = try GitRepository.open(bare: made.gitDirectory).tag("web@1")
        #expect(tag == GitTag(name: "web@1", target: commit, object: commit, message: ""))
        #expect(tag?.isAnnotated == false)
    }

    @Test func anAnnotatedTagHasItsOwnObjectAndMessage() throws {
        try made.git(["tag", "-a", "-m", "for the canaries", "web@1"])
        let object = try made.id("rev-parse", "web@1")
        let tag = try GitRepository.open(bare: made.gitDirectory).tag("web@1")
        #expect(tag == GitTag(name: "web@1", target: commit, object: object, message: "for the canaries\n"))
        #expect(tag?.isAnnotated == true)
    }

    @Test func aTagOfATagLeadsToTheCommit() throws {
        try made.git(["tag", "-a", "-m", "inner", "inner"])
        try made.git(["tag", "-a", "-m", "outer", "outer", "inner"])
        let tag = try #require(try GitRepository.open(bare: made.gitDirectory).tag("outer"))
        #expect(tag.target == commit)
        #expect(tag.message == "outer\n")
    }

    @Test func tagsAreListedByPrefixInByteOrderLooseAndPacked() throws {
        for name in ["web@1", "web@10", "web@2"] { try made.git(["tag", name]) }
        try made.git(["pack-refs", "--all"])
        for name in ["web@1-1", "api@1", "team/web@1", "web@É"] { try made.git(["tag", name]) }
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(try repository.tags(matching: "web@").map(\.name) == ["web@1", "web@1-1", "web@10", "web@2", "web@É"])
        #expect(try repository.tags().count == 7)
        #expect(try repository.tags(matching: "w*") == [])
    }

    @Test func tagsOfTreesAreLeftOutOfTheListAndNamedWhenAskedFor() throws {
        try made.git(["tag", "of-tree", "HEAD^{tree}"])
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(try repository.tags() == [])
        #expect(
            gitError { () throws(GitError) in try repository.tag("of-tree") }
                == .notACommit("refs/tags/of-tree", kind: .tree))
    }

    @Test func aTagNameThatIsNotUTF8FailsOnlyTheListItIsIn() throws {
        try made.git(["tag", "api@1"])
        let packed = Array("\(commit) refs/tags/web@".utf8) + [0xFF, UInt8(ascii: "\n")]
        try made.write(".git/packed-refs", packed)
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(try repository.tags(matching: "api@").count == 1)
        #expect(
            gitError { () throws(GitError) in try repository.tags(matching: "web@") }
                == .invalidReferenceName("refs/tags/web@\\xFF"))
    }

    @Test(arguments: ["", "web", "web@1\0", "../heads/main", "a..b", "-", "web@1/"])
    func aNameThatNoTagHasIsNoTag(_ name: String) throws {
        try made.git(["tag", "web@1"])
        #expect(try GitRepository.open(bare: made.gitDirectory).tag(name) == nil)
    }

    @Test func aReferenceFileLeftEmptyByAPowerCutIsAnErrorWhenAskedFor() throws {
        for name in ["web@1", "web@2"] { try made.git(["tag", name]) }
        try made.write(".git/refs/tags/web@1", "")
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(gitError { () throws(GitError) in try repository.tag("web@1") } != nil)
        #expect(try repository.tags().map(\.name) == ["web@2"])
    }

    /// `git gc` packs references while a server lists them. Tags are only added here, so none may go from the list.
    @Test func noTagIsMissedWhileReferencesArePacked() throws {
        let script = """
            cd \(made.directory) && for i in $(seq 100 130); do
                for n in $(seq 10 40); do echo create refs/tags/web@$i-$n \(commit); done | git update-ref --stdin
                git pack-refs --all --prune
            done
            """
        let repository = try GitRepository.open(bare: made.gitDirectory)
        let packing = try Command(["/bin/sh", "-c", script])
        var seen: Set<String> = []
        while packing.isRunning {
            let now = Set(try repository.tags().map(\.name))
            #expect(seen.subtracting(now).isEmpty)
            seen = now
        }
        _ = try packing.output()
        #expect(try repository.tags().count == 31 * 31)
    }
}
