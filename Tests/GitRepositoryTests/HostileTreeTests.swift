import GitRepository
import SystemPackage
import Testing

/// Trees that `git fsck` finds fault with (git's t/t1450-fsck.sh), and some that only we do.
struct HostileTreeTests {
    struct Forgery: Sendable, CustomTestStringConvertible {
        var entries: [(mode: String, name: [UInt8])]
        var problem: EntryProblem
        var name: String

        init(_ entries: [(String, String)], _ problem: EntryProblem, at name: String? = nil) {
            self.init(bytes: entries.map { ($0.0, Array($0.1.utf8)) }, problem, at: name ?? entries.last?.1 ?? "")
        }

        init(bytes: [(String, [UInt8])], _ problem: EntryProblem, at name: String) {
            (entries, self.problem, self.name) = (bytes, problem, name)
        }

        var testDescription: String { "\(problem) at \(name)" }
    }

    static let forgeries = [
        Forgery([("100644", ".git")], .dotGit),
        Forgery([("40000", ".git")], .dotGit),
        Forgery([("100644", ".GiT")], .dotGit),
        Forgery([("100644", ".")], .dots),
        Forgery([("40000", "..")], .dots),
        Forgery([("100644", "a/b")], .slash),
        Forgery([("100644", "/etc")], .slash),
        Forgery([("120000", "../x")], .slash),
        Forgery([("100644", "")], .malformed, at: "100644 \\x00"),
        Forgery([("0100644", "f")], .mode("0100644")),
        Forgery([("040000", "d")], .mode("040000")),
        Forgery([("100600", "f")], .mode("100600")),
        Forgery([("104755", "f")], .mode("104755")),
        Forgery([("10644", "f")], .mode("10644")),
        Forgery([("", "f")], .mode("")),
        Forgery([("20000", "tty")], .mode("20000")),
        Forgery([("100644", "a"), ("100644", "a")], .duplicate),
        Forgery([("40000", "a"), ("40000", "a")], .duplicate),
        Forgery([("100644", "a"), ("40000", "a")], .duplicate),
        Forgery([("100644", "a"), ("100644", "a.b"), ("40000", "a")], .duplicate),
        Forgery([("100644", "a"), ("100644", "a-"), ("100644", "a.b"), ("40000", "a")], .duplicate),
        Forgery([("100644", "b"), ("100644", "a")], .unsorted),
        Forgery([("40000", "a"), ("100644", "a.b")], .unsorted),
        Forgery([("100644", "e\u{301}"), ("100644", "\u{E9}")], .equivalent),
        Forgery([("100644", "\u{301}a")], .joinsSeparator),
        Forgery([("100644", "a\u{600}")], .joinsSeparator),
        Forgery([("100644", String(repeating: "a", count: 256))], .tooLong),
        Forgery(bytes: [("100644", [0x61, 0xFF])], .notUTF8, at: "a\\xFF"),
        Forgery(bytes: [("100644", [0xED, 0xA0, 0x80])], .notUTF8, at: "\\xED\\xA0\\x80"),
    ]

    @Test(arguments: forgeries)
    func eachForgeryIsNamed(_ forgery: Forgery) throws {
        let made = try TestRepository()
        let (blob, empty) = (try made.blob("x"), try made.forgedTree([]))
        let tree = try made.forgedTree(
            forgery.entries.map { ($0.mode, $0.name, $0.mode.hasSuffix("40000") ? empty : blob) })
        let commit = try made.commit(tree: try made.forgedTree([("40000", Array("sub".utf8), tree)]))
        let repository = try GitRepository.open(bare: made.gitDirectory)
        let expected = GitError.invalidEntry(
            forgery.name.isEmpty ? "sub" : "sub/\(forgery.name)", in: tree, problem: forgery.problem)
        let parent = try made.commit()
        for error in [
            gitError({ () throws(GitError) in try repository.files(at: commit) }),
            gitError({ () throws(GitError) in try repository.entries(at: commit, under: ["sub/x"]) }),
            gitError({ () throws(GitError) in try repository.file("sub/x", at: commit) }),
            gitError({ () throws(GitError) in try repository.changes(from: parent, to: commit) }),
        ] {
            if case .malformed = forgery.problem, case .invalidEntry(_, tree, .malformed)? = error { continue }
            #expect(error == expected)
        }
    }

    @Test(arguments: ["1", "100644", "100644 ", "100644 name", "100644 name\0", "100644 name\0nineteen bytes of i"])
    func aTreeThatEndsWithinAnEntryIsMalformed(_ text: String) throws {
        let made = try TestRepository()
        let tree = try made.forgedTree(bytes: Array(text.utf8))
        let commit = try made.commit(tree: tree)
        let repository = try GitRepository.open(bare: made.gitDirectory)
        guard
            case .invalidEntry(_, tree, .malformed)? = gitError({ () throws(GitError) in
                try repository.files(at: commit)
            })
        else {
            Issue.record("read")
            return
        }
    }

    @Test func aFileWhereADirectoryShouldBeIsSaidSo() throws {
        let made = try TestRepository()
        let blob = try made.blob("x")
        let commit = try made.commit(tree: try made.forgedTree([("40000", Array("d".utf8), blob)]))
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(
            gitError { () throws(GitError) in try repository.files(at: commit) }
                == .wrongKind(blob, of: "directory 'd'", expected: .tree, found: .blob))
    }

    @Test func aPathLongerThanLinuxAllowsIsRefused() throws {
        let made = try TestRepository()
        var tree = try made.forgedTree([("100644", Array("f".utf8), try made.blob("x"))])
        for _ in 0..<16 {
            tree = try made.forgedTree([("40000", [UInt8](repeating: UInt8(ascii: "d"), count: 255), tree)])
        }
        let commit = try made.commit(tree: tree)
        let repository = try GitRepository.open(bare: made.gitDirectory)
        guard
            case .invalidEntry(_, in: _, problem: .tooLong)? = gitError({ () throws(GitError) in
                try repository.entries(at: commit)
            })
        else {
            Issue.record("listed")
            return
        }
    }

    @Test func ordinaryNamesThatLookOddAreRead() throws {
        let made = try TestRepository()
        let names = [" ", "-", "...", ".gitignore", "C:\\x", "a\nb", "git", "名前", "👩‍👧"]
        let blob = try made.blob("x")
        let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let commit = try made.commit(tree: try made.forgedTree(sorted.map { ("100644", Array($0.utf8), blob) }))
        #expect(try GitRepository.open(bare: made.gitDirectory).entries(at: commit).map(\.path) == sorted)
    }
}
