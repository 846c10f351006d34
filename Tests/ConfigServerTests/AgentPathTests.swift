import HTTPTypes
import RollerCore
import Testing

@testable import ConfigServer

/// What agents ask for is answered on the connection's own thread, and nobody can tell but by the clock.
struct AgentPathTests {
    private static let host = "/v1/hosts/web-01.example.com"

    /// One connection that asks, and reads what comes.
    private func ask(_ server: TestServer, _ requests: [String], endsSending: Bool = false) async throws -> [String] {
        let connection = try RawConnection(port: server.port)
        try await connection.send(requests.joined())
        if endsSending { connection.endSending() }
        var all: [UInt8] = []
        var answers: [String] = []
        while answers.count < requests.count {
            let bytes = try await connection.receive()
            if bytes.isEmpty { break }
            all += bytes
            while let (answer, length) = firstAnswer(in: all) {
                answers.append(answer)
                all.removeFirst(length)
            }
        }
        return answers
    }

    /// The first whole answer in `bytes`, without what changes by the clock, and how many bytes it takes.
    private func firstAnswer(in bytes: [UInt8]) -> (text: String, length: Int)? {
        let end = Array("\r\n\r\n".utf8)
        guard let headEnd = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        let total = headEnd + end.count + length
        guard bytes.count >= total else { return nil }
        let head = lines.filter { !$0.hasPrefix("Date: ") && !$0.hasPrefix("Roller-Snapshot-Age: ") }
        let body = String(decoding: bytes[(headEnd + end.count)..<total], as: UTF8.self)
        return (head.joined(separator: "\n") + "\n\n" + body, total)
    }

    private func request(_ path: String, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n"
    }

    @Test(arguments: ["", "/bundle"], ["Accept: application/json\r\n", "Accept: */*\r\n", ""])
    func bothWaysAnswerToTheByte(_ suffix: String, _ accept: String) async throws {
        try await TestServer.with(prepare: { repository in
            // Long enough that compressing it makes sense.
            try repository.writeHost("web-01", release: "web@1")
            try repository.write(
                "hosts/web-01.example.com.yml",
                "hostclass: web@1\ndatacenter: snc1\nsettings:\n  workers: 8\n"
                    + (0..<100).map { "  # a long line of words that repeat, number \($0)\n" }.joined())
            try await repository.commit("long")
        }) { server in
            let path = Self.host + suffix
            let first = try await ask(server, [request(path, accept)])
            let packed = try await ask(server, [request(path, accept + "Accept-Encoding: gzip\r\n")])
            let tags = (first + packed).flatMap { $0.split(separator: "\n").filter { $0.hasPrefix("ETag: ") } }
                .map { $0.dropFirst(6) }
            #expect(tags.count == 2)
            var conditions = [
                "", "Accept-Encoding: gzip\r\n", "Accept-Encoding: identity;q=0\r\n", "If-None-Match: *\r\n",
                "If-None-Match: \"x\"\r\n", "If-None-Match: nonsense\r\n", "Range: bytes=0-1\r\n",
            ]
            for tag in tags {
                conditions += [
                    "If-None-Match: \(tag)\r\n", "If-None-Match: W/\(tag)\r\nAccept-Encoding: gzip\r\n",
                    "If-None-Match: \"x\", \(tag)\r\n",
                ]
            }
            for condition in conditions {
                let asked = request(path, accept + condition)
                let quick = try await ask(server, [asked, asked])
                // A header that speaks of the connection sends it the router's way.
                let routed = try await ask(server, [request(path, accept + condition + "Connection: keep-alive\r\n")])
                #expect(quick == routed + routed, "\(condition)")
            }
        }
    }

    @Test func answersOfBothWaysComeInTheOrderOfTheirRequests() async throws {
        try await TestServer.with { server in
            let paths = [
                Self.host, "/healthz", "\(Self.host)/bundle", "\(Self.host)/bundle", "/nope", Self.host,
                "\(Self.host)/effective", "/v1/hosts/nobody", "\(Self.host)/bundle?format=json", Self.host,
            ]
            let expected = try await paths.asyncMap { try await ask(server, [request($0)]) }.flatMap(\.self)
            for rotation in paths.indices {
                let order = paths.indices.map { ($0 + rotation) % paths.count }
                let many = (0..<20).flatMap { _ in order }
                let answers = try await ask(server, many.map { request(paths[$0]) })
                #expect(answers == many.map { expected[$0] }, "rotated by \(rotation)")
            }
        }
    }

    /// More than connections hold is asked for before anything is read.
    @Test(arguments: [false, true])
    func aClientThatReadsLateGetsAllOfIt(_ endsSending: Bool) async throws {
        try await TestServer.with { server in
            let one = try await ask(server, [request("\(Self.host)/bundle")])
            let answers = try await ask(
                server, [String](repeating: request("\(Self.host)/bundle"), count: 5000), endsSending: endsSending)
            #expect(answers.count == 5000)
            #expect(Set(answers) == Set(one))
        }
    }

    @Test func nothingIsAnsweredAfterARequestThatEndsTheConnection() async throws {
        try await TestServer.with { server in
            _ = try await ask(server, [request(Self.host)])
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                request(Self.host) + request("/healthz", "Connection: close\r\n") + request(Self.host))
            #expect(try await connection.receiveAll().ranges(of: "HTTP/1.1 ").count == 2)
        }
    }

    @Test func aNewCommitIsSeenByTheNextRequest() async throws {
        try await TestServer.with { server in
            let before = try await ask(server, [request(Self.host), request(Self.host)])
            try server.repository.writeHost("web-01", release: "web@1", workers: 99)
            let head = try await server.repository.commit("99 workers")
            try await server.refresh()
            let after = try await ask(server, [request(Self.host), request(Self.host)])
            #expect(Set(before).count == 1)
            #expect(after.allSatisfy { $0.contains("workers: 99") && $0.contains("Roller-Revision: \(head)") })
        }
    }

    @Test func aRefusedCommitShowsInEveryAnswer() async throws {
        try await TestServer.with { server in
            _ = try await ask(server, [request(Self.host)])
            try server.repository.write("hosts/web-02.example.com.yml", "hostclass: nothing@1\n")
            let head = try await server.repository.commit("broken")
            try await server.refresh()
            let answers = try await ask(server, [request(Self.host), request(Self.host)])
            #expect(answers.allSatisfy { $0.contains("Roller-Stale: \(head)") }, "\(answers)")
        }
    }

    private static let requests: [(String, String, [String: String], Bool)] = [
        ("GET", "/v1/hosts/a", [:], true), ("GET", "/v1/hosts/a.b-1/bundle", [:], true),
        ("GET", "/v1/hosts/a", ["User-Agent": "x", "Accept": "*/*"], true), ("HEAD", "/v1/hosts/a", [:], false),
        ("GET", "/v1/hosts/", [:], false), ("GET", "/v1/hosts", [:], false), ("GET", "/v1/hosts/a/", [:], false),
        ("GET", "/v1/hosts/a/files", [:], false), ("GET", "/v1/hosts/a/bundle/", [:], false),
        ("GET", "/v1/hosts//bundle", [:], false), ("GET", "/v1/hosts/A", [:], false),
        ("GET", "/v1/hosts/%61", [:], false), ("GET", "/v1/hosts/a?at=1", [:], false),
        ("GET", "/v1/hosts/a?", [:], false), ("GET", "http://x/v1/hosts/a", [:], false),
        ("GET", "/v1/hosts/a", ["Host": "x"], false), ("GET", "/v1/hosts/a", ["Content-Length": "0"], false),
        ("GET", "/v1/hosts/a", ["Transfer-Encoding": "chunked"], false),
        ("GET", "/v1/hosts/a", ["Connection": "keep-alive"], false),
        ("GET", "/v1/hosts/a", ["Expect": "100-continue"], false), ("GET", "/v1/hosts/a", ["Upgrade": "x"], false),
    ]

    @Test(arguments: requests)
    func onlyPlainRequestsAreAnsweredAtOnce(_ asked: (String, String, [String: String], Bool)) throws {
        let (method, path, headers, expected) = asked
        var request = HTTPRequest(
            method: try #require(HTTPRequest.Method(method)), scheme: "http", authority: "x", path: path)
        for (name, value) in headers { request.headerFields[try #require(HTTPField.Name(name))] = value }
        #expect((AgentRequest(request) != nil) == expected)
    }

    @Test func aHeaderThatIsThereTwiceIsForTheRouter() throws {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/v1/hosts/a")
        request.headerFields.append(HTTPField(name: .accept, value: "application/json"))
        #expect(AgentRequest(request) != nil)
        request.headerFields.append(HTTPField(name: .accept, value: "*/*"))
        #expect(AgentRequest(request) == nil)
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
