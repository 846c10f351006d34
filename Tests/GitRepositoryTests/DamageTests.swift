import GitRepository
import SystemPackage
import Testing

/// Repositories that are broken, or change while they are open.
struct DamageTests {
    let made: TestRepository

    init() throws {
        made = try TestRepository()
        for number in 0..<20 { try made.write("files/\(number)", String(repeating: "\(number) ", count: 500)) }
        try made.commit()
    }

    func opened() throws -> GitRepository { try GitRepository.open(bare: made.gitDirectory) }
    func packs() throws -> [String] {
        try made.git(["rev-parse", "--git-path", "objects/pack"]).isEmpty
            ? []
            : String(
                decoding: Command(["/bin/sh", "-c", "ls \(made.directory)/.git/objects/pack/*.pack"]).output(),
                as: UTF8.self
            )
            .split(separator: "\n").map(String.init)
    }

    @Test func aMissingBlobIsNamedWithItsFile() throws {
        let gone = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        let text = "100644 blob \(gone)\tweb.yml\n"
        let commit = try made.commit(tree: try made.id("mktree", "--missing", input: Array(text.utf8)))
        let repository = try opened()
        #expect(try repository.entries(at: commit).map(\.id) == [gone])
        guard
            case .missingObject(gone, of: "file 'web.yml'", isShallow: false, detail: _)? = gitError({
                () throws(GitError) in try repository.files(at: commit)
            })
        else {
            Issue.record("read")
            return
        }
    }

    @Test func aMissingTreeIsNamedWithItsDirectory() throws {
        let gone = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        let text = "040000 tree \(gone)\thosts\n"
        let commit = try made.commit(tree: try made.id("mktree", "--missing", input: Array(text.utf8)))
        let repository = try opened()
        guard
            case .missingObject(gone, of: "directory 'hosts'", isShallow: false, detail: _)? = gitError({
                () throws(GitError) in try repository.entries(at: commit)
            })
        else {
            Issue.record("read")
            return
        }
    }

    @Test func anObjectWithOtherBytesThanItsNameSaysIsNotHandedOut() throws {
        let (good, bad) = (try made.blob("good"), try made.blob("evil"))
        func loose(_ id: ObjectID) -> String { ".git/objects/\("\(id)".prefix(2))/\("\(id)".dropFirst(2))" }
        _ = try Command(["/bin/mv", "-f", "\(made.directory)/\(loose(bad))", "\(made.directory)/\(loose(good))"])
            .output()
        let repository = try opened()
        guard case .corruptObject(good, _, _)? = gitError({ () throws(GitError) in try repository.blob(good) }) else {
            Issue.record("\(String(describing: gitError { () throws(GitError) in try repository.blob(good) }))")
            return
        }
    }

    @Test(arguments: [0, 11, 12, 40, 300, 1500])
    func aPackCutShortIsAnError(_ size: Int) throws {
        try made.git(["repack", "-adq"])
        let commit = try made.id("rev-parse", "HEAD")
        for pack in try packs() {
            _ = try Command(["/usr/bin/truncate", "-s", "\(size)", pack]).output()
        }
        let repository = try opened()
        switch gitError({ () throws(GitError) in try repository.files(at: commit) }) {
        case .missingObject?, .corruptObject?: break
        case let error: Issue.record("\(String(describing: error))")
        }
    }

    /// Every 37th byte of a pack, flipped: each time an error or the right files.
    @Test func aPackWithOneWrongByteNeverYieldsWrongFiles() throws {
        try made.git(["repack", "-adq"])
        let commit = try made.id("rev-parse", "HEAD")
        let right = try opened().files(at: commit)
        let pack = try #require(try packs().first)
        let bytes = try Command(["/bin/cat", pack]).output()
        _ = try Command(["/bin/chmod", "u+w", pack]).output()
        let relative = String(pack.dropFirst(made.directory.utf8.count + 1))
        var refused = 0
        for index in stride(from: 0, to: bytes.count, by: 37) {
            var altered = bytes
            altered[index] ^= 0x55
            try made.write(relative, altered)
            let repository = try opened()
            do throws(GitError) {
                #expect(try repository.files(at: commit) == right, "byte \(index)")
            } catch { refused += 1 }
        }
        #expect(refused > 20)
    }

    @Test func whatIsPushedWhileOpenIsSeen() throws {
        let repository = try opened()
        let before = try repository.head().commit
        _ = try repository.files(at: before)
        try made.write("new", "new")
        let after = try made.commit()
        try made.git(["tag", "web@1"])
        #expect(try repository.head().commit == after)
        #expect(try repository.tag("web@1")?.target == after)
        #expect(try repository.file("new", at: after)?.bytes == Array("new".utf8))
        try made.git(["update-ref", "refs/heads/main", "\(before)"])
        #expect(try repository.head().commit == before)
    }

    @Test(arguments: [["repack", "-adq"], ["repack", "-adqm"], ["gc", "-q", "--prune=now"]])
    func repackingWhileOpenLosesNothing(_ arguments: [String]) throws {
        let read = try opened()
        let unread = try opened()
        let first = try made.id("rev-parse", "HEAD")
        let files = try read.files(at: first)
        for round in 0..<3 {
            try made.write("round", "\(round)")
            let next = try made.commit()
            try made.git(arguments)
            try made.git(["pack-refs", "--all"])
            #expect(try read.files(at: first) == files)
            #expect(try unread.head().commit == next)
            #expect(try read.files(at: next).count == files.count + 1)
        }
        #expect(try unread.files(at: first) == files)
    }

    @Test func oneValueForEachThreadReadsAtOnce() async throws {
        let commit = try made.id("rev-parse", "HEAD")
        let path = made.gitDirectory
        let expected = try opened().files(at: commit)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    let repository = try GitRepository.open(bare: path)
                    for _ in 0..<20 {
                        #expect(try repository.files(at: commit) == expected)
                        #expect(
                            gitError { () throws(GitError) in try repository.resolve("none") }
                                == .noSuchRevision("none"))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func anActorMayOwnARepository() async throws {
        let reader = try Reader(made.gitDirectory)
        #expect(try await reader.count() == 20)
    }

    private actor Reader {
        private let repository: GitRepository
        init(_ path: FilePath) throws(GitError) { repository = try GitRepository.open(bare: path) }
        func count() throws(GitError) -> Int { try repository.files(at: try repository.head().commit).count }
    }
}
