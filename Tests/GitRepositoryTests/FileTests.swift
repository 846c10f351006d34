import GitRepository
import SystemPackage
import Testing

struct FileTests {
    let made: TestRepository
    let commit: ObjectID

    init() throws {
        made = try TestRepository()
        try made.write("hosts/web-1.yml", "one")
        try made.write("hosts-old/x", "old")
        try made.write("hosts.txt", "list")
        try made.write("bin/run", Array("#!/bin/sh\n".utf8), mode: 0o755)
        try made.write("é/naïve", [0, 0xFF, 10])
        try made.git(["config", "core.autocrlf", "true"])
        try made.write(".gitattributes", "* text eol=crlf filter=evil\n")
        try made.git(["update-index", "--add", "--cacheinfo", "120000,\(try made.blob("/etc/passwd")),link"])
        try made.git(["update-index", "--add", "--cacheinfo", "160000,\(String(repeating: "5", count: 40)),module"])
        try made.git(["add", "--all", "hosts", "hosts-old", "hosts.txt", "bin", "é", ".gitattributes"])
        try made.git(["commit", "-q", "-m", "all kinds"])
        commit = try made.id("rev-parse", "HEAD")
    }

    func opened() throws -> GitRepository { try GitRepository.open(bare: made.gitDirectory) }

    @Test func filesComeInByteOrderAsGitListsThem() throws {
        let listed = try made.git(["-c", "core.quotepath=off", "ls-tree", "-r", "HEAD"])
        let modes = [FileMode.regular: "100644", .executable: "100755", .symlink: "120000", .submodule: "160000"]
        let lines = try opened().entries(at: commit).map { entry in
            "\(modes[entry.mode] ?? "") \(entry.mode == .submodule ? "commit" : "blob") \(entry.id)\t\(entry.path)"
        }
        #expect(lines.joined(separator: "\n") == listed)
        #expect(lines.count == 8)
    }

    @Test func bytesAreThoseCommittedWithoutFilters() throws {
        let files = try opened().files(at: commit)
        let bytes = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.bytes) })
        #expect(bytes["bin/run"] == Array("#!/bin/sh\n".utf8))
        #expect(bytes["é/naïve"] == [0, 0xFF, 10])
        #expect(bytes["link"] == Array("/etc/passwd".utf8))
        #expect(bytes["module"] == [])
    }

    @Test(arguments: [
        (["hosts"], ["hosts/web-1.yml"]),
        (["hosts.txt", "bin/run"], ["bin/run", "hosts.txt"]),
        (["hosts", "hosts/web-1.yml", "hosts"], ["hosts/web-1.yml"]),
        (["hosts/web-1.yml", "hosts-old"], ["hosts-old/x", "hosts/web-1.yml"]),
        (["nothing", "hosts/nothing", "hosts.txt/below"], []),
    ])
    func onlyWhatStandsBelowThePathsIsRead(_ paths: [String], _ expected: [String]) throws {
        #expect(try opened().files(at: commit, under: paths).map(\.path) == expected)
    }

    @Test func oneFileIsFoundByItsPath() throws {
        let repository = try opened()
        #expect(try repository.file("hosts/web-1.yml", at: commit)?.bytes == Array("one".utf8))
        #expect(try repository.file("bin/run", at: commit)?.mode == .executable)
        for path in ["hosts", "hosts/web-2.yml", "hosts.txt/x", "module/x", "link/x"] {
            #expect(try repository.file(path, at: commit) == nil, "\(path)")
        }
    }

    @Test(arguments: ["", "/", "/hosts", "hosts/", "a//b", ".", "a/..", "../x", "a/.git/config", "a/.GIT", "a\0b"])
    func pathsThatNoTreeHoldsAreRefused(_ path: String) throws {
        let repository = try opened()
        for error in [
            gitError({ () throws(GitError) in try repository.file(path, at: commit) }),
            gitError({ () throws(GitError) in try repository.files(at: commit, under: [path]) }),
        ] {
            guard case .invalidPath? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func anotherNormalFormIsAnotherPath() throws {
        #expect(try opened().file("e\u{301}/naïve", at: commit) == nil)
        #expect(try opened().files(at: commit, under: ["e\u{301}"]) == [])
    }

    @Test func aTreeOrATagIsNoCommit() throws {
        let tree = try made.id("rev-parse", "HEAD^{tree}")
        let repository = try opened()
        #expect(
            gitError { () throws(GitError) in try repository.files(at: tree) } == .notACommit("\(tree)", kind: .tree))
        #expect(
            gitError { () throws(GitError) in try repository.blob(tree) }
                == .wrongKind(tree, of: "blob \(tree)", expected: .blob, found: .tree))
    }

    @Test func anEmptyCommitHasNoFiles() throws {
        let empty = try TestRepository()
        let commit = try empty.commit()
        #expect(try GitRepository.open(bare: empty.gitDirectory).files(at: commit) == [])
    }

    @Test func eachLimitIsKept() throws {
        try made.write("big", [UInt8](repeating: 1, count: 1000))
        try made.write("a/b/c/d", "deep")
        try made.git(["add", "big", "a"])
        try made.git(["commit", "-q", "-m", "large"])
        let commit = try made.id("rev-parse", "HEAD")
        let repository = try opened()
        func limited(_ limits: GitLimits) -> GitError? {
            gitError { () throws(GitError) in try repository.files(at: commit, limits: limits) }
        }
        #expect(limited(GitLimits(fileBytes: 999)) == .tooLarge("file 'big'", size: 1000, limit: 999))
        #expect(limited(GitLimits(fileBytes: 1000)) == nil)
        #expect(limited(GitLimits(depth: 3)) == .overLimit(.depth, at: "'a/b/c'", limit: 3))
        #expect(limited(GitLimits(depth: 4)) == nil)
        // Ten files and the directories a, a/b, a/b/c, bin, hosts, hosts-old, é.
        #expect(limited(GitLimits(entries: 16)) == .overLimit(.entries, at: "'é/naïve'", limit: 16))
        #expect(limited(GitLimits(entries: 17)) == nil)
        #expect(limited(GitLimits(totalBytes: 1000)) == .overLimit(.totalBytes, at: "'big'", limit: 1000))
    }

    /// Ten directories, each naming the next one ten times over: a few hundred bytes that unpack to ten milliards.
    @Test func aTreeThatNamesItselfManyTimesStopsAtTheLimit() throws {
        var tree = try made.forgedTree([("100644", Array("f".utf8), try made.blob("x"))])
        for _ in 0..<10 {
            let inner = tree
            tree = try made.forgedTree((0..<10).map { ("40000", Array("d\($0)".utf8), inner) })
        }
        let bomb = try made.commit(tree: tree)
        let repository = try opened()
        let error = gitError { () throws(GitError) in
            try repository.entries(at: bomb, limits: GitLimits(entries: 10_000))
        }
        guard case .overLimit(.entries, _, 10_000)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
