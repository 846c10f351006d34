import GitRepository
import SystemPackage
import Testing

struct BlameTests {
    let made: TestRepository

    init() throws { made = try TestRepository() }

    func opened() throws -> GitRepository { try GitRepository.open(bare: made.gitDirectory) }

    /// What `git blame` says of each line; nil for one that is not committed.
    private func told(_ arguments: String...) throws -> [ObjectID?] {
        try made.git(["blame", "--porcelain"] + arguments).split(separator: "\n").compactMap { line -> ObjectID?? in
            let words = line.split(separator: " ")
            guard !line.hasPrefix("\t"), words.count >= 3, words[0].utf8.count == 40, Int(words[1]) != nil else {
                return nil
            }
            return words[0].allSatisfy { $0 == "0" } ? .some(nil) : ObjectID(hex: String(words[0]))
        }
    }

    private func history() throws -> ObjectID {
        for text in ["a\nb\nc\nd\n", "a\nB\nc\nd\n", "zero\na\nB\nc\nd\nlast", "zero\na\nB\nd\nlast\nmore"] {
            try made.write("hosts/web.yml", text)
            try made.write("other", text)
            try made.commit()
        }
        return try made.id("rev-parse", "HEAD")
    }

    @Test func eachLineComesFromTheCommitThatGitNames() throws {
        let head = try history()
        let lines = try told("HEAD", "--", "hosts/web.yml")
        #expect(Set(lines).count == 4)
        let repository = try opened()
        for (index, id) in lines.enumerated() {
            #expect(try repository.blame("hosts/web.yml", line: index + 1, at: head)?.id == id, "line \(index + 1)")
        }
    }

    @Test func aMergeIsFollowedIntoBothParents() throws {
        try made.write("file", "1\n2\n3\n4\n5\n")
        try made.commit()
        try made.git(["checkout", "-q", "-b", "side"])
        try made.write("file", "1\n2\n3\n4\nfive\n")
        try made.commit()
        try made.git(["checkout", "-q", "main"])
        try made.write("file", "one\n2\n3\n4\n5\n")
        try made.commit()
        try made.git(["merge", "-q", "-m", "merge", "side"])
        let head = try made.id("rev-parse", "HEAD")
        let repository = try opened()
        for (index, id) in try told("HEAD", "--", "file").enumerated() {
            #expect(try repository.blame("file", line: index + 1, at: head)?.id == id, "line \(index + 1)")
        }
    }

    @Test(arguments: [("hosts/web.yml", 7), ("hosts/web.yml", 0), ("hosts/web.yml", -1), ("none", 1), ("hosts", 1)])
    func whatIsNotThereComesFromNowhere(_ path: String, _ line: Int) throws {
        let head = try history()
        #expect(try opened().blame(path, line: line, at: head) == nil)
    }

    @Test(arguments: [
        "zero\na\nB\nd\nlast\nmore", "new\nzero\na\nB\nd\nlast\nmore\n", "zero\na\nB\nd\nlast\nmore\nnew\n",
        "zero\na\nnew\nB\nlast\nmore", "B\nd", "wholly\nother\n", "zero\nA\nB\nd\nlast\nMORE\n",
    ])
    func editsNotYetCommittedAreToldFromLinesThatAre(_ text: String) throws {
        let head = try history()
        try made.write("hosts/web.yml", text)
        let lines = try told("--", "hosts/web.yml")
        let repository = try opened()
        for (index, id) in lines.enumerated() {
            let found = try repository.blame("hosts/web.yml", line: index + 1, of: Array(text.utf8), since: head)
            switch (found, id) {
            case (.commit(let commit)?, let id?): #expect(commit.id == id, "line \(index + 1)")
            case (.notCommitted?, nil): break
            default: Issue.record("line \(index + 1): \(String(describing: found)), and git: \(String(describing: id))")
            }
        }
    }

    @Test func aNewFileIsNotCommitted() throws {
        let head = try history()
        let repository = try opened()
        #expect(try repository.blame("hosts/new.yml", line: 1, of: Array("a".utf8), since: head) == .notCommitted)
        #expect(try repository.blame("hosts/new.yml", line: 2, of: Array("a".utf8), since: head) == nil)
    }

    @Test func theFilesOfTheIndexAreRead() throws {
        try made.write("a", "committed")
        try made.commit()
        try made.write("a", "staged")
        try made.git(["add", "a"])
        try made.write("a", "edited")
        let files = try opened().files(ofTree: try made.id("write-tree"))
        #expect(files.map(\.path) == ["a"])
        #expect(files.map(\.bytes) == [Array("staged".utf8)])
    }
}
