import SystemPackage
import Testing
import Transfer

@Suite("Uploads", .timeLimit(.minutes(1)))
struct UploadTests {
    @Test("a file is sent with its length, after the server agreed, and progress ends with all")
    func file() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", "0123456789")
        let seen = Recorder<TransferProgress>()
        try await RudeServer.serving([.readRequest, .answer("201 Created", body: "stored")]) { server in
            let response = try quickClient().upload(file, to: server.url, headers: [("X", "y")]) { seen.add($0) }
            #expect(response.status == 201)
            #expect(response.body.text == "stored")
            #expect(server.requests[0].hasPrefix("PUT / HTTP/1.1\r\n"))
            #expect(server.requests[0].contains("\r\nContent-Length: 10\r\n"))
            #expect(server.requests[0].contains("\r\nExpect: 100-continue\r\n"))
            #expect(server.requests[0].hasSuffix("\r\n\r\n0123456789"))
        }
        #expect(seen.all.last?.done == 10)
        #expect(seen.all.last?.total == 10)
    }

    @Test("a range of a file is sent with the length of the range")
    func fileRange() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", "0123456789")
        let body = HTTPRequest.Body.fileRange(file, offset: 3, length: 4)
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) { server in
            _ = try quickClient().send(HTTPRequest(url: server.url, method: .put, body: body))
            #expect(server.requests[0].contains("\r\nContent-Length: 4\r\n"))
            #expect(server.requests[0].hasSuffix("\r\n\r\n3456"))
        }
        let digest = try await body.digest(withMD5: true)
        #expect(digest.sha256.hex == "ceaa28bba4caba687dc31b1bbe79eca3c70c33f871f1ce8f528cf9ab5cfd76dd")
        #expect(digest.md5?.hex == "def7924e3199be5e18060bb3e1d547a7")
        #expect(digest.size == 4)
    }

    @Test("a range that the file does not have is sent by nobody", arguments: [(8, 3), (11, 0), (-1, 2), (0, -1)])
    func rangeOutside(offset: Int64, length: Int64) throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", "0123456789")
        let body = HTTPRequest.Body.fileRange(file, offset: offset, length: length)
        let error = failure { () throws(TransferError) in
            try HTTPClient().send(HTTPRequest(url: "http://127.0.0.1:1/", method: .put, body: body))
        }
        #expect(error == .fileShrank(file))
    }

    @Test("a refusal comes before the bytes", arguments: [401, 409, 413])
    func refused(_ status: Int) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", String(repeating: "x", count: 1 << 20))
        let seen = Recorder<TransferProgress>()
        try await RudeServer.serving([.readHead, .answer("\(status) No", body: "why")]) { server in
            let response = try quickClient().upload(file, to: server.url) { seen.add($0) }
            #expect(response.status == status)
            #expect(response.body.text == "why")
        }
        #expect(seen.all.allSatisfy { $0.done == 0 })
    }

    @Test(
        "a server that knows no Expect is asked again without, and its second answer counts", arguments: ["", "what?"])
    func expectationFailed(_ body: String) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", "0123456789")
        let no = Step.answer("417 Expectation Failed", ["ETag: \"no\""], body: body)
        try await RudeServer.serving([.readHead, no], [.readRequest, .answer("201 Created", body: "ok")]) { server in
            let response = try quickClient().upload(file, to: server.url)
            #expect(response.status == 201)
            #expect(response.body.text == "ok")
            #expect(response.headers["ETag"] == nil)
            #expect(server.requests.last?.hasSuffix("\r\n\r\n0123456789") == true)
        }
    }

    @Test("no answer to a whole upload is a cut without a byte")
    func noAnswer() async throws {
        try await RudeServer.serving([.readRequest]) { server in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in
                try client.send(HTTPRequest(url: server.url, method: .put, body: .bytes([1, 2, 3])))
            }
            #expect(error == .cut(received: 0, expected: nil))
        }
    }

    @Test("an empty body has a length too", arguments: [HTTPRequest.Method.put, .post])
    func empty(_ method: HTTPRequest.Method) async throws {
        try await RudeServer.serving([.readRequest, .answer("204 No Content")]) { server in
            _ = try quickClient().send(HTTPRequest(url: server.url, method: method))
            #expect(server.requests[0].contains("\r\nContent-Length: 0\r\n"))
        }
    }

    @Test("a body in memory is sent at once", arguments: [HTTPRequest.Method.put, .post, .delete])
    func bytes(_ method: HTTPRequest.Method) async throws {
        let body = String(repeating: "x", count: 3 << 20)
        try await RudeServer.serving([.readRequest, .answer("200 OK")]) { server in
            _ = try quickClient().send(HTTPRequest(url: server.url, method: method, body: .bytes([UInt8](body.utf8))))
            #expect(server.requests[0].hasPrefix("\(method.rawValue) / HTTP/1.1\r\n"))
            #expect(!server.requests[0].contains("Expect:"))
            #expect(server.requests[0].hasSuffix("\r\n\r\n" + body))
        }
    }

    @Test("a server that stops reading is a stall")
    func stall() async throws {
        let body = [UInt8](repeating: 0x61, count: 64 << 20)
        try await RudeServer.serving([.readHead, .pause]) { server in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in
                try client.send(HTTPRequest(url: server.url, method: .put, body: .bytes(body)))
            }
            #expect(error == .stalled(below: 1000, for: .milliseconds(200)))
            server.resume()
        }
    }

    @Test("a server that resets the connection in mid-body is a cut, and no signal")
    func reset() async throws {
        let body = [UInt8](repeating: 0x61, count: 64 << 20)
        try await RudeServer.serving([.readHead, .reset]) { server in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in
                try client.send(HTTPRequest(url: server.url, method: .put, body: .bytes(body)))
            }
            guard case .cut? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a file that becomes shorter while it is sent ends the exchange")
    func shrinking() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", String(repeating: "x", count: 8 << 20))
        try await RudeServer.serving([.readHead, .send("HTTP/1.1 100 Continue\r\n\r\n"), .hold]) { server in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in
                try client.upload(file, to: server.url) { progress in
                    if progress.done > 0 { _ = try? directory.file("archive", "") }
                }
            }
            #expect(error == .fileShrank(file))
        }
    }
}
