import Testing
import Transfer

@Suite("Answers", .timeLimit(.minutes(1)))
struct AnswerTests {
    @Test("an answer comes with status, headers and body")
    func whole() async throws {
        try await RudeServer.serving([
            .readRequest, .answer("200 OK", ["ETag: \"a\"", "X-Two: 1", "x-two: 2"], body: "hello"),
        ]) {
            let response = try quickClient().send(HTTPRequest(url: $0.url + "/a?b=c", headers: [("X-Mine", "yes")]))
            #expect(response.status == 200)
            #expect(response.body.text == "hello")
            #expect(response.headers["etag"] == "\"a\"")
            #expect(response.headers.values(for: "X-TWO") == ["1", "2"])
            #expect(response.bytesReceived == 5)
            #expect($0.requests.first?.hasPrefix("GET /a?b=c HTTP/1.1\r\n") == true)
            #expect($0.requests.first?.contains("\r\nX-Mine: yes\r\n") == true)
        }
    }

    @Test("nothing that was not asked for is sent along")
    func plainRequest() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) {
            _ = try quickClient().send(HTTPRequest(url: $0.url, method: .post, body: .bytes([0x61])))
            let names = $0.requests[0].split(separator: "\r\n").dropFirst().compactMap {
                $0.split(separator: ":").first
            }
            #expect(names.sorted() == ["Accept", "Content-Length", "Host", "a"])
        }
    }

    @Test("any status is an answer", arguments: [204, 304, 400, 401, 404, 416, 429, 500, 503])
    func statuses(_ status: Int) async throws {
        try await RudeServer.serving([.readRequest, .head("\(status) Whatever", "Content-Length: 0", "Retry-After: 7")])
        {
            let response = try quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.status == status)
            #expect(response.headers.retryAfter(now: 0) == .seconds(7))
            #expect(response.isTransient == [429, 500, 503].contains(status))
        }
    }

    @Test("a redirect is an answer: the other server is never asked, so it sees no credentials")
    func redirect() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) { other in
            try await RudeServer.serving([
                .readRequest, .answer("302 Found", ["Location: \(other.url)/stolen"], body: "x"),
            ]) {
                let request = HTTPRequest(url: $0.url, headers: [("Authorization", "Bearer canary")])
                let response = try quickClient().send(request)
                #expect(response.status == 302)
                #expect(response.headers["Location"] == "\(other.url)/stolen")
            }
            #expect(other.requests.isEmpty)
        }
    }

    @Test("one connection serves request after request")
    func reuse() async throws {
        try await RudeServer.serving(
            [.readRequest, .answer("200 OK", body: "1"), .readRequest, .answer("200 OK", body: "2")]
        ) {
            let client = try quickClient()
            let first = try client.send(HTTPRequest(url: $0.url))
            #expect(first.body.text == "1")
            let second = try client.send(HTTPRequest(url: $0.url))
            #expect(second.body.text == "2")
            #expect(second.timing.connect < .milliseconds(50))
        }
    }

    @Test("a kept connection that died meanwhile is replaced without a word")
    func deadConnection() async throws {
        try await RudeServer.serving(
            [.readRequest, .answer("200 OK", body: "1")], [.readRequest, .answer("200 OK", body: "2")]
        ) {
            let client = try quickClient()
            _ = try client.send(HTTPRequest(url: $0.url, method: .put, body: .bytes([1])))
            let second = try client.send(HTTPRequest(url: $0.url, method: .put, body: .bytes([2, 3])))
            #expect(second.body.text == "2")
        }
    }

    @Test("headers of interim answers and trailers are no headers of the answer")
    func interim() async throws {
        let script: [Step] = [
            .readRequest, .head("103 Early Hints", "ETag: \"early\""),
            .head("200 OK", "Transfer-Encoding: chunked"),
            .send("5\r\nhello\r\n0\r\nETag: \"late\"\r\n\r\n"),
        ]
        try await RudeServer.serving(script) {
            let response = try quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.status == 200)
            #expect(response.headers["ETag"] == nil)
            #expect(response.body.text == "hello")
        }
    }

    @Test("a trailer that looks like a status line is no other answer")
    func statusInTrailer() async throws {
        let script: [Step] = [
            .readRequest, .head("200 OK", "Transfer-Encoding: chunked"),
            .send("5\r\nhello\r\n0\r\nHTTP/1.1 500 Oops: x\r\n\r\n"),
        ]
        try await RudeServer.serving(script) {
            let response = try quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.status == 200)
            #expect(response.body.text == "hello")
        }
    }

    @Test("HEAD reads no body, whatever length is announced")
    func head() async throws {
        try await RudeServer.serving([.readRequest, .head("200 OK", "Content-Length: 99999999")]) {
            let response = try quickClient().send(HTTPRequest(url: $0.url, method: .head))
            #expect(response.headers["Content-Length"] == "99999999")
            #expect(response.body.isEmpty)
        }
    }

    @Test("a body in an encoding nobody asked for is handed over as it came")
    func noDecoding() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK", ["Content-Encoding: gzip"], body: "not gzip")]) {
            let response = try quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.body.text == "not gzip")
            #expect(!$0.requests[0].contains("Accept-Encoding"))
        }
    }

    @Test("a name with a given address is not looked up")
    func resolution() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) { server in
            let client = try quickClient {
                $0.resolutions = [.init(host: "config.invalid", port: server.port, addresses: ["127.0.0.1"])]
            }
            let response = try client.send(HTTPRequest(url: "http://config.invalid:\(server.port)/"))
            #expect(response.status == 200)
        }
    }

    @Test("a proxy is asked for the whole URL")
    func proxy() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) { server in
            let client = try quickClient { $0.proxy = .url(server.url) }
            _ = try client.send(HTTPRequest(url: "http://config.invalid/x"))
            #expect(server.requests[0].hasPrefix("GET http://config.invalid/x HTTP/1.1\r\n"))
        }
    }
}
