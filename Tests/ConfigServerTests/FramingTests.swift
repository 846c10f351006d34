import LinuxSystem
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// Requests that no good client sends: each gets one clear answer or a close, and others are served.
struct FramingTests {
    static let malformed: [(String, Int)] = [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n bad: header\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc: d\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: x\n\n", 400), ("GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400), ("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
        ("\0\0\0\0\r\n\r\n", 400), ("nonsense\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A: b\r\n", count: 500))\r\n", 431),
        ("GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        ("GET /\(String(repeating: "a", count: 5000)) HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ]

    @Test(arguments: malformed)
    func whatIsNoRequestIsAnsweredOnceAndClosed(_ bytes: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            // What follows must never pass for a second request.
            try? await connection.send(bytes + "GET /hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = (try? await connection.receiveAll()) ?? ""
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains("kind: ") && answer.contains("message: "), "\(answer)")
            if status == 400 {
                #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "\(answer)")
                #expect(!answer.contains("/hidden"))
            }
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test func whatIsNoRequestIsAnsweredAfterTheRequestsBeforeIt() async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
            let all = try await connection.receiveAll()
            let statuses = all.ranges(of: "HTTP/1.1 ").map { all[$0.upperBound...].prefix(3) }
            #expect(statuses == ["200", "200", "400"], "\(all)")
        }
    }

    @Test(arguments: ["close", "Close", "x-other, close"])
    func aRequestThatEndsTheConnectionIsTheLast(_ option: String) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            let first = "GET /healthz HTTP/1.1\r\nHost: x\r\n"
            try await connection.send(first + "\r\n" + first + "Connection: \(option)\r\n\r\n" + first + "\r\n")
            let all = try await connection.receiveAll()
            #expect(all.ranges(of: "HTTP/1.1 200 ").count == 2, "\(all)")
            #expect(all.ranges(of: "HTTP/1.1 ").count == 2, "\(all)")
            #expect(all.ranges(of: "\r\nConnection: close\r\n").count == 1, "\(all)")
        }
    }

    @Test(arguments: ["x\r\n", "-1\r\n", "1\r\nabc\r\n", "1\nx\n", "ffffffffffffffffff\r\n", "0\r\n a: b\r\n\r\n"])
    func chunksThatCannotBeReadAreRefused(_ chunks: String) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1/any/archive HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(Digest(of: "x"))\r\n\r\n"
                    + chunks + "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await connection.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(answer.contains("kind: request"), "\(answer)")
            #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "\(answer)")
        }
    }

    /// A chunk's extension has no meaning here, and no bound in the protocol.
    @Test func chunkExtensionsHaveABound() async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1/any/archive HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(Digest(of: "x"))\r\n\r\n1;")
            var sent = 0
            let piece = String(repeating: "a", count: 65536)
            while sent < 64 << 20, (try? await connection.send(piece)) != nil { sent += piece.utf8.count }
            #expect(sent < 64 << 20, "the server read \(sent) bytes of an extension")
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test(arguments: [
        ("/v1/hosts/%2e%2e/%2e%2e/etc/passwd", 404), ("/v1/hosts/..", 404), ("/../../etc/passwd", 404),
        ("//v1/hosts", 404), ("/v1//hosts", 404), ("/v1/hosts/", 404), ("/v1/hosts/a%00b", 400),
        ("/v1/hosts/a%2fb", 400), ("/v1/hosts/a%2Fb", 400), ("/v1/hosts/%", 400), ("/v1/hosts/%zz", 400),
        ("/v1/hosts/%ff", 400), ("/v1/packages/%2e%2e/%2e%2e/%2e%2e/archive", 404), ("/v1/packages/../../tokens", 404),
        ("/v1/hosts/%0d%0aSet-Cookie:x", 400), ("/v1/hosts?at=%0a", 400), ("/v1/hosts;a=b", 404), ("*", 400),
    ])
    func tricksWithPathsFindNothing(_ path: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = try await connection.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains("kind: "), "\(answer)")
        }
    }
}
