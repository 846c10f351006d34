import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

/// `rollerctl lint` once it is known what packages bring.
struct LintPathTests {
    static let classText = """
        packages: {jq: 1.7-1, tz: 2026a}
        settings: {workers: 4}
        required: {ntp: list}
        services: {web: {systemd: web.service, uses: [jq, share/tz, cache]}}
        modes: {share/tz/a: "0600"}

        """

    /// A repository whose class is locked and released with manifests of these paths, and the directory of them.
    private func world(
        jq: [String] = ["bin/jq", "cache/x"], tz: [String] = ["share/tz/a"]
    ) async throws -> (repository: TestRepository, store: TemporaryDirectory) {
        let store = try TemporaryDirectory()
        try store.write(
            try manifest("jq", "1.7-1", paths: jq), try manifest("tz", "2026a", "any", paths: tz))
        var files = TestRepository.plain
        files["hostclasses/web.yml"] = Self.classText
        files["hostclasses/web.lock.yml"] = try Self.lock(
            try manifest("jq", "1.7-1", paths: jq), try manifest("tz", "2026a", "any", paths: tz))
        let repository = try await TestRepository(files)
        try await repository.git("tag", "web@2026.11.22-1")
        return (repository, store)
    }

    private static func lock(_ manifests: PackageManifest...) throws -> String {
        Lock(
            manifests.map {
                let build = Lock.LockedBuild(
                    platform: $0.platform, archive: $0.archive, size: $0.size, manifest: Digest(of: $0.text))
                return Lock.LockedPackage(name: $0.name, version: $0.version, builds: [build])
            }
        ).text
    }

    @Test func whatPackagesBringSettlesWhatWasAGuess() async throws {
        let (repository, store) = try await world()
        let guess = await repository.run("lint", "--strict")
        #expect(guess.output.contains("warning[RLR0502]: 'cache' is no package of 'web'"))
        #expect(guess.status == .found)
        let known = await repository.run("lint", "--strict", "--manifests", store.path.string)
        #expect(known.output == "")
        #expect(known.status == .fine)
    }

    @Test func conflictsUsesAndModesAreFoundAtTheReleaseAndInTheClass() async throws {
        let (repository, store) = try await world(jq: ["bin/jq", "etc/web.conf"], tz: ["bin/jq"])
        let run = await repository.run("lint", "--manifests", store.path.string)
        #expect(run.status == .found)
        for label in ["", "web@2026.11.22-1:"] {
            let expected = """
                \(label)hostclasses/web.yml:1:23: error[RLR0304]: 'bin/jq' is a file of package 'jq' and a file of package 'tz'
                    1 | packages: {jq: 1.7-1, tz: 2026a}
                      |                       ^^
                \(label)hostclasses/web.yml:1:12: and this
                    1 | packages: {jq: 1.7-1, tz: 2026a}
                      |            ^^
                """
            #expect(run.output.contains(expected))
            #expect(run.output.contains("\(label)hostclasses/web.yml:4:51: error[RLR0502]: 'share/tz' is no package"))
            #expect(run.output.contains("\(label)hostclasses/web.yml:4:61: error[RLR0502]: 'cache' is no package"))
            #expect(run.output.contains("\(label)hostclasses/web.yml:5:9: error[RLR0605]: 'share/tz/a' has a mode"))
            #expect(run.output.contains("\(label)files/web/etc/web.conf.mustache: error[RLR0304]: 'etc/web.conf' is"))
        }
        #expect(run.errors == "10 errors in 2 hosts\n")
    }

    @Test func aPackageThatIsNotThereIsAnErrorOfTheReleaseAndAWarningOfTheClass() async throws {
        let (repository, store) = try await world()
        try store.change(["tz-2026a-any.manifest": nil])
        let run = await repository.run("lint", "--manifests", store.path.string)
        #expect(
            run.output.contains(
                "web@2026.11.22-1:hostclasses/web.yml:1:23: error[RLR0305]: 'web@2026.11.22-1' has tz 2026a for any, and '"
            ))
        #expect(run.output.contains("hostclasses/web.yml:1:23: warning[RLR0305]: 'web' has tz 2026a for any, and '"))
        #expect(run.errors == "1 error, 1 warning in 2 hosts\n")
    }

    @Test func aManifestThatIsNotTheLockedOneIsRefused() async throws {
        let (repository, store) = try await world()
        try store.write(try manifest("tz", "2026a", "any", paths: ["share/tz/a", "share/tz/b"]))
        let run = await repository.run("lint", "--manifests", store.path.string)
        #expect(run.output.contains("error[RLR0306]: the manifest of tz 2026a for any in '"))
        #expect(run.output.contains("is not the one that 'web@2026.11.22-1' locks\n"))
        #expect(run.errors == "1 error, 1 warning in 2 hosts\n")
    }

    @Test func aServerIsAskedForEachPackageOnce() async throws {
        let (repository, _) = try await world()
        let jq = try manifest("jq", "1.7-1", paths: ["bin/jq", "cache/x"])
        let tz = try manifest("tz", "2026a", "any", paths: ["share/tz/a"])
        try await ScriptedServer.answering([
            .init(status: "200 OK", body: jq.text),
            .init(status: "200 OK", body: tz.text),
            .init(status: "200 OK", body: #"{"servers": [], "packages": []}"#),
        ]) { server in
            let run = await repository.run("lint", "--server", server.url)
            #expect(run.errors == "no findings in 2 hosts\n")
            #expect(
                server.requests.map(\.line) == [
                    "GET /v1/packages/jq/1.7-1/debian-12-x86_64", "GET /v1/packages/tz/2026a/any",
                    "GET /v1/replication?package=jq/1.7-1/debian-12-x86_64",
                ])
        }
    }

    @Test func aRangeIsNotHeldAgainstPackages() async throws {
        let run = try await TestRepository.withRelease().run("lint", "--range", "HEAD..HEAD", "--manifests", ".")
        #expect(run.status == .failed)
        #expect(run.errors.contains("--range looks at the repository alone"))
    }

    @Test func oneSourceIsEnough() async throws {
        let run = try await TestRepository.withRelease().run(
            "lint", "--server", "http://127.0.0.1:1", "--manifests", ".")
        #expect(run.status == .failed)
        #expect(run.errors.contains("say --manifests or --server, not both"))
    }
}
