import Testing
import Transfer

@Suite("Servers that misbehave", .timeLimit(.minutes(1)))
struct MisbehaviourTests {
    private func failure(
        against script: [Step], limits: TransferLimits = quick, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> TransferError? {
        try await RudeServer.serving([.readRequest] + script) { server in
            let client = try quickClient { $0.limits = limits }
            return TransferTests.failure(
                of: { () throws(TransferError) in try client.send(HTTPRequest(url: server.url)) },
                sourceLocation: sourceLocation)
        }
    }

    @Test("a body that is cut is an error, not a short body")
    func cut() async throws {
        let error = try await failure(against: [.head("200 OK", "Content-Length: 10"), .send("hello")])
        #expect(error == .cut(received: 5, expected: 10))
        #expect(error?.isTransient == true)
    }

    @Test("a chunked body without its end is an error")
    func cutChunks() async throws {
        let error = try await failure(against: [.head("200 OK", "Transfer-Encoding: chunked"), .send("5\r\nhello\r\n")])
        #expect(error == .cut(received: 5, expected: nil))
    }

    @Test("a body that only the end of the connection ends is refused: a cut would look the same")
    func unframed() async throws {
        let error = try await failure(against: [.head("200 OK", "Connection: close"), .send("hello")])
        #expect(error == .malformedResponse("it does not say where its body ends"))
    }

    @Test("no answer at all is an error", arguments: [[], [Step.reset]])
    func nothing(_ end: [Step]) async throws {
        #expect(try await failure(against: end) == .cut(received: 0, expected: nil))
    }

    @Test(
        "what is no HTTP is malformed",
        arguments: [
            "hello\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
        ])
    func malformed(_ text: String) async throws {
        let error = try await failure(against: [.send(text)])
        switch error {
        case .malformedResponse?, .tooLarge?: break
        default: Issue.record("\(String(describing: error))")
        }
        #expect(error?.isTransient == false)
    }

    @Test(
        "chunks with a bad size do not pass for a body",
        arguments: ["zz\r\nhello\r\n0\r\n\r\n", "-1\r\n", "5\r\nhelloX0\r\n\r\n"])
    func badChunks(_ text: String) async throws {
        let error = try await failure(against: [.head("200 OK", "Transfer-Encoding: chunked"), .send(text)])
        guard case .cut? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an endless body stops at the limit", arguments: [true, false])
    func endless(_ isChunked: Bool) async throws {
        var limits = quick
        limits.maxBodyBytes = 100_000
        let block = [UInt8](repeating: 0x61, count: 0x1000)
        let script: [Step] =
            isChunked
            ? [.head("200 OK", "Transfer-Encoding: chunked"), .endless([UInt8]("1000\r\n".utf8) + block + [13, 10])]
            : [.head("200 OK", "Content-Length: 9999999999"), .endless(block)]
        #expect(try await failure(against: script, limits: limits) == .tooLarge(.body, limit: 100_000))
    }

    @Test("an endless error answer is an answer: its beginning is kept")
    func endlessError() async throws {
        let script: [Step] = [
            .readRequest, .head("500 Oops", "Content-Length: 9999999999"),
            .endless([UInt8](repeating: 0x61, count: 4096)),
        ]
        try await RudeServer.serving(script) {
            let response = try quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.status == 500)
            #expect(response.isBodyCut)
            #expect(response.body.count == 64 << 10)
        }
    }

    @Test(
        "endless headers stop at the limit",
        arguments: ["X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
    func headers(_ piece: String) async throws {
        let error = try await failure(against: [.send("HTTP/1.1 200 OK\r\nX: "), .endless([UInt8](piece.utf8))])
        #expect(error == .tooLarge(.headers, limit: 64 << 10))
    }

    @Test("endless interim answers and endless trailers count as headers")
    func interim() async throws {
        let interim = [UInt8]("HTTP/1.1 103 Early Hints\r\nX: aaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n".utf8)
        #expect(try await failure(against: [.endless(interim)]) == .tooLarge(.headers, limit: 64 << 10))
        let trailers: [Step] = [
            .head("200 OK", "Transfer-Encoding: chunked"), .send("1\r\na\r\n0\r\n"),
            .endless([UInt8]("X: aaaaaaaaaaaa\r\n".utf8)),
        ]
        #expect(try await failure(against: trailers) == .tooLarge(.headers, limit: 64 << 10))
    }

    @Test(
        "silence after a byte, before the answer or inside it, is a stall",
        arguments: ["", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nh"])
    func stall(_ text: String) async throws {
        let start = ContinuousClock.now
        let error = try await failure(against: [.send(text), .hold])
        #expect(error == .stalled(below: 1000, for: .milliseconds(200)))
        #expect(error?.isTransient == true)
        #expect(start.duration(to: .now) < .seconds(3))
    }

    @Test("the total limit ends a transfer that never stalls")
    func total() async throws {
        var limits = quick
        limits.total = .milliseconds(300)
        limits.maxBodyBytes = .max
        limits.maxBytesPerSecond = 100_000
        let script: [Step] = [
            .head("200 OK", "Content-Length: 9999999999"), .endless([UInt8](repeating: 0x61, count: 65536)),
        ]
        let error = try await failure(against: script, limits: limits)
        #expect(error == .timedOut(.whole, after: .milliseconds(300)))
    }
}
