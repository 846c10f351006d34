import SystemPackage
import Testing
import Transfer

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    private func failure(against server: TLSServer, _ change: (inout TransferOptions) -> Void) throws -> TransferError?
    {
        let client = try quickClient(change)
        return TransferTests.failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        }
    }

    /// s_server's page ends with the connection, so only a download of a known size takes it. Any answer will do here:
    /// it comes after the handshake.
    private func isTrusted(_ error: TransferError?) -> Bool {
        error == .malformedResponse("it does not say where its body ends")
    }

    @Test("a server whose certificate the given authority signed is spoken to")
    func ownAuthority() throws {
        let server = try TLSServer()
        #expect(isTrusted(try failure(against: server) { $0.caFile = server.caFile }))
    }

    @Test("a given authority is the only one: neither another nor the system's vouches")
    func otherAuthority() throws {
        let server = try TLSServer()
        for authority in [server.otherCAFile, nil] {
            let error = try failure(against: server) { $0.caFile = authority }
            guard case .untrusted(let host, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(host == "127.0.0.1:\(server.port)")
            #expect(reason.contains("certificate"))
            #expect(error?.isTransient == false && error?.isWorthAnotherServer == true)
        }
    }

    @Test("a certificate for another name is refused")
    func otherName() throws {
        let server = try TLSServer(name: "DNS:config.invalid")
        let error = try failure(against: server) { $0.caFile = server.caFile }
        guard case .untrusted? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a protocol older than TLS 1.2 is refused")
    func oldProtocol() throws {
        let server = try TLSServer(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        let error = try failure(against: server) { $0.caFile = server.caFile }
        guard case .tls? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a server that asks for a certificate gets the given one")
    func clientCertificate() throws {
        let server = try TLSServer(["-Verify", "1", "-verify_return_error"])
        let with = try failure(against: server) {
            $0.caFile = server.caFile
            $0.clientCertificate = .init(certificate: server.client.certificate, key: server.client.key)
        }
        #expect(isTrusted(with))
        let without = try failure(against: server) { $0.caFile = server.caFile }
        #expect(!isTrusted(without))
    }

    @Test("a CA file or key that cannot be read is a local matter")
    func missingFiles() throws {
        let server = try TLSServer()
        let noAuthority = try failure(against: server) { $0.caFile = "/nonexistent/ca.pem" }
        let noKey = try failure(against: server) {
            $0.caFile = server.caFile
            $0.clientCertificate = .init(certificate: server.client.certificate, key: "/nonexistent/key.pem")
        }
        for error in [noAuthority, noKey] {
            guard case .tlsFiles? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test("a TLS server that dies in mid-body is a cut")
    func death() throws {
        let server = try TLSServer()
        let client = try quickClient { $0.caFile = server.caFile }
        let url = "https://127.0.0.1:\(server.port)/"
        let body = HTTPRequest.Body.bytes([UInt8](repeating: 0x61, count: 64 << 20))
        let error = TransferTests.failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: url, method: .put, body: body)) { if $0.done > 0 { server.stop() } }
        }
        guard case .cut? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("TLS spoken to a plain server, and plain HTTP to silence, end within the connect limit")
    func noHandshake() async throws {
        try await RudeServer.serving([.hold]) { server in
            var limits = quick
            limits.connect = .milliseconds(300)
            let client = try quickClient { $0.limits = limits }
            let error = TransferTests.failure { () throws(TransferError) in
                try client.send(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
            }
            #expect(error == .timedOut(.connect, after: .milliseconds(300)))
        }
        try await RudeServer.serving([.send("220 not TLS\r\n")]) { server in
            let client = try quickClient()
            let error = TransferTests.failure { () throws(TransferError) in
                try client.send(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
            }
            guard case .tls? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
