import Testing

@testable import RollerCtl

/// `rollerctl diff`.
struct DiffTests {
    @Test func nothingDiffersFromItself() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("diff")
        #expect(run.status == .fine)
        #expect(run.output.isEmpty)
        #expect(run.errors == "nothing for any of 2 hosts\n")
    }

    @Test func anEditInTheWorkTreeShowsWhatItDoes() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hosts/web-01.example.com.yml": "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {workers: 6}\n"
        ])
        let run = await repository.run("diff")
        #expect(run.status == .found)
        #expect(
            run.output == """
                == web-01.example.com: changed
                  settings
                    workers: 4 -> 6
                      web@2026.11.22-1:hostclasses/web.yml:2:12 -> hosts/web-01.example.com.yml:3:12
                  files
                    ~ etc/web.conf  (+1 -1)
                --- a/etc/web.conf
                +++ b/etc/web.conf
                @@ -1 +1 @@
                -workers 4
                +workers 6

                """)
        #expect(run.errors == "1 host: as above; 1: nothing\n")
    }

    @Test func hostsWithOneDiffAreOneGroup() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write(["files/web/etc/name.mustache": "{{roller.host}}\n"])
        try await repository.commit()
        try await repository.git("tag", "web@two")
        #expect(
            await repository.run("pin", "web@two", "web-01.example.com", "web-02.example.com").status == .fine)
        try await repository.commit()
        let run = await repository.run("diff", "HEAD~1..HEAD", "--stat")
        #expect(run.status == .found)
        #expect(
            run.output == """
                == 2 hosts: changed
                  web-01.example.com
                  web-02.example.com
                  release: web@2026.11.22-1 -> web@two
                  files
                    + etc/name  (+1 -0)

                """)
        let json = await repository.run("diff", "HEAD~1..", "--format", "json").output
        #expect(json.contains("\"count\": 2"))
        #expect(json.contains("+web-01.example.com\\n"))
    }

    @Test func aClassThatIsNotReleasedReachesNobodyAndIsNamed() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write(["files/web/etc/more": "x\n"])
        let run = await repository.run("diff")
        #expect(run.status == .fine)
        #expect(run.errors.contains("edited, and reaching no host before a release: web\n"))
    }

    @Test func hostsComeAndGoAndBreak() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change([
            "hosts/web-03.example.com.yml": "hostclass: web@2026.11.22-1\ndatacenter: snc1\n",
            "hosts/web-02.example.com.yml": "hostclass: web@2026.11.22-1\ndatacenter: nowhere\n",
            "hosts/web-01.example.com.yml": nil,
        ])
        let run = await repository.run("diff", "--stat")
        #expect(run.status == .found)
        #expect(run.output.contains("== web-01.example.com: gone from the repository"))
        #expect(run.output.contains("== web-02.example.com: has errors now"))
        #expect(run.output.contains("== web-03.example.com: new"))
        #expect(run.errors == "3 hosts: as above; 0: nothing\n")
    }

    @Test func twoHostsThatShouldBeTwinsAreCompared() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("diff", "web-01.example.com", "web-02.example.com", "--at", "HEAD")
        #expect(run.status == .found)
        #expect(run.output.hasPrefix("web-01.example.com -> web-02.example.com\n  settings\n    workers: 4 -> 8\n"))
        #expect(await repository.run("diff", "web-01.example.com", "web-01.example.com").status == .fine)
        let unknown = await repository.run("diff", "web-01.example.com", "web-22.example.com")
        #expect(unknown.status == .failed)
        #expect(unknown.errors.contains("did you mean 'web-02.example.com'?"))
    }

    @Test func twoReleasesAreComparedByMeaningAndFiles() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml":
                "packages: {jq: 1.7-1}\nsettings: {workers: 5}\nrequired: {ntp: list, dns: string}\n",
            "files/web/etc/web.conf.mustache": "workers={{workers}}\n",
        ])
        try await repository.commit()
        try await repository.git("tag", "web@two")
        let run = await repository.run("diff", "web@2026.11.22-1", "web@two")
        #expect(run.status == .found)
        #expect(
            run.output == """
                web@2026.11.22-1 -> web@two
                  required dns: + string
                  settings
                    workers: 4 -> 5
                      web@2026.11.22-1:hostclasses/web.yml:2:12 -> web@two:hostclasses/web.yml:2:12
                  files
                    ~ etc/web.conf.mustache  (+1 -1)
                --- a/etc/web.conf.mustache
                +++ b/etc/web.conf.mustache
                @@ -1 +1 @@
                -workers {{workers}}
                +workers={{workers}}

                """)
    }

    @Test(arguments: [
        ["a...b"], ["web@1", "host.example.com"], ["a", "b", "c"], ["HEAD..nowhere"], ["nowhere"],
        ["HEAD", "--at", "HEAD"], ["web@1", "web@2"],
    ])
    func whatCannotBeComparedFails(_ arguments: [String]) async throws {
        let repository = try await TestRepository.withRelease()
        let run = await rollerctl(["diff"] + arguments, in: repository.path)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(!run.errors.isEmpty)
    }

    @Test(arguments: [
        ("A..B", "A", "B"), ("A", "A", nil), ("..B", "HEAD", "B"), ("A..", "A", "HEAD"), ("v1.2..v1.3", "v1.2", "v1.3"),
    ])
    func rangesAreReadAsGitReadsThem(_ text: String, _ old: String, _ new: String?) {
        #expect(RevisionRange(argument: text) == RevisionRange(old: old, new: new))
    }
}
