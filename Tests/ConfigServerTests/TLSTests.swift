import LinuxSystem
import Logging
import RollerCore
import SystemPackage
import Testing

@testable import ConfigServer

struct TLSTests {
    /// A server with a certificate for 127.0.0.1, and certificates for two hosts.
    private func withServer(
        _ choice: TLSFiles.ClientCertificates? = nil,
        _ body: (TestServer, TestCertificates, String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await TestCertificates(in: folder.appending("tls"))
            try await certificates.make("server", for: "IP:127.0.0.1")
            for host in ["web-01", "web-02"] {
                try await certificates.make(host, for: "DNS:\(host).snc1.example.com")
            }
            var files = TLSFiles(certificate: certificates.path("server.pem"), key: certificates.path("server.key"))
            if let choice {
                files.clientAuthority = certificates.path("ca.pem")
                files.clientCertificates = choice
            }
            let chosen = files
            try await TestServer.with(configure: { $0.tls = chosen }) { server in
                try await body(server, certificates, "https://127.0.0.1:\(server.port)")
            }
        }
    }

    @Test func whatIsAskedIsAnsweredEncrypted() async throws {
        try await withServer { _, certificates, base async throws in
            let ca = certificates.path("ca.pem").string
            #expect(try await curl("--cacert", ca, "\(base)/healthz").body == "ok")
            #expect(try await !curl("\(base)/healthz").code)
        }
    }

    @Test func olderVersionsOfTLSAreRefused() async throws {
        try await withServer { _, certificates, base async throws in
            let ca = certificates.path("ca.pem").string
            #expect(try await curl("--cacert", ca, "--tls-max", "1.2", "\(base)/healthz").status == "200")
            #expect(
                try await !curl(
                    "--cacert", ca, "--tls-max", "1.1", "--ciphers", "DEFAULT:@SECLEVEL=0", "\(base)/healthz"
                )
                .code)
        }
    }

    @Test func plainTextToAnEncryptedPortEndsTheConnection() async throws {
        try await withServer { server, certificates, base async throws in
            let connection = try RawConnection(port: server.port)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = (try? await connection.receiveAll()) ?? ""
            #expect(!answer.contains("HTTP/1.1 200"))
            #expect(try await curl("--cacert", certificates.path("ca.pem").string, "\(base)/healthz").status == "200")
        }
    }

    @Test func aHostWithACertificateGetsItsOwnBundleAlone() async throws {
        try await withServer(.optional) { _, certificates, base async throws in
            let name = { (file: String) in certificates.path(file).string }
            let ask = { (host: String, path: String) in
                try await curl(
                    "--cacert", name("ca.pem"), "--cert", name("\(host).pem"), "--key", name("\(host).key"),
                    "\(base)\(path)")
            }
            let bundle = "/v1/hosts/web-01.snc1.example.com/bundle"
            #expect(try await ask("web-01", bundle).status != "403")
            let refused = try await ask("web-02", bundle)
            #expect(refused.status == "403")
            #expect(refused.body.contains("kind: certificate"))
            #expect(refused.body.contains("is for web-02.snc1.example.com, not for web-01.snc1.example.com"))
            #expect(try await ask("web-02", "/v1/hosts").status == "200")
            // Without a certificate, reading is not restricted.
            #expect(try await curl("--cacert", name("ca.pem"), "\(base)\(bundle)").status != "403")
        }
    }

    @Test func whereCertificatesAreRequiredNobodyComesInWithout() async throws {
        try await withServer(.required) { _, certificates, base async throws in
            let name = { (file: String) in certificates.path(file).string }
            #expect(try await !curl("--cacert", name("ca.pem"), "\(base)/healthz").code)
            let known = try await curl(
                "--cacert", name("ca.pem"), "--cert", name("web-01.pem"), "--key", name("web-01.key"), "\(base)/healthz"
            )
            #expect(known.status == "200")
        }
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() async throws {
        try await withServer(.optional) { server, certificates, base async throws in
            let strangers = try await TestCertificates(in: server.root.appending("strangers"))
            try await strangers.make("web-01", for: "DNS:web-01.snc1.example.com")
            let answer = try await curl(
                "--cacert", certificates.path("ca.pem").string, "--cert", strangers.path("web-01.pem").string, "--key",
                strangers.path("web-01.key").string, "\(base)/healthz")
            #expect(answer.status != "200")
        }
    }

    @Test func aRenewedCertificateIsTakenAndABadOneIsNot() async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await TestCertificates(in: folder.appending("tls"))
            try await certificates.make("server", for: "DNS:one.example.com")
            let files = TLSFiles(certificate: certificates.path("server.pem"), key: certificates.path("server.key"))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let live = try LiveTLS(files, logger: logger)
            let first = live.expiry
            try await certificates.make("server", for: "DNS:one.example.com", days: 9)
            live.renew(logger)
            #expect(live.expiry == first + 7 * 86400 || live.expiry > first)
            let renewed = live.expiry
            // The certificate of another key, as between two writes.
            try await certificates.make("other", for: "DNS:one.example.com", days: 20)
            let folder = try Directory.open(certificates.folder, followingLinks: true)
            try folder.replaceFile(
                "server.pem", permissions: 0o600, bytes: try folder.readFile("other.pem", limit: 65536), durable: false)
            live.renew(logger)
            #expect(live.expiry == renewed)
            #expect(live.refusal == .keyOfAnother(files))
            try folder.replaceFile(
                "server.key", permissions: 0o600, bytes: try folder.readFile("other.key", limit: 65536), durable: false)
            live.renew(logger)
            #expect(live.expiry > renewed)
            #expect(live.refusal == nil)
        }
    }

    @Test(arguments: [
        ("server.pem", "no certificate", "holds no certificate"), ("server.key", "no key", "holds no private key"),
        ("server.pem", nil, "No such file"),
    ])
    func whatIsWrongWithTheFilesIsNamed(_ name: String, _ text: String?, _ message: String) async throws {
        try await withTemporaryFolder { path in
            let certificates = try await TestCertificates(in: path.appending("tls"))
            try await certificates.make("server", for: "DNS:one.example.com")
            let folder = try Directory.open(certificates.folder, followingLinks: true)
            if let text {
                try folder.replaceFile(name, permissions: 0o600, bytes: Array(text.utf8), durable: false)
            } else {
                try folder.remove(name)
            }
            let files = TLSFiles(certificate: certificates.path("server.pem"), key: certificates.path("server.key"))
            let error = #expect(throws: TLSError.self) { try TLSMaterial.read(files) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(name) == true)
        }
    }
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryFolder(_ body: (FilePath) async throws -> Void) async throws {
    let name = "config-server-tests-\(UInt64.random(in: .min ... .max))"
    let holder = try Directory.open("/tmp", followingLinks: true)
    try holder.makeDirectory(name, permissions: 0o700)
    defer { _ = try? holder.removeTree(name) }
    try await body(FilePath("/tmp").appending(name))
}
