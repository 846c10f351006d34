import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

/// `rollerctl lock` from a directory of manifests.
struct LockTests {
    @Test func writesTheLockAndSaysWhatChanged() async throws {
        let (repository, store) = try await repository()
        let jq = try manifest("jq", "1.7-1", paths: ["bin/jq"])
        try store.write(jq)
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .fine, "\(run.errors)")
        #expect(
            run.errors == """
                web: wrote hostclasses/web.lock.yml
                  jq: added 1.7-1 for debian-12-x86_64 (\(jq.archive.short))

                """)
        let text = try repository.directory.text("hostclasses/web.lock.yml")
        #expect(text.contains("archive: \(jq.archive)\n"))
        #expect(text.contains("manifest: \(Digest(of: jq.text))\n"))
        #expect(await repository.run("lint").output.contains("web.lock.yml") == false)
    }

    @Test func theSameAgainChangesNothing() async throws {
        let (repository, store) = try await repository()
        try store.write(try manifest("jq", "1.7-1", paths: ["bin/jq"]))
        _ = await repository.run("lock", "web", "--manifests", store.path.string)
        #expect(await repository.run("lock", "web", "--manifests", store.path.string).errors == "web: as it was\n")
    }

    @Test func eachPlatformOfTheHostsGetsItsOwnBuildOrTheCommonOne() async throws {
        let (repository, store) = try await repository([
            "hostclasses/web.yml": "packages: {jq: 1.7-1, tz: 2026a}\nsettings: {workers: 4}\nrequired: {ntp: list}\n",
            "hosts/web-03.example.com.yml": "hostclass: web@1\ndatacenter: snc1\nplatform: debian-13-arm64\n",
        ])
        try store.write(
            try manifest("jq", "1.7-1", paths: ["bin/jq"]),
            try manifest("jq", "1.7-1", "debian-13-arm64", paths: ["bin/jq"], archive: "arm"),
            try manifest("tz", "2026a", "any", paths: ["share/tz"]))
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .fine, "\(run.errors)")
        let name = try #require(HostclassName("web"))
        let files = try ["hostclasses/web.yml", "hostclasses/web.lock.yml"].map {
            RepoFile(path: $0, bytes: try repository.directory.bytes($0))
        }
        let lock = try #require(HostclassTree.read(name, from: files).tree?.lock)
        #expect(
            lock.packages.map { $0.builds.map(\.platform.rawValue) } == [
                ["debian-12-x86_64", "debian-13-arm64"], ["any"],
            ])
    }

    @Test func everythingThatIsMissingIsNamedAndNothingIsWritten() async throws {
        let (repository, store) = try await repository([
            "hostclasses/web.yml": "packages: {jq: 1.7-1, tz: 2026a}\n"
        ])
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .failed)
        #expect(
            run.errors.contains("\n  jq 1.7-1 for debian-12-x86_64 or any\n  tz 2026a for debian-12-x86_64 or any\n"))
        #expect(try repository.directory.names(in: "hostclasses") == ["web.yml"])
    }

    @Test func twoPackagesWithOnePathAreNamedWithTheirPins() async throws {
        let (repository, store) = try await repository([
            "hostclasses/web.yml": "packages:\n  jq: 1.7-1\n  jq-tools: 2.0\n"
        ])
        try store.write(
            try manifest("jq", "1.7-1", paths: ["bin/", "bin/jq"]),
            try manifest("jq-tools", "2.0", paths: ["bin/", "bin/jq", "bin/jqq"]))
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .found)
        #expect(
            run.output == """
                hostclasses/web.yml:3:3: error[RLR0304]: 'bin/jq' is a file of package 'jq' and a file of package 'jq-tools'
                    3 |   jq-tools: 2.0
                      |   ^^^^^^^^
                hostclasses/web.yml:2:3: and this
                    2 |   jq: 1.7-1
                      |   ^^
                hint: take one of the two out of the class, or build one without the path


                """)
        #expect(run.errors == "nothing is locked: 1 conflict\n")
        #expect(try repository.directory.names(in: "hostclasses") == ["web.yml"])
    }

    @Test(arguments: [
        ("etc/web.conf", "'etc/web.conf' is a file of package 'jq' and a file of the class"),
        ("etc/web.conf/x", "'etc/web.conf' is a file of the class ('files/web/etc/web.conf.mustache'), and"),
        ("var/lib/jq/seed", "'var/lib/jq' is kept over rolls by the class, and 'var/lib/jq/seed'"),
    ])
    func aPackageMustNotTakeWhatTheClassHas(_ path: String, _ message: String) async throws {
        let (repository, store) = try await repository([
            "hostclasses/web.yml": "packages: {jq: 1.7-1}\nkeep: [var/lib/jq]\nsettings: {workers: 1}\n"
        ])
        try store.write(try manifest("jq", "1.7-1", paths: [path]))
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .found)
        #expect(run.output.contains(message), "\(run.output)")
    }

    @Test func otherBytesUnderTheSameVersionAreRefused() async throws {
        let (repository, store) = try await repository()
        try store.write(try manifest("jq", "1.7-1", paths: ["bin/jq"]))
        _ = await repository.run("lock", "--manifests", store.path.string)
        let before = try repository.directory.text("hostclasses/web.lock.yml")
        try store.write(try manifest("jq", "1.7-1", paths: ["bin/jq"], archive: "rebuilt"))
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .failed)
        #expect(run.errors.contains("jq: 1.7-1 for debian-12-x86_64: other archive"))
        #expect(try repository.directory.text("hostclasses/web.lock.yml") == before)
        #expect(await repository.run("lock", "--manifests", store.path.string, "--accept-changed").status == .fine)
        #expect(try repository.directory.text("hostclasses/web.lock.yml") != before)
    }

    @Test func aManifestUnderAnotherPackagesNameIsRefused() async throws {
        let (repository, store) = try await repository()
        let other = try manifest("jq", "1.6", paths: ["bin/jq"])
        try store.write(["jq-1.7-1-debian-12-x86_64.manifest": other.text])
        let run = await repository.run("lock", "--manifests", store.path.string)
        #expect(run.status == .failed)
        #expect(run.errors.contains("is the manifest of jq 1.6 for debian-12-x86_64, not of jq 1.7-1"))
    }

    @Test func oneClassThatCannotBeLockedKeepsAllFromBeingWritten() async throws {
        let (repository, store) = try await repository([
            "hostclasses/zeta.yml": "packages: {gone: 1}\n",
            "hosts/zeta.example.com.yml": "hostclass: zeta@1\ndatacenter: snc1\n",
        ])
        try store.write(try manifest("jq", "1.7-1", paths: ["bin/jq"]))
        #expect(await repository.run("lock", "--manifests", store.path.string).status == .failed)
        #expect(try repository.directory.names(in: "hostclasses") == ["web.yml", "zeta.yml"])
        #expect(await repository.run("lock", "web", "--manifests", store.path.string).status == .fine)
    }

    @Test func aClassWithoutHostsIsLockedForWhatThereIs() async throws {
        let (repository, store) = try await repository([
            "hostclasses/new.yml": "packages: {jq: 1.7-1}\n",
            "datacenters/lhr1.yml": "platform: debian-13-arm64\n",
        ])
        try store.write(try manifest("jq", "1.7-1", paths: ["bin/jq"]))
        let run = await repository.run("lock", "new", "--manifests", store.path.string)
        #expect(run.status == .fine)
        #expect(
            run.errors.hasPrefix(
                "no host is of class 'new' yet: locking what there is for debian-12-x86_64, debian-13-arm64\n"))
    }

    @Test func aClassThatIsNotThereIsGuessed() async throws {
        let (repository, store) = try await repository()
        let run = await repository.run("lock", "wbe", "--manifests", store.path.string)
        #expect(run.status == .failed)
        #expect(run.errors == "error: there is no hostclass 'wbe'\nhint: did you mean 'web'?\n")
    }

    @Test func aServerIsAskedForThePlatformAndThenForAny() async throws {
        let (repository, _) = try await repository()
        let common = try manifest("jq", "1.7-1", "any", paths: ["bin/jq"])
        let answers = [
            ScriptedServer.Answer(status: "404 Not Found", body: "kind: package\n"),
            ScriptedServer.Answer(status: "200 OK", body: common.text),
        ]
        try await ScriptedServer.answering(answers) { server in
            let run = await repository.run("lock", "--server", server.url + "/")
            #expect(run.status == .fine, "\(run.errors)")
            #expect(
                server.requests.map(\.line) == [
                    "GET /v1/packages/jq/1.7-1/debian-12-x86_64", "GET /v1/packages/jq/1.7-1/any",
                ])
        }
    }

    @Test func aServerThatFailsIsNoMissingPackage() async throws {
        let (repository, _) = try await repository()
        let answer = ScriptedServer.Answer(
            status: "500 Internal Server Error", body: "kind: store\nmessage: the store cannot be read\n")
        try await ScriptedServer.answering(Array(repeating: answer, count: 4)) { server in
            let run = await repository.run("lock", "--server", server.url)
            #expect(run.status == .failed)
            #expect(run.errors.contains("the store cannot be read"))
            #expect(server.requests.count == 4)
        }
    }

    @Test func serverOrDirectoryMustBeSaid() async throws {
        let (repository, _) = try await repository()
        #expect(await repository.run("lock").status == .failed)
        #expect(await repository.run("lock", "--server", "http://127.0.0.1:1", "--manifests", ".").status == .failed)
    }

    private func repository(_ changes: [String: String?] = [:]) async throws -> (TestRepository, TemporaryDirectory) {
        let files = TestRepository.plain.merging(changes) { _, new in new }
        return (try await TestRepository(files), try TemporaryDirectory())
    }
}
