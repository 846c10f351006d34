import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

/// Commands that wait for packages to come to datacenters, or mind where they are.
struct ArrivalTests {
    typealias Answer = ScriptedServer.Answer
    private static let alone = Answer(status: "200 OK", body: #"{"servers": [], "packages": []}"#)

    /// What a server with a bucket says of a package.
    private static func report(_ package: String, _ datacenters: String) -> Answer {
        Answer(
            status: "200 OK",
            body:
                #"{"bucket": "b", "servers": [], "packages": [{"package": "\#(package)", "datacenters": {\#(datacenters)}}]}"#
        )
    }

    private static let here = #"{"since": "2026-11-22T12:00:00Z", "milliseconds": 2130}"#
    private static let waiting = #"{"waits-for": "c2: its turn"}"#

    /// Publishes `jq 1.7-1` with these arguments; `answers` come after those to the publish itself.
    private func publish(_ arguments: [String], _ answers: [Answer]) async throws -> (run: Run, asked: [String]) {
        let directory = try TemporaryDirectory()
        let like = try manifest("jq", "1.7-1", "any", paths: ["bin/jq"])
        let manifest = PackageManifest(
            name: like.name, version: like.version, platform: like.platform, archive: Digest(of: "archive"),
            size: ByteCount(7), entries: like.entries)
        try directory.write([manifest.archiveName: "archive"])
        try directory.write(manifest)
        let published = [
            Answer(status: "404 Not Found", body: #"{"kind":"package"}"#), Answer(status: "201 Created"),
            Answer(status: "201 Created"),
        ]
        return try await ScriptedServer.answering(published + answers) { server in
            let run = await rollerctl(
                ["package", "publish", manifest.id.manifestName, "--server", server.url] + arguments,
                in: directory.path,
                variables: ["ROLLER_TOKEN": "s3cret"])
            return (run, server.requests.dropFirst(3).map(\.line))
        }
    }

    @Test(arguments: ["all", "ams1,snc1"])
    func publishingWaitsForEachDatacenterAndSaysHowLong(_ datacenters: String) async throws {
        let (run, asked) = try await publish(
            ["--wait", datacenters],
            [
                Self.report("jq/1.7-1/any", #""ams1": \#(Self.waiting), "snc1": \#(Self.here)"#),
                Self.report("jq/1.7-1/any", #""ams1": \#(Self.here), "snc1": \#(Self.here)"#),
            ])
        #expect(run.status == .fine)
        #expect(
            run.errors == """
                jq 1.7-1 for any: published (7 B)
                jq 1.7-1 for any: in snc1 after 2.13 s
                jq 1.7-1 for any: in ams1 after 2.13 s

                """)
        #expect(asked == ["GET /v1/replication?package=jq/1.7-1/any", "GET /v1/replication?package=jq/1.7-1/any"])
    }

    @Test func whenTimeIsUpItSaysWhatAPackageWaitsFor() async throws {
        let late = Self.report("jq/1.7-1/any", #""ams1": \#(Self.waiting), "snc1": \#(Self.here)"#)
        let (run, _) = try await publish(
            ["--wait", "ams1,fra1", "--timeout", "1s"], Array(repeating: late, count: 5))
        #expect(run.status == .found)
        #expect(run.errors.contains("warning: jq 1.7-1 for any: not in ams1: waits for c2: its turn\n"))
        #expect(run.errors.contains("warning: jq 1.7-1 for any: not in fra1: no server there says anything of it\n"))
    }

    @Test func aServerByItselfIsNotWaitedFor() async throws {
        let (run, _) = try await publish(["--wait", "all"], [Self.alone])
        #expect(run.status == .failed)
        #expect(run.errors.contains("shares packages with no other server"))
    }

    @Test(arguments: ["", "snc1,", "snc1,,ams1", "SNC1"])
    func onlyNamesOfDatacentersAreWaitedFor(_ text: String) { #expect(WaitedDatacenters(text) == nil) }

    /// `withRelease` with a lock of a manifest that there is.
    private func released() async throws -> (TestRepository, PackageManifest) {
        let jq = try manifest("jq", "1.7-1", paths: ["bin/jq"])
        var files = TestRepository.plain
        let build = Lock.LockedBuild(
            platform: jq.platform, archive: jq.archive, size: jq.size, manifest: Digest(of: jq.text))
        files["hostclasses/web.lock.yml"] =
            Lock([Lock.LockedPackage(name: jq.name, version: jq.version, builds: [build])]).text
        let repository = try await TestRepository(files)
        try await repository.git("tag", "web@2026.11.22-1")
        return (repository, jq)
    }

    @Test func lintRefusesAPackageThatItsHostsDatacenterDoesNotHave() async throws {
        let (repository, jq) = try await released()
        let there = Answer(status: "200 OK", body: jq.text)
        let name = "jq/1.7-1/debian-12-x86_64"
        // Nobody in ams1 gets it.
        for (snc1, ams1, status) in [
            (Self.waiting, Self.here, RunStatus.found), (Self.here, Self.waiting, .fine),
        ] {
            let answers = [there, Self.report(name, #""ams1": \#(ams1), "snc1": \#(snc1)"#)]
            try await ScriptedServer.answering(answers) { server in
                let run = await repository.run("lint", "--server", server.url)
                #expect(run.status == status, "\(run.output)\(run.errors)")
                #expect(
                    run.output.contains("which has not arrived in snc1: it waits for c2: its turn")
                        == (status == .found))
            }
        }
    }

    @Test func aReleaseIsMadeOnceItsPackagesAreThere() async throws {
        let (repository, _) = try await released()
        let name = "jq/1.7-1/debian-12-x86_64"
        let late = Self.report(name, #""snc1": \#(Self.waiting)"#)
        try await ScriptedServer.answering(Array(repeating: late, count: 2)) { server in
            let run = await repository.run(
                "release", "web", "2", "--wait", "snc1", "--server", server.url, "--timeout", "250ms")
            #expect(run.status == .found, "\(run.errors)")
            let tags = try await repository.git("tag", "--list", "web@2")
            #expect(tags == "")
        }
        try await ScriptedServer.answering([Self.report(name, #""snc1": \#(Self.here)"#)]) { server in
            let run = await repository.run("release", "web", "2", "--wait", "snc1", "--server", server.url)
            #expect(run.status == .fine, "\(run.errors)")
            #expect(run.output == "web@2\n")
        }
    }
}
