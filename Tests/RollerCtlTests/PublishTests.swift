import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

/// `rollerctl package publish` against a server that is told what to answer.
struct PublishTests {
    typealias Answer = ScriptedServer.Answer
    private static let absent = Answer(status: "404 Not Found", body: #"{"kind":"package"}"#)
    private static let made = Answer(status: "201 Created")
    private static let path = "/v1/packages/jq/1.7-1/any"
    private static let token = ["ROLLER_TOKEN": "s3cret\n"]

    @Test func theArchiveGoesFirstAndTheManifestLast() async throws {
        let (directory, manifest) = try package()
        try await ScriptedServer.answering([Self.absent, Self.made, Self.made]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .fine, "\(run.errors)")
            #expect(run.errors == "jq 1.7-1 for any: published (7 B)\n")
            #expect(
                server.requests.map(\.line) == [
                    "GET \(Self.path)", "PUT \(Self.path)/archive", "PUT \(Self.path)/manifest",
                ])
            #expect(server.requests[1].body == Array("archive".utf8))
            #expect(server.requests[1].head.contains("\r\nRoller-Digest: \(manifest.archive)\r\n"))
            #expect(server.requests[2].body == Array(manifest.text.utf8))
            for request in server.requests.dropFirst() {
                #expect(request.head.contains("\r\nAuthorization: Bearer s3cret\r\n"))
            }
            #expect(!server.requests[0].head.contains("s3cret"))
        }
    }

    /// As when a store is restored: releases lock the package before it is there. Nobody else is going to bring it.
    @Test func aPackageThatHostsWaitForIsPublished() async throws {
        let (directory, _) = try package()
        let awaited = Answer(status: "503 Service Unavailable", body: #"{"kind":"replicating","message":"not yet"}"#)
        try await ScriptedServer.answering([awaited, Self.made, Self.made]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .fine, "\(run.errors)")
            #expect(run.errors == "jq 1.7-1 for any: published (7 B)\n")
            #expect(server.requests.count == 3)
        }
    }

    @Test func plusesAndTildesStandInTheAddressAsTheyAre() async throws {
        let directory = try TemporaryDirectory()
        let manifest = try RollerCtlTests.manifest("libstdc++", "1.0+b~1", "any", paths: ["lib/x"])
        try directory.write(manifest)
        let repository = try await TestRepository([
            "roller.yml": "format: 1\n", "hostclasses/web.yml": "packages: {libstdc++: 1.0+b~1}\n",
        ])
        try await ScriptedServer.answering([Answer(status: "200 OK", body: manifest.text)]) { server in
            let run = await repository.run("lock", "--server", server.url)
            #expect(run.status == .fine, "\(run.errors)")
            #expect(server.requests.map(\.line) == ["GET /v1/packages/libstdc++/1.0+b~1/any"])
        }
    }

    @Test func whatIsThereAlreadyIsFine() async throws {
        let (directory, manifest) = try package()
        let there = Answer(status: "200 OK", body: manifest.text)
        try await ScriptedServer.answering([there, Answer(status: "200 OK")]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .fine)
            #expect(run.errors == "jq 1.7-1 for any: already there\n")
        }
    }

    /// Only the server can tell whether its archive is whole; so it is asked.
    @Test func aDamagedArchiveOfTheServerIsMended() async throws {
        let (directory, manifest) = try package()
        let there = Answer(status: "200 OK", body: manifest.text)
        try await ScriptedServer.answering([there, Self.made]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .fine)
            #expect(run.errors == "jq 1.7-1 for any: the server's archive was damaged, and is mended\n")
            #expect(server.requests.map(\.line) == ["GET \(Self.path)", "PUT \(Self.path)/archive"])
        }
    }

    @Test func otherBytesAreNamedByBothDigests() async throws {
        let (directory, manifest) = try package()
        let other = manifest.text + "d 0755 zzz\n"
        try await ScriptedServer.answering([Answer(status: "200 OK", body: other)]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .failed)
            #expect(run.errors.contains("\(Digest(of: manifest.text))"))
            #expect(run.errors.contains("\(Digest(of: other))"))
        }
    }

    @Test(arguments: [
        (
            "409 Conflict", #"{"kind":"package","message":"it has other bytes","hint":"build another version"}"#,
            "it has other bytes", "build another version"
        ),
        ("401 Unauthorized", "", "the server answers 401", "the server does not know the token"),
        ("403 Forbidden", "<html>", "the server answers 403", "the token does not allow this"),
        (
            "422 Unprocessable Content", "kind: digest\nmessage: another digest\n", "another digest",
            "what arrived is not"
        ),
    ])
    func aRefusalIsToldInTheServersWords(_ status: String, _ body: String, _ message: String, _ hint: String)
        async throws
    {
        let (directory, _) = try package()
        try await ScriptedServer.answering([Self.absent, Answer(status: status, body: body)]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .failed)
            #expect(run.errors.contains("cannot put \(server.url)\(Self.path)/archive: \(message)\n"), "\(run.errors)")
            #expect(run.errors.contains("hint: \(hint)"), "\(run.errors)")
            #expect(!run.errors.contains("s3cret"))
        }
    }

    @Test func aBadMomentIsTriedAgain() async throws {
        let (directory, _) = try package()
        let busy = Answer(status: "503 Service Unavailable", headers: ["Retry-After: 1"])
        try await ScriptedServer.answering([busy, Self.absent, busy, Self.made, Self.made]) { server in
            #expect(await publish(directory, server).status == .fine)
            #expect(server.requests.count == 5)
        }
    }

    @Test func aServerThatIsNotThereIsAFailure() async throws {
        let (directory, _) = try package()
        let run = try await ScriptedServer.answering([]) { server in await publish(directory, server) }
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: cannot reach http://127.0.0.1:"))
    }

    @Test func anArchiveThatIsNotTheManifestsIsNeverSent() async throws {
        let (directory, manifest) = try package()
        try directory.write([manifest.archiveName: "Archive"])
        try await ScriptedServer.answering([Self.absent]) { server in
            let run = await publish(directory, server)
            #expect(run.status == .failed)
            #expect(run.errors.contains("and its manifest says \(manifest.archive)"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func theTokenMayStandInAFile() async throws {
        let (directory, _) = try package()
        try directory.write(["token": "from-file\n"])
        try await ScriptedServer.answering([Self.absent, Self.made, Self.made]) { server in
            let run = await publish(directory, server, "--token-file", "token", variables: [:])
            #expect(run.status == .fine)
            #expect(server.requests[1].head.contains("Bearer from-file\r\n"))
        }
    }

    @Test func withoutATokenNothingIsAsked() async throws {
        let (directory, _) = try package()
        try await ScriptedServer.answering([Self.absent]) { server in
            let run = await publish(directory, server, variables: [:])
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("error: publishing needs a token\n"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["two words", "a\nb", "schlüssel"])
    func aTokenThatCouldBreakOutOfItsHeaderIsRefused(_ token: String) async throws {
        let (directory, _) = try package()
        try await ScriptedServer.answering([Self.absent]) { server in
            let run = await publish(directory, server, variables: ["ROLLER_TOKEN": token])
            #expect(run.status == .failed)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("http://config1.example.com:8080", true), ("HTTP://10.0.0.1/", true), ("http://127.evil.example", true),
        ("https://config1.example.com", false), ("http://localhost:8080", false), ("http://127.0.0.1:1", false),
        ("http://[::1]:8080", false), ("http://[2001:db8::1]:8080", true),
    ])
    func plainTextLeavesOnlyThisMachineWhenTold(_ url: String, _ isPlain: Bool) {
        #expect(PublishToken.isPlain(url) == isPlain)
    }

    private func package() throws -> (TemporaryDirectory, PackageManifest) {
        let directory = try TemporaryDirectory()
        let like = try RollerCtlTests.manifest("jq", "1.7-1", "any", paths: ["bin/jq"])
        let manifest = PackageManifest(
            name: like.name, version: like.version, platform: like.platform, archive: Digest(of: "archive"),
            size: ByteCount(7), entries: like.entries)
        try directory.write([manifest.archiveName: "archive"])
        try directory.write(manifest)
        return (directory, manifest)
    }

    private func publish(
        _ directory: TemporaryDirectory, _ server: ScriptedServer, _ more: String...,
        variables: [String: String] = PublishTests.token
    ) async -> Run {
        await rollerctl(
            ["package", "publish", "jq-1.7-1-any.manifest", "--server", server.url] + more, in: directory.path,
            variables: variables)
    }
}
