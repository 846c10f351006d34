import LinuxSystem
import RollerCore
import Synchronization
import SystemPackage
import Testing

@testable import Roll

@Suite(.timeLimit(.minutes(1))) struct ServerClientTests {
    private let host: HostName = known("web-01.example.com")
    private let package = Bundle.Package(
        name: known("jq"), version: known("1"), platform: known("debian-12-x86_64"),
        archive: Digest(of: Array("right".utf8)),
        size: ByteCount(5), manifest: Digest(of: [UInt8]()))

    /// Both servers, the first to be asked in front: a host begins at one by the hash of its name.
    private func client(_ first: TestServer, _ second: TestServer) throws -> ServerClient {
        var servers = [first, second].map { "http://127.0.0.1:\($0.port)" }
        if stableHash(host.rawValue) % 2 == 1 { servers.reverse() }
        return try ServerClient(servers, host: host, caFile: nil, report: Report(isQuiet: true, isVerbose: false))
    }

    private func answer(_ status: String, _ body: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private func error(_ work: () async throws(RollError) -> Void) async -> RollError? {
        do throws(RollError) {
            try await work()
            return nil
        } catch {
            return error
        }
    }

    @Test func notModifiedIsNoAnswerToAQuestionWithoutACondition() async throws {
        let server = try TestServer { _ in answer("304 Not Modified") }
        defer { withExtendedLifetime(server) {} }
        let client = try client(server, server)
        let failure = await error { () throws(RollError) in _ = try await client.bundle(of: host, unless: nil) }
        #expect(failure?.exit == .configOrServer)
        let known = try await client.bundle(of: host, unless: Digest(of: [UInt8]()))
        guard case .unchanged = known else {
            Issue.record("\(known)")
            return
        }
    }

    @Test(arguments: ["404 Not Found", "403 Forbidden", "500 Internal Server Error", "304 Not Modified"])
    func whatOneServerRefusesAnotherIsAsked(_ status: String) async throws {
        let json = String(decoding: try bundle().json, as: UTF8.self)
        let (first, second) = (
            try TestServer { _ in answer(status, "no") }, try TestServer { _ in answer("200 OK", json) }
        )
        defer { withExtendedLifetime((first, second)) {} }
        let client = try client(first, second)
        guard case .bundle = try await client.bundle(of: host, unless: nil) else {
            Issue.record("no bundle")
            return
        }
    }

    @Test func theHintOfAServerIsShownWhenAllRefuse() async throws {
        let body = #"{"kind":"host","message":"no such host","hint":"did you mean 'web-02'?"}"#
        let (first, second) = (
            try TestServer { _ in answer("404 Not Found", body) }, try TestServer { _ in answer("404 Not Found", "no") }
        )
        defer { withExtendedLifetime((first, second)) {} }
        let client = try client(first, second)
        let failure = await error { () throws(RollError) in _ = try await client.bundle(of: host, unless: nil) }
        #expect(failure?.hint == "did you mean 'web-02'?")
        #expect(failure?.message.contains("answered 404: no such host") == true)
    }

    @Test(arguments: ["wrong", "longer than it should be"])
    func otherBytesOfOneServerAreNotTheEnd(_ wrong: String) async throws {
        let folder = try TestHost()
        let file = folder.home.downloads.path.appending("a.tar")
        let (first, second) = (
            try TestServer { _ in answer("200 OK", wrong) }, try TestServer { _ in answer("200 OK", "right") }
        )
        defer { withExtendedLifetime((first, second)) {} }
        let client = try client(first, second)
        try await client.archive(of: package, to: file)
        #expect(try folder.read("local.roller/downloads/a.tar") == "right")
    }

    @Test(arguments: ["wrong", "longer than it should be"])
    func otherBytesOfOneAndNoneOfTheOtherFailVerification(_ wrong: String) async throws {
        let folder = try TestHost()
        let (first, second) = (
            try TestServer { _ in answer("404 Not Found", "no") }, try TestServer { _ in answer("200 OK", wrong) }
        )
        defer { withExtendedLifetime((first, second)) {} }
        let client = try client(first, second)
        let failure = await error { () throws(RollError) in
            try await client.archive(of: package, to: folder.home.downloads.path.appending("a.tar"))
        }
        #expect(failure?.exit == .verification, "\(failure.map { "\($0)" } ?? "none")")
        #expect((try folder.status("local.roller/downloads/a.tar")?.size ?? 0) == 0, "no wrong byte is left")
    }

    /// The server is not to blame for what an earlier try left.
    @Test func whatWasLeftOfAnEarlierTryIsFetchedAnew() async throws {
        let folder = try TestHost()
        try folder.write("wrong", to: "local.roller/downloads/a.tar")
        try folder.write("\"etag\"", to: "local.roller/downloads/a.tar.etag")
        let asked = Mutex(0)
        let server = try TestServer { _ in
            asked.withLock { $0 += 1 }
            return answer("200 OK", "right")
        }
        defer { withExtendedLifetime(server) {} }
        let url = "http://127.0.0.1:\(server.port)"
        let client = try ServerClient([url], host: host, caFile: nil, report: Report(isQuiet: true, isVerbose: false))
        try await client.archive(of: package, to: folder.home.downloads.path.appending("a.tar"))
        #expect(try folder.read("local.roller/downloads/a.tar") == "right")
        #expect(asked.withLock { $0 } == 1)
    }

    @Test(
        arguments: [
            (["http://b"], ["http://a"], ["http://b"], []),
            (["https://b"], ["https://a"], ["https://b"], []),
            (["http://b"], ["https://a"], ["https://a"], ["http://b"]),
            (["http://b", "https://c"], ["https://a"], ["https://c"], ["http://b"]),
            (["http://b"], ["https://a", "http://b"], ["https://a", "http://b"], []),
            (["HTTP://b"], ["HTTPS://a"], ["HTTPS://a"], ["HTTP://b"]),
        ] as [([String], [String], [String], [String])])
    func noBundleTakesAHostFromTLSToPlainText(
        _ offered: [String], _ asking: [String], _ kept: [String], _ refused: [String]
    ) {
        let result = serversToAsk(offered, asking: asking)
        #expect(result.kept == kept && result.refused == refused)
    }
}
