import LinuxSystem
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// What clients do that no good client does, and how a server ends.
struct ConnectionTests {
    @Test func requestsInOnePacketAreAnsweredInOrder() async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let all = try await connection.receiveAll()
            let statuses = all.ranges(of: "HTTP/1.1 ").map { all[$0.upperBound...].prefix(3) }
            #expect(statuses == ["200", "404", "200"])
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n bad: header\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "\0\0\0\0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 100_000))\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A: b\r\n", count: 500))\r\n",
        "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
    ])
    func whatIsNoRequestIsRefusedAndEndsTheConnection(_ bytes: String) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try? await connection.send(bytes)  // the server may have closed before all of it is sent
            let answer = (try? await connection.receiveAll()) ?? ""
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    /// Between a proxy and this server, what one of them reads otherwise than the other hides a request.
    @Test(arguments: [
        ("Host: x\r\nHost: y\r\n", 400), ("Host: x\r\nhOST: x\r\n", 400),
        ("Host: x\r\nTransfer-Encoding: gzip, chunked\r\n", 501), ("Host: x\r\nTransfer-Encoding: gzip\r\n", 501),
    ])
    func whatTwoReadersCouldReadInTwoWaysEndsTheConnection(_ headers: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send("GET /healthz HTTP/1.1\r\n\(headers)\r\n")
            try? await connection.send("0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let answers = try await connection.receiveAll()
            #expect(answers.hasPrefix("HTTP/1.1 \(status) "), "\(answers)")
            #expect(answers.ranges(of: "HTTP/1.1 ").count == 1, "\(answers)")
            #expect(answers.lowercased().contains("connection: close"))
        }
    }

    @Test func aLongAddressIsTooLong() async throws {
        try await TestServer.with { server async throws in
            #expect(try await server.get("/" + String(repeating: "a", count: 5000)).status == 414)
        }
    }

    /// A body that nobody asked for must not hold the connection, nor be read to its end.
    @Test func aBodyThatNobodyReadsEndsTheConnectionAfterTheAnswer() async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            try await connection.send("5\r\nhello\r\n")
            let head = try await connection.receiveHead()
            #expect(head.hasPrefix("HTTP/1.1 200"))
            #expect(head.lowercased().contains("connection: close"))
            try await connection.send("0\r\n\r\n")
            _ = try await connection.receiveAll()
        }
    }

    @Test func aBodyThatComesTooSlowlyIsGivenUp() async throws {
        try await TestServer.with(configure: { options in
            options.patience = InboundBody.Patience(grace: .zero, rate: 1 << 40)
        }) { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1/any/archive HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(Digest(of: "x"))\r\n\r\n")
            try await connection.send("x")
            let answer = try await connection.receiveHead()
            #expect(answer.hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test func aServerEndsWhenAskedTo() async throws {
        try await TestServer.with { server in
            let idle = try RawConnection(port: server.port)
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await idle.receiveHead().hasPrefix("HTTP/1.1 200"))
            _ = try await idle.receive()
            server.stop.finish()
            // Its connections end, though a client would keep them; `with` then waits for the server itself.
            #expect(try await idle.receiveAll() == "")
            await #expect(throws: RawConnection.Failed.self) {
                // A connection may still be taken before the socket is closed, and is then ended without an answer.
                let late = try RawConnection(port: server.port)
                try await late.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                if try await late.receiveAll().isEmpty { throw RawConnection.Failed(errno: 0) }
            }
        }
    }

    @Test func aRequestThatHasBegunEndsBeforeTheServerDoes() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1.0-1/any/archive HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(package.digest)\r\n"
                    + "Content-Length: \(package.archive.count)\r\n\r\n")
            #expect(try await connection.receiveHead().hasPrefix("HTTP/1.1 100"))
            server.stop.finish()
            try await connection.send(package.archive)
            #expect(try await connection.receiveHead().hasPrefix("HTTP/1.1 201"))
        }
    }

    @Test func otherMachinesAreAnsweredInPlainTextOnlyWhereThatIsSaid() async throws {
        await #expect(throws: StartError.self) {
            try await TestServer.with(configure: { options in
                if let all = ListenAddress("0.0.0.0:0") { options.listen = all }
            }) { _ in }
        }
    }

    @Test func aServerWithoutARepositoryDoesNotStart() async throws {
        await #expect(throws: StartError.self) {
            try await TestServer.with(configure: { $0.repository = $0.repository.appending("nope") }) { _ in }
        }
    }
}
