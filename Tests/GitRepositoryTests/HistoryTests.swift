import GitRepository
import SystemPackage
import Testing

struct HistoryTests {
    let made: TestRepository

    init() throws { made = try TestRepository() }

    func opened() throws -> GitRepository { try GitRepository.open(bare: made.gitDirectory) }

    @Test func aCommitSaysWhoWhenAndWhy() throws {
        try made.write("file", "x")
        let first = try made.commit("first")
        let second = try made.commit("Raise the limit\n\nBecause of the load.")
        let commit = try opened().commit(second)
        #expect(
            commit
                == GitCommit(
                    id: second, tree: try made.id("rev-parse", "HEAD^{tree}"), parents: [first],
                    author: GitSignature(name: "Ann", email: "ann@example.com", time: 1_700_000_000),
                    committer: GitSignature(name: "Bob", email: "bob@example.com", time: 1_700_000_001),
                    summary: "Raise the limit", message: "Raise the limit\n\nBecause of the load.\n"))
        #expect(commit.time == 1_700_000_001)
    }

    @Test func aCommitThatMakesNoSenseIsCorrupt() throws {
        let id = try made.id("hash-object", "-t", "commit", "--literally", "-w", "--stdin", input: Array("junk".utf8))
        let repository = try opened()
        for error in [
            gitError({ () throws(GitError) in try repository.commit(id) }),
            gitError({ () throws(GitError) in try repository.files(at: id) }),
        ] {
            guard case .corruptObject(id, of: "a commit", detail: _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func descentGoesOneWay() throws {
        let first = try made.commit("first")
        let second = try made.commit("second")
        try made.git(["checkout", "-q", "-b", "side", "\(first)"])
        let side = try made.commit("side")
        try made.git(["checkout", "-q", "--orphan", "alone"])
        let alone = try made.commit("alone")
        let repository = try opened()
        for (ancestor, commit, expected) in [
            (first, second, true), (second, first, false), (first, first, true), (second, side, false),
            (alone, side, false), (side, alone, false),
        ] {
            #expect(try repository.isAncestor(ancestor, of: commit) == expected)
        }
    }

    @Test func commitsOfARangeComeNewestFirst() throws {
        let ids = try (1...4).map { try made.commit("\($0)") }
        let repository = try opened()
        #expect(try repository.commits(from: ids[0], to: ids[3], limit: 10).map(\.id) == [ids[3], ids[2], ids[1]])
        #expect(try repository.commits(from: nil, to: ids[3], limit: 2).map(\.id) == [ids[3], ids[2]])
        #expect(try repository.commits(from: ids[3], to: ids[3], limit: 10) == [])
        #expect(try repository.commits(from: ids[3], to: ids[1], limit: 10) == [])
    }

    @Test func theLastChangeOfAPathIsFound() throws {
        try made.write("hosts/a.yml", "1")
        let first = try made.commit("first")
        try made.write("hosts/b.yml", "1")
        let second = try made.commit("second")
        try made.write("other", "1")
        let third = try made.commit("third")
        let repository = try opened()
        #expect(try repository.lastChange(of: "hosts/a.yml", at: third)?.id == first)
        #expect(try repository.lastChange(of: "hosts", at: third)?.id == second)
        #expect(try repository.lastChange(of: "other", at: third)?.id == third)
        #expect(try repository.lastChange(of: "other", at: second) == nil)
        #expect(
            gitError { () throws(GitError) in try repository.lastChange(of: "hosts/a.yml", at: third, limit: 2) }
                == .overLimit(.commits, at: "'hosts/a.yml'", limit: 2))
    }

    @Test func changesAreWhatGitSaysTheyAre() throws {
        for path in ["keep", "edit", "drop", "mode", "to-dir", "dir/a", "dir/b", "gone/x/y", "a.b", "a/c"] {
            try made.write(path, path)
        }
        let old = try made.commit("old")
        try made.write("edit", "edited")
        try made.git(["rm", "-rq", "drop", "to-dir", "gone", "a.b"])
        try made.write("to-dir/inner", "x")
        try made.write("gone", "now a file")
        try made.write("dir/c", "dir/a")
        try made.git(["update-index", "--chmod=+x", "mode"])
        try made.git(["add", "edit", "to-dir", "gone", "dir"])
        try made.git(["commit", "-q", "-m", "new"])
        let new = try made.id("rev-parse", "HEAD")
        let repository = try opened()
        for (from, to) in [(old, new), (new, old)] {
            let told = try made.git(["diff-tree", "-r", "--no-renames", "--name-status", "\(from)", "\(to)"])
            let lines = try repository.changes(from: from, to: to).map { change in
                switch change {
                case .added: "A\t\(change.path)"
                case .removed: "D\t\(change.path)"
                case .modified: "M\t\(change.path)"
                }
            }
            #expect(lines == told.split(separator: "\n").map(String.init))
            #expect(lines.count == 9)
        }
        #expect(try repository.changes(from: nil, to: new).count == repository.entries(at: new).count)
        #expect(try repository.changes(from: new, to: new) == [])
    }

    @Test func aModeAloneIsAChange() throws {
        try made.write("run", "x")
        let old = try made.commit()
        try made.git(["update-index", "--chmod=+x", "run"])
        try made.git(["commit", "-q", "-m", "executable"])
        let new = try made.id("rev-parse", "HEAD")
        let blob = try made.blob("x")
        #expect(
            try opened().changes(from: old, to: new) == [
                .modified(
                    from: GitEntry(path: "run", mode: .regular, id: blob),
                    to: GitEntry(path: "run", mode: .executable, id: blob))
            ])
    }

    @Test func aShallowCloneSaysSo() throws {
        let first = try made.commit("first")
        try made.write("file", "x")
        let second = try made.commit("second")
        try made.git(["clone", "-q", "--depth", "1", "file://\(made.directory)", "clone"])
        let repository = try GitRepository.open(bare: made.path.appending("clone/.git"))
        #expect(try repository.files(at: second).count == 1)
        for error in [
            gitError({ () throws(GitError) in try repository.commits(from: nil, to: second, limit: 10) }),
            gitError({ () throws(GitError) in try repository.lastChange(of: "file", at: second) }),
            gitError({ () throws(GitError) in try repository.isAncestor(first, of: second) }),
        ] {
            #expect(error?.hint == "the clone is shallow; run: git fetch --unshallow")
        }
    }
}
