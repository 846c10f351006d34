import Testing

@testable import RollerCtl

struct ReadingTests {
    // MARK: where

    @Test(arguments: [
        (
            "workers",
            """
            setting workers
              declares  hostclasses/web.yml:2:12                              4
              declares  web@2026.11.22-1:hostclasses/web.yml:2:12             4, 2 hosts
              sets      hosts/web-02.example.com.yml:4:12                     8, 1 host
              reads     files/web/etc/web.conf.mustache:1:9
              reads     web@2026.11.22-1:files/web/etc/web.conf.mustache:1:9  2 hosts

            """
        ),
        (
            "ntp",
            """
            setting ntp
              requires  hostclasses/web.yml:3:12                              list
              requires  web@2026.11.22-1:hostclasses/web.yml:3:12             list, 2 hosts
              sets      datacenters/snc1.yml:2:12
                  ["10.1.0.1"], 2 hosts
              reads     files/web/etc/ntp.conf.mustache:1:1
              reads     web@2026.11.22-1:files/web/etc/ntp.conf.mustache:1:1  2 hosts

            """
        ),
        (
            "jq",
            """
            package jq
              pins  hostclasses/web.yml:1:12                   1.7-1
              pins  web@2026.11.22-1:hostclasses/web.yml:1:12  1.7-1, 2 hosts

            """
        ),
        (
            "/usr/local/etc/web.conf",
            """
            file etc/web.conf
              brings  files/web/etc/web.conf.mustache                   template
              brings  web@2026.11.22-1:files/web/etc/web.conf.mustache  template, 2 hosts

            """
        ),
    ])
    func everyPlaceIsShown(_ name: String, _ text: String) async throws {
        let run = try await TestRepository.withRelease().run("where", name)
        #expect(run.status == .fine, "\(run.errors)")
        #expect(run.output == text)
    }

    @Test func whomAClassLetsInIsShownThroughGroups() async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await repository.run("new", "user", "ann").status == .fine)
        #expect(await repository.run("new", "group", "ops", "--member", "ann").status == .fine)
        try repository.directory.append("access: {sudo: [ops]}\n", to: "hostclasses/web.yml")
        try await repository.commit()
        try await repository.git("tag", "web@2")
        #expect(await repository.run("pin", "web@2", "web-01.example.com").status == .fine)
        let run = await repository.run("where", "ann")
        #expect(
            run.output == """
                user ann
                  defines  users/ann.yml:1:6               uid 2000
                  member   groups/ops.yml:2:11             group ops
                  sudo     hostclasses/web.yml:4:17        group ops
                  sudo     web@2:hostclasses/web.yml:4:17  group ops, 1 host

                """)
    }

    @Test func aNameThatNothingHasIsMetWithTheNearest() async throws {
        let run = try await TestRepository.withRelease().run("where", "wrkers")
        #expect(run.status == .failed)
        #expect(run.errors.contains("there is no setting, package, file, user or group 'wrkers'"))
        #expect(run.errors.contains("hint: did you mean 'workers'?"))
    }

    @Test func placesComeAsJSON() async throws {
        let run = try await TestRepository.withRelease().run("where", "jq", "--format", "json")
        #expect(run.output.contains("\"release\": \"web@2026.11.22-1\",\n          \"file\": \"hostclasses/web.yml\""))
    }

    // MARK: blame

    @Test func aLineIsTracedToItsTemplateItsSettingAndTheirCommits() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hosts/web-02.example.com.yml":
                "hostclass: \"web@2026.11.22-1\"\ndatacenter: snc1\nsettings: {workers: 9}\n"
        ])
        try await repository.git("commit", "-a", "--quiet", "-m", "More workers")
        let ids = try await repository.git("log", "--format=%h", "--abbrev=12").split(separator: "\n")
        let day = try await repository.git("log", "-1", "--format=%ad", "--date=format-local:%Y-%m-%d").prefix(10)
        let run = await repository.run("blame", "web-02.example.com", "/usr/local/etc/web.conf:1", "--at", "HEAD")
        #expect(
            run.output == """
                etc/web.conf:1 on web-02.example.com
                    workers 9

                web@2026.11.22-1:files/web/etc/web.conf.mustache:1
                    \(ids[1]) \(day) Ann: change

                workers = 9
                    host: hosts/web-02.example.com.yml:3:12
                    \(ids[0]) \(day) Ann: More workers
                    outranks hostclass: web@2026.11.22-1:hostclasses/web.yml:2:12

                """)
    }

    /// A line can be there because of a setting that it does not show.
    @Test func aLineInASectionIsTracedToWhatSwitchesTheSection() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml":
                "packages: {jq: 1.7-1}\nsettings: {workers: 4, tls: false}\nrequired: {ntp: list}\n",
            "files/web/etc/web.conf.mustache":
                "{{^tls}}\nplain\n{{#ntp}}\nntp {{.}}\n{{#tls}}{{/tls}}\n{{/ntp}}\n{{/tls}}\n",
            "hosts/web-01.example.com.yml": "hostclass: web@2\ndatacenter: snc1\n",
        ])
        try await repository.commit()
        try await repository.git("tag", "web@2")
        let plain = await repository.run("blame", "web-01.example.com", "etc/web.conf:1")
        #expect(
            plain.output.contains(
                "in {{^tls}}, line 1\n    tls is false, by hostclass: web@2:hostclasses/web.yml:2:24\n"), "\(plain)")
        #expect(!plain.output.contains("{{#ntp}}"))
        let inner = await repository.run("blame", "web-01.example.com", "etc/web.conf:2")
        #expect(
            inner.output.contains(
                "in {{#ntp}}, line 3\n    ntp has 1 item, by datacenter: datacenters/snc1.yml:2:12\n"),
            "\(inner)")
        let json = await repository.run("blame", "web-01.example.com", "etc/web.conf:1", "--json")
        #expect(json.output.contains("\"tag\": \"{{^tls}}\",\n      \"setting\": \"tls\",\n      \"value\": false"))
    }

    @Test func anEditIsNotCommittedYet() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("settings: {workers: 3}\n", to: "hosts/web-01.example.com.yml")
        let run = await repository.run("blame", "web-01.example.com", "etc/web.conf:1")
        #expect(
            run.output.contains("workers = 3\n    host: hosts/web-01.example.com.yml:3:12\n    not committed yet\n"))
        let json = await repository.run("blame", "web-01.example.com", "etc/web.conf:1", "--format", "json")
        #expect(json.output.contains("\"setting\": \"workers\",\n      \"value\": 3,\n      \"level\": \"host\""))
    }

    @Test(arguments: [
        ("web-01.example.com", "etc/web.conf:2", "'etc/web.conf' has no line 2\nhint: it has 1 line"),
        ("web-01.example.com", "etc/web.cnf:1", "brings no file 'etc/web.cnf'\nhint: did you mean 'etc/web.conf'?"),
        ("web-09.example.com", "etc/web.conf:1", "there is no host 'web-09.example.com'"),
        ("web-01.example.com", "etc/web.conf", "name a path and a line, as in etc/nginx/nginx.conf:12"),
        ("web-01.example.com", "etc/web.conf:0", "name a path and a line"),
        ("web-01.example.com", "../web.conf:1", "use a path below the prefix"),
    ])
    func whatIsNotThereIsSaid(_ host: String, _ place: String, _ words: String) async throws {
        let run = try await TestRepository.withRelease().run("blame", host, place)
        #expect(run.status == .failed)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func completionsAreGenerated() async throws {
        let folder = try TemporaryDirectory()
        for shell in ["bash", "zsh", "fish"] {
            let run = await rollerctl(["--generate-completion-script", shell], in: folder.path)
            #expect(run.status == .fine)
            #expect(run.output.contains("promote"), "\(shell)")
        }
    }
}
