import SystemPackage
import Testing
import Transfer

@Suite("Requests that are never sent, and servers that cannot be reached", .timeLimit(.minutes(1)))
struct RefusalTests {
    @Test(
        "a header that could break out of its line is refused",
        arguments: [
            ("X", "a\r\nY: b", TransferError.HeaderFault.value), ("X", "a\nb", .value), ("X", "a\0b", .value),
            ("X\r\nY", "a", .name), ("X Y", "a", .name), ("", "a", .name), ("X:", "a", .name),
            ("content-length", "3", .reserved), ("Transfer-Encoding", "chunked", .reserved),
        ])
    func headers(_ name: String, _ value: String, _ fault: TransferError.HeaderFault) throws {
        let client = try quickClient()
        let error = failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: "http://127.0.0.1:9/", headers: [(name, value)]))
        }
        #expect(error == .badHeader(name: name, fault))
        #expect(error?.isWorthAnotherServer == false)
        #expect(error?.message.contains("\n") == false)
    }

    @Test(
        "only plain absolute http and https URLs are asked for",
        arguments: [
            "", "/v1/hosts", "example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/",
            "http://user:canary@127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http:///x",
            "http://é/",
            "http://127.0.0.1:99999/", "httpx://127.0.0.1/",
        ])
    func urls(_ url: String) throws {
        let client = try quickClient()
        let error = failure { () throws(TransferError) in try client.send(HTTPRequest(url: url)) }
        guard case .badURL? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.message.contains("canary") == false)
    }

    @Test("a message shows neither query nor credentials of a URL")
    func secrets() throws {
        let client = try quickClient()
        let error = failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: "ftp://u:canary@h/p?X-Amz-Signature=canary#canary"))
        }
        #expect(error?.message == "cannot use the URL 'ftp://h/p': only http and https are spoken")
    }

    @Test("a GET with a body is refused")
    func body() throws {
        let client = try quickClient()
        let error = failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: "http://127.0.0.1:9/", body: .bytes([1])))
        }
        #expect(error == .badRequest("a GET takes no body"))
    }

    @Test("a refused connection is told as such, and is worth another server")
    func refused() throws {
        try RudeServer.refusing { url in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in try client.send(HTTPRequest(url: url)) }
            #expect(error == .connectionRefused(host: String(url.dropFirst(7).dropLast())))
            #expect(error?.isTransient == true && error?.isWorthAnotherServer == true)
        }
    }

    @Test("a name without an address is told as such")
    func name() throws {
        // Too long for a label, so that the answer comes from this machine.
        let host = String(repeating: "a", count: 64) + ".invalid"
        let client = try quickClient()
        let error = failure { () throws(TransferError) in try client.send(HTTPRequest(url: "http://\(host)/")) }
        #expect(error == .nameLookup(host: host))
    }

    @Test("a file that is not there is a local matter", arguments: [FilePath("/nonexistent/x"), "/tmp", "/dev/null"])
    func file(_ path: FilePath) throws {
        let client = try quickClient()
        let error = failure { () throws(TransferError) in try client.upload(path, to: "http://127.0.0.1:9/") }
        guard case .localFile(path, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.isWorthAnotherServer == false)
    }
}
