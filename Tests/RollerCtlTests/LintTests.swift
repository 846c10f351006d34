import Testing

@testable import RollerCtl

/// What `rollerctl lint` prints, to the letter.
struct LintTests {
    /// A repository with something broken in its work tree, and what is said about it.
    struct Broken: Sendable, CustomTestStringConvertible {
        let name: String
        /// Changes to the released repository; nil removes a file.
        let changes: [String: String?]
        let output: String
        let summary: String
        let status: RunStatus
        var testDescription: String { name }
    }

    static let repositories: [Broken] = [
        Broken(
            name: "a typo in a key",
            changes: [
                "hosts/web-01.example.com.yml": "hostclass: web@2026.11.22-1\ndatacentre: snc1\n"
            ],
            output: #"""
                hosts/web-01.example.com.yml:1:1: error[RLR0202]: a host needs the key 'datacenter'
                    1 | hostclass: web@2026.11.22-1
                      | ^
                hint: add `datacenter: …`

                hosts/web-01.example.com.yml:2:1: error[RLR0201]: a host has no key 'datacentre'
                    2 | datacentre: snc1
                      | ^^^^^^^^^^
                hint: did you mean 'datacenter'?


                """#,
            summary: "2 errors in 2 hosts", status: .found),
        Broken(
            name: "a setting that nobody declares, and one of another type",
            changes: [
                "hosts/web-01.example.com.yml":
                    "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {wrokers: 8, ntp: pool}\n"
            ],
            output: #"""
                hosts/web-01.example.com.yml:3:12: error[RLR0205]: 'web@2026.11.22-1' declares no setting 'wrokers'
                    3 | settings: {wrokers: 8, ntp: pool}
                      |            ^^^^^^^
                hint: did you mean 'workers'?

                hosts/web-01.example.com.yml:3:24: error[RLR0207]: the setting 'ntp' is a list, and this is text
                    3 | settings: {wrokers: 8, ntp: pool}
                      |                        ^^^
                web@2026.11.22-1:hostclasses/web.yml:3:12: declared here
                    3 | required: {ntp: list}
                      |            ^^^
                hint: write a list, or change the type in the class 'web'


                """#,
            summary: "2 errors in 2 hosts", status: .found),
        Broken(
            name: "YAML that two readers would take differently",
            changes: [
                "datacenters/snc1.yml": "platform: debian-12-x86_64\nsettings:\n  ntp: [a]\n  tls: no\n"
            ],
            output: #"""
                datacenters/snc1.yml:4:8: error[RLR0103]: 'no': YAML 1.1 reads no as false, YAML 1.2 as text
                    4 |   tls: no
                      |        ^^
                hint: write false, or "no" in quotes for the text


                """#,
            summary: "1 error in 2 hosts", status: .found),
        Broken(
            name: "a release that is not there",
            changes: [
                "hosts/web-01.example.com.yml": "hostclass: web@2026.11.22-2\ndatacenter: snc1\n"
            ],
            output: #"""
                hosts/web-01.example.com.yml:1:12: error[RLR0403]: there is no release 'web@2026.11.22-2'
                    1 | hostclass: web@2026.11.22-2
                      |            ^^^^^^^^^^^^^^^^
                hint: did you mean 'web@2026.11.22-1'?


                """#,
            summary: "1 error in 2 hosts", status: .found),
        Broken(
            name: "files where none belong",
            changes: [
                "hosts/snc1/web.yml": "x\n",
                "Makefile": "all:\n",
                "hosts/web.yaml": "x\n",
            ],
            output: #"""
                Makefile: error[RLR0002]: 'Makefile' is not part of a config repository
                hint: a repository holds roller.yml, datacenters/, hostclasses/, files/, hosts/, users/, groups/, home/, README*, LICENSE* and names that begin with a dot

                hosts/snc1/web.yml: error[RLR0002]: 'hosts/' has no folders inside it
                hint: move the file up to hosts/; the tree of hosts has a fixed depth

                hosts/web.yaml: error[RLR0002]: 'web.yaml' does not end in .yml
                hint: rename it to hosts/web.yml


                """#,
            summary: "3 errors in 3 hosts", status: .found),
        Broken(
            name: "no root",
            changes: [
                "roller.yml": nil
            ],
            output: #"""
                roller.yml: error[RLR0001]: there is no roller.yml, so this is no config repository
                hint: write `format: 1` into roller.yml at the root


                """#,
            summary: "1 error in 2 hosts", status: .found),
        Broken(
            name: "a duplicate key",
            changes: [
                "hostclasses/web.yml": "packages: {jq: 1.7-1}\nkeep: [var/a]\npackages: {jq: 1.6}\n"
            ],
            output: #"""
                hostclasses/web.yml:3:1: error[RLR0102]: the key 'packages' is already used in this mapping
                    3 | packages: {jq: 1.6}
                      | ^^^^^^^^
                hostclasses/web.yml:1:1: first used here
                    1 | packages: {jq: 1.7-1}
                      | ^^^^^^^^
                hint: remove one of the two


                """#,
            summary: "1 error in 2 hosts", status: .found),
        Broken(
            name: "a lock that lags behind the class",
            changes: [
                "hostclasses/web.yml": "packages: {jq: 1.8-1}\nsettings: {workers: 4}\nrequired: {ntp: list}\n"
            ],
            output: #"""
                hostclasses/web.yml:1:12: warning[RLR0303]: the lock of 'web' has 'jq' at 1.7-1, and the class at 1.8-1
                    1 | packages: {jq: 1.8-1}
                      |            ^^
                hint: run `rollerctl lock web`


                """#,
            summary: "1 warning in 2 hosts", status: .fine),
        Broken(
            name: "a datacenter that lacks what the release requires",
            changes: [
                "datacenters/snc1.yml": "platform: debian-12-x86_64\n"
            ],
            output: #"""
                hosts/web-01.example.com.yml:1:12: error[RLR0206]: 'web@2026.11.22-1' requires the setting 'ntp', and neither the datacenter 'snc1' nor the host sets it
                    1 | hostclass: web@2026.11.22-1
                      |            ^^^^^^^^^^^^^^^^
                web@2026.11.22-1:hostclasses/web.yml:3:12: required here
                    3 | required: {ntp: list}
                      |            ^^^
                hint: set 'ntp', a list, in datacenters/snc1.yml or in this file

                hosts/web-02.example.com.yml:2:12: error[RLR0206]: 'web@2026.11.22-1' requires the setting 'ntp', and neither the datacenter 'snc1' nor the host sets it
                    2 | hostclass: "web@2026.11.22-1"  # see #12
                      |            ^^^^^^^^^^^^^^^^^^
                web@2026.11.22-1:hostclasses/web.yml:3:12: required here
                    3 | required: {ntp: list}
                      |            ^^^
                hint: set 'ntp', a list, in datacenters/snc1.yml or in this file


                """#,
            summary: "2 errors in 2 hosts", status: .found),
    ]

    @Test(arguments: repositories)
    func printsEveryFindingWithItsExcerpt(_ broken: Broken) async throws {
        let repository = try await TestRepository(TestRepository.released)
        try await repository.git("tag", "web@2026.11.22-1")
        try repository.directory.change(broken.changes)
        let run = await repository.run("lint")
        #expect(run.output == broken.output)
        #expect(run.errors == broken.summary + "\n")
        #expect(run.status == broken.status)
    }

    @Test func excerptsOfAReleaseComeFromItsCommit() async throws {
        var files = TestRepository.released
        files["files/web/etc/web.conf.mustache"] = "port {{port}}\n"
        let repository = try await TestRepository(files)
        try await repository.git("tag", "web@2026.11.22-1")
        try repository.directory.change(["files/web/etc/web.conf.mustache": "workers {{workers}}\n"])
        let run = await repository.run("lint")
        let expected = """
            web@2026.11.22-1:files/web/etc/web.conf.mustache:1:6: error[RLR0602]: 'port' is not set
                1 | port {{port}}
                  |      ^^^^^^^^
            hint: declare it in the hostclass: under settings with a default, or under required


            """
        #expect(run.output == expected)
        #expect(run.errors == "1 error in 2 hosts\n")
    }

    @Test func aSoundRepositoryPrintsNothingAsData() async throws {
        let run = try await TestRepository.withRelease().run("lint")
        #expect(run.output.isEmpty)
        #expect(run.errors == "no findings in 2 hosts\n")
        #expect(run.status == .fine)
    }

    // MARK: Severities

    @Test func notesAreCountedAndShownWhenAskedFor() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change(["datacenters/ams1.yml": "platform: debian-12-x86_64\n"])
        let run = await repository.run("lint")
        #expect(run.output.isEmpty)
        #expect(run.errors == "no findings in 2 hosts; not shown: 1 note (--min-severity note)\n")
        let noted = await repository.run("lint", "--min-severity", "note", "--strict")
        #expect(
            noted.output == """
                datacenters/ams1.yml: note[RLR0805]: no host is in the datacenter 'ams1'
                hint: add a host with `datacenter: ams1`, or remove the file


                """)
        #expect(noted.errors == "1 note in 2 hosts\n")
        #expect(noted.status == .fine)
        #expect(await repository.run("lint", "--format", "json").output.contains("RLR0805"))
    }

    @Test func releasesThatNobodyIsAtAreNotes() async throws {
        let repository = try await TestRepository.withRelease()
        try await repository.git("tag", "web@2026.11.20-1")
        let run = await repository.run("lint", "--min-severity", "note")
        #expect(run.output.contains("note[RLR0804]: no host is at the release 'web@2026.11.20-1'"))
    }

    @Test func strictlyWarningsFail() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change(["hostclasses/web.yml": "packages: {jq: 1.8-1}\nsettings: {workers: 4}\n"])
        #expect(await repository.run("lint").status == .fine)
        #expect(await repository.run("lint", "--strict").status == .found)
        let hidden = await repository.run("lint", "--strict", "--min-severity", "error")
        #expect(hidden.status == .found)
        #expect(hidden.output.isEmpty)
    }

    @Test func strictlyWarningsOfARangeFail() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change([
            "hostclasses/web.yml": "packages: {jq: 1.8-1}\nsettings: {workers: 4}\nrequired: {ntp: list}\n"
        ])
        try await repository.commit()
        #expect(await repository.run("lint", "--range", "HEAD^..HEAD").status == .fine)
        #expect(await repository.run("lint", "--range", "HEAD^..HEAD", "--strict").status == .found)
    }

    @Test func aCommitIsReadWithoutTheWorkTree() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change(["hosts/web-01.example.com.yml": "nonsense\n"])
        #expect(await repository.run("lint").status == .found)
        #expect(await repository.run("lint", "--at", "HEAD").status == .fine)
    }

    @Test func filesThatGitIgnoresAreNoPartOfIt() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change([".gitignore": "*.swp\n", "hosts/.web.yml.swp": "x\n"])
        #expect(await repository.run("lint").status == .fine)
    }

    @Test func jsonHasEveryField() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.change([
            "hosts/web-01.example.com.yml": "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {ntp: pool}\n"
        ])
        let run = await repository.run("lint", "--format", "json")
        let expected = """
            {
              "findings": [
                {
                  "code": "RLR0207",
                  "severity": "error",
                  "file": "hosts/web-01.example.com.yml",
                  "line": 3,
                  "column": 12,
                  "length": 3,
                  "message": "the setting 'ntp' is a list, and this is text",
                  "hint": "write a list, or change the type in the class 'web'",
                  "related": [
                    {
                      "file": "web@2026.11.22-1:hostclasses/web.yml",
                      "line": 3,
                      "column": 12,
                      "length": 3,
                      "message": "declared here"
                    }
                  ]
                }
              ]
            }

            """
        #expect(run.output == expected)
        #expect(run.status == .found)
    }

    @Test func aRevisionThatIsNotThereIsAFailureAndNoFinding() async throws {
        let run = try await TestRepository.withRelease().run("lint", "--at", "nowhere")
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: "))
        #expect(run.output.isEmpty)
    }

    @Test func outsideARepositoryItSaysWhereToLook() async throws {
        let directory = try TemporaryDirectory()
        let run = await rollerctl(["lint"], in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.contains("hint: name its directory with -C, or go there"))
    }

    /// A section that is on or off brings no names: what stands inside is looked up among the settings.
    @Test(arguments: [
        ("{{#tls}}{{certificate}}{{/tls}}", true), ("{{^ntp}}{{certificate}}{{/ntp}}", true),
        ("{{#workers}}{{#tls}}{{certificate}}{{/tls}}{{/workers}}", true),
        ("{{#ntp}}{{certificate}}{{/ntp}}", false), ("{{#tls}}{{workers}}{{.}}{{/tls}}", false),
    ])
    func undeclaredNamesAreFoundInSectionsThatBringNone(_ template: String, isFound: Bool) async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml":
                "packages: {jq: 1.7-1}\nsettings: {workers: 4, tls: false}\nrequired: {ntp: list}\n",
            "files/web/etc/web.conf.mustache": template,
        ])
        let run = await repository.run("lint")
        #expect(run.output.contains("'certificate' is not set: 'web' declares no 'certificate'") == isFound, "\(run)")
    }
}
