import Testing

@testable import RollerCtl

/// `rollerctl lint --range`.
struct LintRangeTests {
    private static let limited = TestRepository.released.merging(
        ["roller.yml": "format: 1\nlimits: {hosts-per-commit: 1}\n"]) { _, new in new }

    /// A repository whose commits may touch one host without a word.
    private func limited() async throws -> TestRepository {
        let repository = try await TestRepository(LintRangeTests.limited)
        try await repository.git("tag", "web@2026.11.22-1")
        return repository
    }

    private func commit(_ message: String, in repository: TestRepository) async throws {
        try await repository.git("add", "--all")
        try await repository.git("commit", "--quiet", "--allow-empty", "-m", message)
    }

    private let otherTime: [String: String?] = [
        "datacenters/snc1.yml": "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.9]}\n"
    ]

    @Test func onlyWhatIsNewIsSaid() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("tpyo: 1\n", to: "hosts/web-01.example.com.yml")
        try await repository.commit()
        try repository.directory.append("tpyo: 1\n", to: "hosts/web-02.example.com.yml")
        try await repository.commit()
        let run = await repository.run("lint", "--range", "HEAD~1..HEAD")
        #expect(run.status == .found)
        #expect(run.output.hasPrefix("hosts/web-02.example.com.yml:5:1: error[RLR0201]"))
        #expect(!run.output.contains("web-01"))
        #expect(run.errors == "HEAD~1..HEAD: 1 error in 1 host that it can affect\n")
        #expect(await repository.run("lint", "--range", "HEAD~2..HEAD~1").output.contains("web-01"))
        #expect(await repository.run("lint", "--range", "HEAD..HEAD").status == .fine)
    }

    @Test(arguments: [["HEAD..nowhere"], ["HEAD...HEAD"], ["HEAD", "--at", "HEAD"], ["HEAD", "--manifests", "."]])
    func whatIsNoRangeFails(_ arguments: [String]) async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await rollerctl(["lint", "--range"] + arguments, in: repository.path).status == .failed)
    }

    @Test func warningsFailWhereTheyAreToldTo() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml": "packages: {jq: 1.8-1}\nsettings: {workers: 4}\nrequired: {ntp: list}\n"
        ])
        let run = await repository.run("lint", "--range", "HEAD")
        #expect(run.status == .fine)
        #expect(run.output.contains("warning[RLR0303]"))
        #expect(await repository.run("lint", "--range", "HEAD", "--strict").status == .found)
        #expect(await repository.run("lint", "--range", "HEAD", "--min-severity", "error").output.isEmpty)
    }

    @Test func theWorkTreeIsComparedToo() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("tpyo: 1\n", to: "hosts/web-01.example.com.yml")
        let run = await repository.run("lint", "--range", "HEAD", "--format", "json")
        #expect(run.status == .found)
        #expect(run.output.contains("\"code\": \"RLR0201\""))
    }

    @Test func whatOnlyMovedIsNotNew() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("tpyo: 1\n", to: "hosts/web-01.example.com.yml")
        try await repository.commit()
        try repository.directory.write([
            "hosts/web-01.example.com.yml": "# moved\nhostclass: web@2026.11.22-1\ndatacenter: snc1\ntpyo: 1\n"
        ])
        try await repository.commit()
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
    }

    @Test func aCommitAboveTheLimitMustSaySo() async throws {
        let repository = try await limited()
        try repository.directory.write(otherTime)
        try await commit("Other time", in: repository)
        let short = try await repository.git("rev-parse", "HEAD").prefix(12)
        let run = await repository.run("lint", "--range", "HEAD~1..HEAD")
        #expect(run.status == .found)
        #expect(
            run.output == """
                commit \(short): error[RLR0407]: the commit touches 2 hosts, more than the 1 that roller.yml allows without a word, and its message does not say so
                hint: end the message with the line `Roller-Hosts: 2`, as in `git commit --amend --trailer 'Roller-Hosts: 2'`


                """)
        try await repository.git("commit", "--amend", "--quiet", "-m", "Other time", "-m", "Roller-Hosts: 2")
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
        try await repository.git("commit", "--amend", "--quiet", "-m", "Other time", "-m", "Roller-Hosts: 3")
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").output.contains("its message says 3"))
    }

    @Test func aCommitOfOneHostNeedsNoWord() async throws {
        let repository = try await limited()
        try repository.directory.append("settings: {workers: 5}\n", to: "hosts/web-01.example.com.yml")
        try await commit("One host", in: repository)
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
    }

    @Test func aCommitThatTouchesFilesAndNoBundleCountsNothing() async throws {
        let repository = try await limited()
        for name in ["web-01", "web-02"] {
            try repository.directory.append("# a note\n", to: "hosts/\(name).example.com.yml")
        }
        try await commit("Notes", in: repository)
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
    }

    @Test func noCommitLiftsTheLimitThatItBreaks() async throws {
        let repository = try await limited()
        try repository.directory.write(otherTime.merging(["roller.yml": "format: 1\n"]) { _, new in new })
        try await commit("Other time, and no limit", in: repository)
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").output.contains("RLR0407"))
    }

    @Test func everyCommitOfARangeIsAsked() async throws {
        let repository = try await limited()
        try repository.directory.write(otherTime)
        try await commit("Other time", in: repository)
        try await commit("Nothing", in: repository)
        #expect(await repository.run("lint", "--range", "HEAD~2..HEAD").output.contains("RLR0407"))
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
        #expect(await repository.run("lint", "--range", "HEAD~2").output.contains("RLR0407"))
    }

    @Test func aMergeIsAskedForWhatNoneOfItsParentsHas() async throws {
        let repository = try await limited()
        try await repository.git("checkout", "--quiet", "-b", "topic")
        try repository.directory.write(otherTime)
        try await commit("Other time\n\nRoller-Hosts: 2", in: repository)
        try await repository.git("checkout", "--quiet", "main")
        for name in ["web-01", "web-02"] {
            try repository.directory.append("# a note\n", to: "hosts/\(name).example.com.yml")
        }
        try await commit("Notes", in: repository)
        try await repository.git("merge", "--quiet", "--no-edit", "topic")
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").status == .fine)
        try repository.directory.write([
            "datacenters/snc1.yml": "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.10]}\n"
        ])
        try await repository.git("commit", "--quiet", "--all", "--amend", "--no-edit")
        #expect(await repository.run("lint", "--range", "HEAD~1..HEAD").output.contains("RLR0407"))
    }

    /// What is read for a range is a part; what is said of it is as if all had been read.
    @Test(arguments: 0..<12)
    func itSaysWhatTheWholeSays(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed &+ 1000)
        let random1 = try await RandomRepository(&random)
        let repository = random1.repository
        let old = await repository.run("lint", "--at", "HEAD", "--format", "json").output
        for _ in 0..<3 { try random1.edit(&random) }
        try await repository.commit()
        let new = await repository.run("lint", "--at", "HEAD", "--format", "json").output
        let range = await repository.run("lint", "--range", "HEAD~1..HEAD", "--format", "json").output
        let known = Set(findings(old))
        #expect(Set(findings(range)) == Set(findings(new)).subtracting(known))
    }

    /// Code, severity, file and message of each finding but notes; not those of related places.
    private func findings(_ json: String) -> [String] {
        let wanted = ["\"code\": ", "\"severity\": ", "\"file\": ", "\"message\": "]
        return json.split(separator: "    {\n").dropFirst().map { part in
            part.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { line in
                part.contains("      \(line)") && wanted.contains { line.hasPrefix($0) }
            }.prefix(4).joined(separator: " ")
        }.filter { $0.hasPrefix("\"code\"") && !$0.contains("\"severity\": \"note\"") }
    }
}
