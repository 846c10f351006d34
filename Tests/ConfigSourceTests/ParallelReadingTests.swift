import ConfigSource
import GitRepository
import LinuxSystem
import RollerCore
import Testing

/// Reading on all cores says what reading in one piece says.
struct ParallelReadingTests {
    /// More hosts than one task reads; every tenth is broken, in one of several ways.
    private func repository() throws -> (TestRepository, head: ObjectID) {
        let repository = try TestRepository()
        try repository.commit(tag: "web@1")
        try repository.write("hostclasses/web.yml", "settings: {workers: 5}\n")
        try repository.commit(tag: "web@2")
        let faults = ["a: [\n", "hostclass: web@3\ndatacenter: snc1\n", "hostclass: web@1\ndatacenter: ams1\n"]
        for number in 0..<1200 {
            let good = "hostclass: web@\(1 + number % 2)\ndatacenter: snc1\nsettings: {workers: \(number)}\n"
            try repository.write(
                "hosts/h\(number).example.com.yml", number % 10 == 0 ? faults[number / 10 % faults.count] : good)
        }
        try repository.write("hosts/folder/x.yml", "")
        try repository.write("users/ann.yml", "uid: 2000\n")
        try repository.write("groups/ops.yml", "gid: 2000\nmembers: [ann, bob]\n")
        return (repository, try repository.commit())
    }

    private func workers(_ snapshot: Snapshot) -> [HostName: Value?] {
        snapshot.repo.hosts.mapValues { snapshot.resolve($0.name)?.host?.bundle.settings["workers"] }
    }

    @Test func aCommitIsTheSame() async throws {
        let (repository, head) = try repository()
        let git = try repository.open()
        let one = try ConfigSource.snapshot(of: git, at: head)
        let all = try await ConfigSource.snapshot(ofRepositoryAt: git.place, at: head)
        #expect(all.repo.hosts.count == 1161)
        #expect(all.findings == one.findings)
        #expect(all.lint() == one.lint())
        #expect(workers(all) == workers(one))
        #expect(all.revision == one.revision)
        #expect(all.committed == one.committed)
    }

    @Test func aWorkTreeIsTheSame() async throws {
        let (repository, _) = try repository()
        try repository.write("hosts/h1.example.com.yml", "hostclass: web@1\n")
        let git = try repository.open()
        let files = try ConfigSource.workTreeFiles(of: git, in: try Directory.open(repository.path))
        let again = try await ConfigSource.workTreeFiles(of: git, at: repository.path)
        #expect(again == files)
        let one = try ConfigSource.snapshot(ofWorkTree: files, of: git)
        let all = try await ConfigSource.snapshot(ofWorkTree: files, ofRepositoryAt: git.place)
        #expect(all.lint() == one.lint())
    }

    @Test func filesComeInTheOrderOfTheirPaths() async throws {
        let (repository, head) = try repository()
        let git = try repository.open()
        let files = try await ConfigSource.files(ofRepositoryAt: git.place, at: head, under: ["hosts"])
        #expect(files == (try ConfigSource.files(of: git, at: head, under: ["hosts"])))
    }

    /// No task alone reads more than the limit; all of them together do.
    @Test func theLimitOfBytesHoldsForAllTasksTogether() async throws {
        let (repository, head) = try repository()
        let place = try repository.open().place
        let limits = GitLimits(totalBytes: 40_000)
        await #expect(throws: GitError.self) {
            try await ConfigSource.snapshot(ofRepositoryAt: place, at: head, limits: limits)
        }
    }
}
