import LinuxSystem
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// What the server does with clients that are slow, many, or ask too much.
struct LimitTests {
    private static func limited(_ change: @escaping (inout Limits) -> Void) -> (inout ServerOptions) -> Void {
        { options in
            options.limits.includesLoopback = true
            change(&options.limits)
        }
    }

    @Test(arguments: ["G", "GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n"])
    func aHeadThatComesTooSlowlyIsAnsweredWith408(_ beginning: String) async throws {
        try await TestServer.with(configure: Self.limited { $0.head = .milliseconds(200) }) { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(beginning)
            let answer = try await connection.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
            #expect(answer.contains("kind: request") && answer.contains("hint: "), "\(answer)")
        }
    }

    /// What counts is the whole of the head: a byte now and then does not save it.
    @Test func aHeadByteByByteIsAnsweredWith408() async throws {
        try await TestServer.with(configure: Self.limited { $0.head = .milliseconds(200) }) { server in
            let connection = try RawConnection(port: server.port)
            let start = ContinuousClock.now
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nA: ")
            // Until the server takes no more: that it ends at all is what is tried.
            while (try? await connection.send("a")) != nil, ContinuousClock.now - start < .seconds(5) {
                if let bytes = try? await connection.receiveNow(), !bytes.isEmpty {
                    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
                    break
                }
            }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test func aBodyThatStopsComingIsAnsweredWith408() async throws {
        try await TestServer.with(configure: Self.limited { $0.stall = .milliseconds(200) }) { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1/any/archive HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(Digest(of: "x"))\r\n\r\nx")
            let answer = try await connection.receiveHead()
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
            #expect(answer.lowercased().contains("connection: close"), "\(answer)")
        }
    }

    @Test func aConnectionWithoutARequestIsClosed() async throws {
        try await TestServer.with(configure: Self.limited { $0.idle = .milliseconds(200) }) { server in
            let fresh = try RawConnection(port: server.port)
            #expect(try await fresh.receiveAll() == "")
            let used = try RawConnection(port: server.port)
            try await used.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await used.receiveAll().hasSuffix("ok\n"))
        }
    }

    @Test func whoAsksTooOftenIsToldWhenToAskAgain() async throws {
        try await TestServer.with(configure: Self.limited { ($0.rate, $0.burst) = (1, 3) }) { server in
            var answer = try await server.get("/healthz", ("Accept", "application/json"))
            #expect(answer.status == 200)
            // What is paid back meanwhile is for a slow machine to ask for as well.
            for _ in 0..<50 where answer.status == 200 {
                answer = try await server.get("/healthz", ("Accept", "application/json"))
            }
            #expect(answer.status == 429)
            let wait = answer.headers["Retry-After"]
            #expect(wait == "1")
            #expect(answer.text.contains(#""kind": "rate""#), "\(answer.text)")
        }
    }

    @Test func thisMachineIsNotCountedUnlessThatIsSaid() async throws {
        try await TestServer.with(configure: { ($0.limits.rate, $0.limits.burst) = (1, 1) }) { server async throws in
            for _ in 0..<5 { #expect(try await server.get("/healthz").status == 200) }
        }
    }

    @Test func tooManyConnectionsOfOneAddressAreRefusedAndOthersGoOn() async throws {
        try await TestServer.with(configure: Self.limited { $0.connectionsPerAddress = 2 }) { server in
            let first = try RawConnection(port: server.port)
            try await first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await first.receiveHead().hasPrefix("HTTP/1.1 200"))
            let second = try RawConnection(port: server.port)
            try await second.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await second.receiveHead().hasPrefix("HTTP/1.1 200"))
            let third = try RawConnection(port: server.port)
            try await third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await third.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 429 "), "\(answer)")
            #expect(answer.contains("connections"))
            try await first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await first.receiveAll(upTo: "HTTP/1.1 200").hasSuffix("HTTP/1.1 200"))
        }
    }

    @Test func moreRequestsThanAreAnsweredAtOnceAreShed() throws {
        var limits = Limits()
        limits.concurrentRequests = 2
        let admission = Admission(limits)
        let connection = Connection(address: "192.0.2.1", isLocal: false, isExcess: false)
        try admission.begin(connection)
        try admission.begin(connection)
        let error = #expect(throws: Overload.self) { try admission.begin(connection) }
        guard case .busy(2, (1...8)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(admission.requestsInFlight == 2)
        admission.end()
        try admission.begin(connection)
    }

    /// By a clock that is stepped by hand.
    @Test func aRateIsPaidBackWithTime() throws {
        var limits = Limits()
        (limits.rate, limits.burst) = (10, 20)
        let admission = Admission(limits)
        let connection = Connection(address: "192.0.2.1", isLocal: false, isExcess: false)
        let start = ContinuousClock.now
        for _ in 0..<20 { try admission.begin(connection, now: start) }
        #expect(throws: Overload.rate(address: "192.0.2.1", limit: 10, retryAfter: 1)) {
            try admission.begin(connection, now: start)
        }
        for _ in 0..<10 { try admission.begin(connection, now: start + .seconds(1)) }
        #expect(throws: Overload.self) { try admission.begin(connection, now: start + .seconds(1)) }
        let other = Connection(address: "192.0.2.2", isLocal: false, isExcess: false)
        try admission.begin(other, now: start + .seconds(1))
    }

    @Test func thousandsOfIdleConnectionsKeepNobodyOut() async throws {
        // A busy machine takes a while to open them all, and none may be closed meanwhile.
        try await TestServer.with(configure: { $0.limits.head = .seconds(600) }) { server in
            var idle: [RawConnection] = []
            for number in 0..<2500 {
                let connection = try RawConnection(port: server.port)
                // Half of them begin a request, and stop there.
                if number.isMultiple(of: 2) { try await connection.send("GET /healthz HTTP/1.1\r\nHo") }
                idle.append(connection)
            }
            for _ in 0..<20 { #expect(try await server.get("/healthz").status == 200) }
            // The kernel has taken them all; the server counts each when its own thread gets to it.
            var count = 0
            for _ in 0..<1000 where count < 2500 { count = try await connections(server) }
            #expect(count >= 2500)
            #expect(idle.count == 2500)
        }
    }

    /// How many connections the server says it has.
    private func connections(_ server: TestServer) async throws -> Int {
        let lines = try await server.get("/metrics").text.split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("roller_http_connections ") })
        return line.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }
}
