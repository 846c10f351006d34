import GitRepository
import SystemPackage
import Testing

struct WorkTreeTests {
    let made: TestRepository

    init() throws { made = try TestRepository() }

    @Test func trackedAndNewFilesAreListedAndIgnoredOnesAreNot() throws {
        try made.write(".gitignore", "*.swp\n/build/\n")
        for path in ["hosts/a.yml", "hosts/b.yml", "gone", "kept.swp"] { try made.write(path, "x") }
        try made.git(["add", "--force", "."])
        try made.git(["commit", "-q", "-m", "first"])
        for path in ["hosts/c.yml", "new/deep/d", "x.swp", "build/out", "hosts/a.yml"] { try made.write(path, "y") }
        _ = try Command(["/bin/rm", "\(made.directory)/gone"]).output()
        let repository = try GitRepository.discover(from: made.path)
        let expected = [".gitignore", "hosts/a.yml", "hosts/b.yml", "hosts/c.yml", "kept.swp", "new/deep/d"]
        #expect(try repository.workTreePaths() == expected)
    }

    @Test func stagedAndNewRepositoriesAreListed() throws {
        try made.write("staged", "x")
        try made.git(["add", "staged"])
        try made.write("untracked", "x")
        #expect(try GitRepository.discover(from: made.path).workTreePaths() == ["staged", "untracked"])
    }

    @Test func aRepositoryWithinIsOnePath() throws {
        try made.write("a", "x")
        try made.write("inner/file", "x")
        try made.git(["-C", "inner", "init", "-q"])
        try made.git(["-C", "inner", "add", "file"])
        try made.git(["-C", "inner", "commit", "-q", "-m", "inner"])
        #expect(try GitRepository.discover(from: made.path).workTreePaths() == ["a", "inner"])
    }

    @Test func listingWritesNothingAndRunsNothing() throws {
        try made.write("file", "x")
        try made.write(".gitattributes", "* filter=evil diff=evil\n")
        try made.commit()
        let mark = "\(made.directory)/.git/ran"
        for key in [
            "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.command", "core.fsmonitor",
        ] {
            try made.git(["config", key, "touch \(mark)"])
        }
        _ = try Command(["/bin/cp", "-p", "\(made.directory)/.git/index", "\(made.directory)/.git/before"]).output()
        try made.write("file", "changed")
        let repository = try GitRepository.discover(from: made.path)
        #expect(try repository.workTreePaths() == [".gitattributes", "file"])
        #expect(try repository.files(at: try repository.head().commit).count == 2)
        _ = try Command(["/usr/bin/cmp", "\(made.directory)/.git/index", "\(made.directory)/.git/before"]).output()
        #expect((try? Command(["/usr/bin/test", "-e", mark]).output()) == nil)
    }

    @Test func aBareRepositoryHasNone() throws {
        let bare = try TestRepository(bare: true)
        let repository = try GitRepository.open(bare: bare.path)
        #expect(gitError { () throws(GitError) in try repository.workTreePaths() } == .noWorkTree(bare.path))
    }

    @Test func aNameThatIsNotUTF8IsNamed() throws {
        _ = try Command(["/bin/sh", "-c", "touch \"\(made.directory)/$(printf 'a\\377')\""]).output()
        let repository = try GitRepository.discover(from: made.path)
        #expect(gitError { () throws(GitError) in try repository.workTreePaths() } == .invalidPath("a\\xFF"))
    }
}
