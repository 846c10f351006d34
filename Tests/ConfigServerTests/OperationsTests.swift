import ArgumentParser
import Glibc
import LinuxSystem
import Logging
import RollerCore
import SystemPackage
import Testing
import Transfer
import YAMLDocument

@testable import ConfigServer

/// What those meet who run the server: its configuration, its log, its figures, and what it tells systemd.
struct OperationsTests {
    @Test func everyFlagIsAKeyOfTheConfigurationFile() {
        let flags = ConfigServer.helpMessage(columns: 200).split(separator: "\n").compactMap { line -> String? in
            let word = line.split(separator: " ").first ?? ""
            return word.hasPrefix("--") ? String(word.dropFirst(2)) : nil
        }
        // Those that say what to do this once.
        let once: Set = ["config", "check", "version", "help"]
        #expect(Set(flags).subtracting(once) == Set(ConfigFile.keys.map(\.name)))
        #expect(flags.count > 20)
    }

    @Test func theFileComesBeforeTheFlags() async throws {
        try await withTemporaryFolder { folder in
            try Directory.open(folder, followingLinks: true).createFile(
                "c.yml", permissions: 0o600, bytes: Array("branch: prod\naccess-log: true\nrate: 7\n".utf8))
            let path = folder.appending("c.yml").string
            let wanted = ["--branch=prod", "--access-log", "--rate=7", "--branch", "test"]
            #expect(try ConfigFile.expand(["--config", path, "--branch", "test"]) == wanted)
            #expect(try ConfigFile.expand(["--branch", "test", "--config=\(path)"]) == wanted)
            #expect(throws: ConfigFileError.twice) { try ConfigFile.expand(["--config", path, "--config", path]) }
        }
    }

    @Test(arguments: [
        ("repositry: x", 1, 1, "there is no key 'repositry'", "did you mean 'repository'?"),
        ("branch: main\nrate: fast", 2, 7, "'rate' is a whole number, not 'fast'", nil),
        ("access-log: yes", 1, 13, "'access-log' is true or false, not 'yes'", nil),
        ("tokens:", 1, 1, "'tokens' needs a value", "leave it out for its default"),
        ("listen: [a, b]", 1, 9, "'listen' needs a value", "leave it out for its default"),
        ("- a", 1, 1, "the file is no mapping of names to values", nil),
    ])
    func whatIsWrongInTheFileIsShownWithItsPlace(
        _ text: String, _ line: Int, _ column: Int, _ message: String, _ hint: String?
    ) {
        let error = #expect(throws: ConfigFileError.self) { try ConfigFile.flags(in: Array(text.utf8), of: "c.yml") }
        guard case .findings("c.yml", let findings) = error, let first = findings.first else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(findings.count == 1)
        #expect(first.message == message)
        #expect(first.hint == hint)
        #expect(first.position.line == line)
        if text != "tokens:" { #expect(first.position.column == column) }
    }

    @Test(arguments: ["branch: a\nbranch: b", "branch: a\n--- \nbranch: b", "branch: *x", "a: {"])
    func whatIsNoStrictYAMLIsRefused(_ text: String) {
        #expect(throws: ConfigFileError.self) { try ConfigFile.flags(in: Array(text.utf8), of: "c.yml") }
    }

    @Test func aLogLineIsJSONWhateverIsInIt() throws {
        let line = JSONLogHandler.line(
            .error, "a \"b\"\n", ["path": "/x\u{1}y", "time": "no"], at: UTCTime(seconds: 0))
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"time":"1970-01-01T00:00:00Z","level":"error","message":"a \"b\"\n","path":"/x\u0001y"}"# + "\n")
    }

    @Test func systemdIsToldOverItsSocket() throws {
        let name = "@config-server-tests-\(UInt64.random(in: .min ... .max))"
        let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(listener) }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: [0] + Array(name.utf8.dropFirst())) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
        }
        try #require(bound == 0)
        let environment = ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000000"]
        let notifier = try #require(ServiceNotifier { environment[$0] })
        #expect(notifier.watchdog == .seconds(3))
        notifier.tell("READY=1", "STATUS=fine")
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = recv(listener, &buffer, buffer.count, 0)
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1\nSTATUS=fine")
    }

    @Test func nobodyIsToldWhereNobodyAsked() {
        #expect(ServiceNotifier { _ in nil } == nil)
        #expect(ServiceNotifier { $0 == "NOTIFY_SOCKET" ? "relative" : nil } == nil)
        let other = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"]
        #expect(ServiceNotifier { other[$0] }?.watchdog == nil)
    }

    @Test func figuresCountWhatWasAsked() async throws {
        try await TestServer.with { server in
            for _ in 0..<3 { _ = try await server.get("/v1/hosts") }
            _ = try await server.get("/nope")
            let text = try await server.get("/metrics").text
            let lines = Set(text.split(separator: "\n").map(String.init))
            for line in [
                #"roller_http_requests_total{route="/v1/hosts",method="GET",status="200"} 3"#,
                #"roller_http_requests_total{route="none",method="GET",status="404"} 1"#,
                #"roller_http_request_duration_seconds_count{route="/v1/hosts"} 3"#,
                #"roller_http_request_duration_seconds_bucket{route="/v1/hosts",le="+Inf"} 3"#,
                "roller_http_requests_in_flight 1",
            ] {
                #expect(lines.contains(line), "\(line)\n\(text)")
            }
            // Of each name, all samples stand together, behind one HELP and one TYPE.
            let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            #expect(Set(types).count == types.count)
        }
    }

    @Test func aTokensFileIsReadAnew() async throws {
        try await withTemporaryFolder { path in
            let folder = try Directory.open(path, followingLinks: true)
            let write = { (text: String) in
                try folder.replaceFile("tokens", permissions: 0o600, bytes: Array(text.utf8), durable: false)
            }
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try write("publish \(Digest(of: "one"))\n")
            let tokens = try LiveTokens(path.appending("tokens"), logger: logger)
            try tokens.check("Bearer one", for: .publish)
            try write("publish \(Digest(of: "two"))\n")
            tokens.renew(logger)
            #expect(throws: RequestError.self) { try tokens.check("Bearer one", for: .publish) }
            try tokens.check("Bearer two", for: .publish)
            // A mistake in the file changes nothing.
            try write("publish nonsense\n")
            tokens.renew(logger)
            try tokens.check("Bearer two", for: .publish)
        }
    }

    @Test func checkingTellsOfEverythingAtOnce() async throws {
        try await TestServer.with { server in
            var options = ServerOptions(
                repository: server.repository.path, store: server.store,
                listen: try #require(ListenAddress("127.0.0.1:0")), tokens: server.root.appending("tokens"))
            #expect(await ServerCheck(options).run())
            options.tokens = server.root.appending("nope")
            options.tls = TLSFiles(certificate: "/nope/a.pem", key: "/nope/a.key")
            #expect(await !ServerCheck(options).run())
            guard case .error(let text, _) = ServerCheck(options).tls(now: .now) else {
                Issue.record("it is fine")
                return
            }
            #expect(text.contains("cannot open /nope"), "\(text)")
        }
    }

    @Test func aCertificateThatEndsSoonIsWarnedOf() async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await TestCertificates(in: folder.appending("tls"))
            try await certificates.make("server", for: "DNS:one.example.com", days: 30)
            var options = ServerOptions(
                repository: "/nope", store: "/nope", listen: try #require(ListenAddress("127.0.0.1:0")))
            options.tls = TLSFiles(certificate: certificates.path("server.pem"), key: certificates.path("server.key"))
            let check = ServerCheck(options)
            let now = UTCTime.now.seconds
            guard case .fine = check.tls(now: UTCTime(seconds: now)),
                case .warning = check.tls(now: UTCTime(seconds: now + 20 * 86400)),
                case .error = check.tls(now: UTCTime(seconds: now + 31 * 86400))
            else {
                Issue.record("\(check.tls(now: .now))")
                return
            }
        }
    }
}
