import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

/// `rollerctl release`.
struct ReleaseTests {
    @Test func twoReleasesOfADayAreCounted() async throws {
        let repository = try await TestRepository(TestRepository.released)
        #expect(await repository.run("release", "web").output == "web@2026.11.22-1\n")
        #expect(await repository.run("release", "web").output == "web@2026.11.22-2\n")
        #expect(await repository.run("release", "web", now: noon + 86400).output == "web@2026.11.23-1\n")
        #expect(try await repository.git("cat-file", "-t", "web@2026.11.22-2") == "tag\n")
        #expect(
            try await repository.git("rev-parse", "web@2026.11.22-2^{commit}") == repository.git("rev-parse", "HEAD"))
    }

    @Test func aReleaseThatExistsNeverMoves() async throws {
        let repository = try await TestRepository(TestRepository.released)
        _ = await repository.run("release", "web", "one")
        let before = try await repository.git("rev-parse", "web@one")
        let run = await repository.run("release", "web", "one")
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: the release 'web@one' exists already"))
        #expect(try await repository.git("rev-parse", "web@one") == before)
    }

    @Test(arguments: [
        "hostclasses/web.yml", "hostclasses/web.lock.yml", "files/web/etc/new", "files/web/etc/web.conf.mustache",
    ])
    func uncommittedFilesOfTheClassAreNamed(_ path: String) async throws {
        let repository = try await TestRepository(TestRepository.released)
        try repository.directory.append("# x\n", to: path)
        let run = await repository.run("release", "web")
        #expect(run.status == .failed)
        #expect(
            run.errors == """
                error: files of 'web' are not committed:
                  \(path)
                hint: commit them, or let --commit commit exactly these

                """)
        #expect(try await repository.git("tag").isEmpty)
    }

    @Test func commitTakesAFileWhoseRemovalIsStaged() async throws {
        let repository = try await TestRepository(TestRepository.released)
        try await repository.git("rm", "-q", "files/web/etc/web.conf.mustache")
        let run = await repository.run("release", "web", "--commit")
        #expect(run.status == .fine, "\(run.errors)")
        #expect(try await repository.git("status", "--porcelain").isEmpty)
    }

    @Test func filesOfOthersMayBeUncommitted() async throws {
        let repository = try await TestRepository(TestRepository.released)
        try repository.directory.append("# x\n", to: "hosts/web-01.example.com.yml")
        #expect(await repository.run("release", "web").status == .fine)
    }

    @Test func commitTakesTheClassesFilesAndNothingElse() async throws {
        let repository = try await TestRepository(TestRepository.released)
        try repository.directory.append("# x\n", to: "hostclasses/web.yml")
        try repository.directory.append("new\n", to: "files/web/etc/new file")
        try repository.directory.append("# staged\n", to: "hosts/web-01.example.com.yml")
        try repository.directory.append("# not staged\n", to: "hosts/web-02.example.com.yml")
        try await repository.git("add", "hosts/web-01.example.com.yml")
        let run = await repository.run("release", "web", "--commit")
        #expect(run.status == .fine, "\(run.errors)")
        #expect(
            try await repository.git("show", "--name-only", "--format=%s", "HEAD")
                == "Release web 2026.11.22-1\n\nfiles/web/etc/new file\nhostclasses/web.yml\n")
        #expect(
            try await repository.git("status", "--porcelain")
                == "M  hosts/web-01.example.com.yml\n M hosts/web-02.example.com.yml\n")
    }

    @Test func aFileThatWasRemovedIsCommittedToo() async throws {
        let repository = try await TestRepository(TestRepository.released)
        try repository.directory.change(["files/web/etc/web.conf.mustache": nil])
        #expect(await repository.run("release", "web", "--commit").status == .fine)
        #expect(try await repository.git("ls-files", "files") == "files/web/etc/ntp.conf.mustache\n")
    }

    @Test func whatGitCommitsMustBeWhatWasChecked() async throws {
        let repository = try await TestRepository(TestRepository.released)
        try await repository.git("config", "filter.upper.clean", "tr a-z A-Z")
        try repository.directory.change([".gitattributes": "files/** filter=upper\n"])
        try await repository.commit()
        try repository.directory.append("more\n", to: "files/web/etc/web.conf.mustache")
        let run = await repository.run("release", "web", "--commit")
        #expect(run.status == .failed)
        #expect(run.errors.contains("what git committed of 'web' is not what stood in the work tree"))
        #expect(try await repository.git("tag").isEmpty)
    }

    @Test func errorsOfTheClassStopIt() async throws {
        var files = TestRepository.released
        files["files/web/etc/web.conf.mustache"] = "{{#open}}\n"
        let repository = try await TestRepository(files)
        let run = await repository.run("release", "web")
        #expect(run.status == .found)
        #expect(run.output.contains("files/web/etc/web.conf.mustache:1:"))
        #expect(run.errors == "'web' is not released: 1 error\n")
        #expect(try await repository.git("tag").isEmpty)
    }

    @Test func aHostThatWaitsForTheReleaseDoesNotStopIt() async throws {
        // Its hosts name web@2026.11.22-1, which is what is being made.
        let repository = try await TestRepository(TestRepository.released)
        #expect(await repository.run("lint").status == .found)
        #expect(await repository.run("release", "web").status == .fine)
        #expect(await repository.run("lint").status == .fine)
    }

    @Test(arguments: [
        ("hostclasses/web.lock.yml", nil, "'web' has packages and no hostclasses/web.lock.yml"),
        ("hostclasses/web.yml", "packages: {jq: 1.8}\n", "the lock of 'web' has 'jq' at 1.7-1, and the class at 1.8"),
        ("hostclasses/web.yml", "packages: {tz: 1}\n", "the lock of 'web' has no package 'tz'"),
        (
            "datacenters/snc1.yml", "platform: debian-13-arm64\n",
            "the lock of 'web' has no build of 'jq' for debian-13-arm64 or any"
        ),
    ])
    func aLockThatDoesNotCoverThePinsStopsIt(_ path: String, _ text: String?, _ message: String) async throws {
        let repository = try await TestRepository(TestRepository.released)
        try repository.directory.change([path: text])
        try await repository.commit()
        let run = await repository.run("release", "web")
        #expect(run.status == .found)
        #expect(run.output.contains(message), "\(run.output)")
    }

    @Test func aVersionThatReadsAsACommitIsRefused() async throws {
        let repository = try await TestRepository(TestRepository.released)
        #expect(await repository.run("release", "web", String(repeating: "4f", count: 20)).status == .failed)
    }

    @Test func branchAndTagArePushedTogether() async throws {
        let remote = try TemporaryDirectory()
        let repository = try await TestRepository(TestRepository.released)
        try await repository.git("init", "--quiet", "--bare", remote.path.string)
        try await repository.git("remote", "add", "origin", remote.path.string)
        let run = await repository.run("release", "web", "--push")
        #expect(run.status == .fine, "\(run.errors)")
        #expect(
            try await repository.git("ls-remote", "origin").split(separator: "\n").map { $0.split(separator: "\t")[1] }
                == ["refs/heads/main", "refs/tags/web@2026.11.22-1", "refs/tags/web@2026.11.22-1^{}"])
    }

    @Test func aPushThatFailsSaysHowToGoOn() async throws {
        let repository = try await TestRepository(TestRepository.released)
        let run = await repository.run("release", "web", "--push", "nowhere")
        #expect(run.status == .failed)
        #expect(
            run.errors.contains(
                "hint: when that is mended: git push --atomic nowhere refs/heads/main refs/tags/web@2026.11.22-1\n"))
        #expect(try await repository.git("tag") == "web@2026.11.22-1\n")
    }

    @Test(arguments: [
        (Int64(0), "1970.01.01"), (-1, "1969.12.31"), (951_782_400, "2000.02.29"), (1_735_689_599, "2024.12.31"),
        (4_107_542_400, "2100.03.01"), (noon, "2026.11.22"),
    ])
    func daysAreThoseOfUTC(_ seconds: Int64, _ day: String) { #expect("\(UTCDay(at: seconds))" == day) }

    @Test(arguments: [
        ([], 1), (["web@2026.11.22-1"], 2), (["web@2026.11.22-1", "web@2026.11.22-12", "web@2026.11.22-3"], 13),
        (["web@2026.11.21-4", "db@2026.11.22-4", "web@2026.11.22-x", "web@2026.11.22-0", "web@2026.11.22"], 1),
    ])
    func theNextNumberIsOneMoreThanTheHighest(_ tags: [String], _ number: Int) throws {
        let name = try #require(HostclassName("web"))
        let next = nextRelease(of: name, on: UTCDay(at: noon), after: tags)
        #expect(next.rawValue == "2026.11.22-\(number)")
    }
}
