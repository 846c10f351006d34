import Testing

@testable import RollerCtl

/// Twelve hosts of a class in two datacenters, and two releases of it.
struct RolloutTests {
    let repository: TestRepository

    init() async throws {
        var files = TestRepository.released.filter { !$0.key.hasPrefix("hosts/") }
        files["datacenters/ams1.yml"] = "platform: debian-12-x86_64\nsettings: {ntp: []}\n"
        files["roller.yml"] = "format: 1\nwaves: {web: [1, 25%, 100%]}\n"
        for number in 1...12 {
            files["hosts/web-\(number).example.com.yml"] =
                "hostclass: web@1  # pinned\ndatacenter: \(number % 3 == 0 ? "ams1" : "snc1")\n"
        }
        repository = try await TestRepository(files)
        try await repository.git("tag", "web@1")
        try await repository.commit()
        try await repository.git("tag", "web@2")
    }

    /// The hosts on a release.
    private func hosts(on release: String) throws -> Set<String> {
        Set(
            try repository.directory.names(in: "hosts").filter {
                try repository.directory.text("hosts/\($0)").hasPrefix("hostclass: \(release)  # pinned\n")
            })
    }

    @Test func theSameCommandGoesOnWhereItEnded() async throws {
        var seen: Set<String> = []
        for expected in [4, 8, 12, 12] {
            let run = await repository.run("pin", "web@2", "--class", "web", "--count", "30%")
            #expect(run.status == .fine, "\(run.errors)")
            let now = try hosts(on: "web@2")
            #expect(now.count == expected)
            #expect(seen.isSubset(of: now))
            seen = now
        }
    }

    @Test func theOrderDoesNotDependOnTheRelease() async throws {
        _ = await repository.run("pin", "web@2", "--class", "web", "--count", "3")
        let first = try hosts(on: "web@2")
        try await repository.git("checkout", "--quiet", ".")
        try await repository.git("tag", "web@3")
        _ = await repository.run("pin", "web@3", "--class", "web", "--count", "3")
        #expect(try hosts(on: "web@3") == first)
    }

    @Test func hostsAreChosenInOneDatacenter() async throws {
        let run = await repository.run("pin", "web@2", "--class", "web", "--in", "ams1", "--count", "50%")
        #expect(run.errors.hasPrefix("2 hosts of 4 of 'web' in ams1; 0 on web@2 already, 2 to go\n"), "\(run.errors)")
        let chosen = try hosts(on: "web@2")
        #expect(chosen.count == 2)
        #expect(chosen.isSubset(of: (1...4).map { "web-\($0 * 3).example.com.yml" }))
    }

    @Test func aDryRunWritesNothing() async throws {
        let run = await repository.run("pin", "web@2", "--class", "web", "--dry-run")
        #expect(run.status == .fine)
        #expect(run.errors.contains("hosts/web-1.example.com.yml: web@1 -> web@2\n"))
        #expect(run.errors.hasSuffix("nothing is written: this was a dry run\n"))
        #expect(try await repository.git("status", "--porcelain") == "")
    }

    @Test func hostsOnACommitOfTheirOwnAreLeftAlone() async throws {
        let head = try await repository.git("rev-parse", "HEAD").prefix(40)
        try repository.directory.write(["hosts/web-5.example.com.yml": "hostclass: web@\(head)\ndatacenter: snc1\n"])
        let run = await repository.run("pin", "web@2", "--class", "web")
        #expect(run.errors.contains("left alone on a commit of their own: web-5.example.com\n"), "\(run.errors)")
        #expect(try hosts(on: "web@2").count == 11)
    }

    @Test(arguments: [
        (["web@2"], "name either hosts or --class"),
        (["web@2", "web-1.example.com", "--class", "web"], "name either hosts or --class"),
        (["web@2", "web-1.example.com", "--count", "2"], "--in and --count go with --class"),
        (["web@2", "--class", "web", "--count", "0"], "use a number of hosts, as in 5, or a share of them, as in 10%"),
        (["web@2", "--class", "batch"], "'web@2' is no release of 'batch'"),
        (["web@2", "--class", "web", "--in", "snc2"], "there is no datacenter 'snc2'\nhint: did you mean 'snc1'?"),
        (["web@9", "--class", "web"], "there is no release 'web@9'"),
    ])
    func whatMakesNoSenseIsRefused(_ arguments: [String], _ words: String) async throws {
        let run = await rollerctl(["pin"] + arguments, in: repository.path)
        #expect(run.status == .failed)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    // MARK: Waves

    @Test func wavesFollowOneAnother() async throws {
        for (words, count) in [
            ("wave 1 of 3 (1 of 12 hosts): 1 host to web@2\n", 1),
            ("wave 2 of 3 (25% of 12 hosts): 2 hosts to web@2\n", 3),
            ("wave 3 of 3 (100% of 12 hosts): 9 hosts to web@2\n", 12),
            ("all 3 waves of 'web' are through: 12 of 12 hosts\n", 12),
        ] {
            let run = await repository.run("promote", "web@2")
            #expect(run.status == .fine)
            #expect(run.errors.hasPrefix(words), "\(run.errors)")
            #expect(try hosts(on: "web@2").count == count)
        }
    }

    @Test func aWaveThatIsHalfThroughIsFilledUp() async throws {
        _ = await repository.run("pin", "web@2", "--class", "web", "--count", "2")
        let run = await repository.run("promote", "web@2", "--dry-run")
        #expect(run.errors.hasPrefix("wave 2 of 3 (25% of 12 hosts): 1 host to web@2\n"), "\(run.errors)")
        #expect(try hosts(on: "web@2").count == 2)
    }

    @Test func hostsOnALaterReleaseDoNotGoBack() async throws {
        try await repository.commit()
        try await repository.git("tag", "web@3")
        _ = await repository.run("pin", "web@3", "--class", "web", "--count", "2")
        let run = await repository.run("promote", "web@2")
        #expect(run.errors.contains("wave 2 of 3 (25% of 12 hosts): 1 host to web@2\n"), "\(run.errors)")
        #expect(run.errors.contains("left alone on a later release: 2 hosts\n"))
        #expect(try hosts(on: "web@3").count == 2)
    }

    @Test func withoutWavesItSaysWhatToWrite() async throws {
        try repository.directory.write(["roller.yml": "format: 1\n"])
        let run = await repository.run("promote", "web@2")
        #expect(run.status == .failed)
        #expect(
            run.errors.contains("roller.yml has no waves for 'web'\nhint: write `waves: {web: [1, 10%, 50%, 100%]}`"))
        #expect(try hosts(on: "web@2").isEmpty)
    }
}
