import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import S3

@Suite(
    "S3 with signatures", .enabled(if: S3Server.isInstalled, "Scripts/s3-servers installs them"),
    .timeLimit(.minutes(3)), .serialized)
struct RcloneTests {
    @Test("a wrong secret and an unknown key say which key, never the secret, and are not tried again")
    func wrongKeys() async throws {
        try await S3Server.rclone.serving { port in
            let events = Recorder<S3Event>()
            for (id, secret, reason) in [
                ("AKIATEST", "hunter2hunter2", S3Error.Reason.wrongSecret(accessKeyID: "AKIATEST")),
                ("AKIANOBODY", "secret/of+test", .unknownAccessKey(accessKeyID: "AKIANOBODY")),
            ] {
                let credentials = S3Credentials(accessKeyID: id, secretAccessKey: S3Secret(secret))
                let bucket = try testBucket(port, by: credentials) { $0.onEvent = { events.add($0) } }
                let error = await failure { () async throws(S3Error) in try await bucket.list() }
                #expect(error?.reason == reason)
                #expect(error?.attempts == 1)
                #expect(error?.hint?.contains(id) == true)
                #expect(error?.message.contains(id) == true)
                #expect(error?.message.contains(secret) == false)
            }
            #expect(events.all.count == 2)
        }
    }

    @Test(
        "a clock that is wrong is put right by the service's, once, and stays so", arguments: [-86400, 7200] as [Int64])
    func skew(_ ahead: Int64) async throws {
        try await S3Server.rclone.serving { port in
            let events = Recorder<S3Event>()
            let bucket = try testBucket(port) {
                $0.onEvent = { events.add($0) }
                $0.surroundings.now = { S3Surroundings.systemTime() + ahead }
            }
            try await bucket.put(Array("x".utf8), as: "key")
            #expect(try await bucket.head("key").size == 1)
            // A clock that is slow is AccessDenied with status 400 here: the answer's date tells what is meant.
            #expect(events.all.count == 4)
            #expect(events.all.dropFirst().allSatisfy { $0.status == 200 })
            #expect(events.all.first?.status != 200)
        }
    }

    @Test("a bucket is found by its host name too")
    func virtualHost() async throws {
        try await S3Server.rclone.serving(["--force-path-style=false"]) { port in
            let endpoint = try S3Endpoint(
                url: "http://s3.example:\(port)", bucket: "test", addressing: .virtualHost, insecurely: true)
            let options = testOptions {
                $0.transfer.resolutions = [.init(host: "test.s3.example", port: port, addresses: ["127.0.0.1"])]
            }
            let bucket = try S3Bucket(endpoint, credentials: .fixed(S3Server.credentials), options: options)
            try await bucket.put(Array("x".utf8), as: "key")
            #expect(try await bucket.list().map(\.key) == ["key"])
        }
    }

    @Test("a bucket that is not there is told from an object that is not")
    func noBucket() async throws {
        try await S3Server.rclone.serving { port in
            let endpoint = try S3Endpoint(url: "http://127.0.0.1:\(port)", bucket: "other")
            let bucket = try S3Bucket(endpoint, credentials: .fixed(S3Server.credentials), options: testOptions())
            let error = await failure { () async throws(S3Error) in try await bucket.list() }
            #expect(error?.reason == .noSuchBucket)
            #expect(error?.hint != nil)
        }
    }

    @Test("many tasks share a few connections, each with its own answer")
    func manyTasks() async throws {
        try await S3Server.rclone.serving { port in
            let bucket = try testBucket(port) { $0.requestsAtOnce = 4 }
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let bytes = noise(1000 + number, seed: UInt64(number))
                        try await bucket.put(bytes, as: "many/\(number)")
                        #expect(try await bucket.get("many/\(number)", maxBytes: 2000).bytes == bytes)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bucket.list(prefix: "many/").count == 40)
        }
    }
}

@Suite(
    "S3 over TLS", .enabled(if: S3Server.isInstalled, "Scripts/s3-servers installs them"), .timeLimit(.minutes(1)))
struct TLSTests {
    @Test("an authority of one's own is trusted when it is given, and not else")
    func ownAuthority() async throws {
        let directory = try TemporaryDirectory()
        let (certificate, key) = (directory.path.appending("cert.pem"), directory.path.appending("key.pem"))
        let made = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate.string, "-keyout", key.string,
            ], output: .discarded, error: .discarded)
        try #require(made.terminationStatus.isSuccess)
        try await S3Server.rclone.serving(["--cert", certificate.string, "--key", key.string]) { port in
            let endpoint = try S3Endpoint(url: "https://127.0.0.1:\(port)", bucket: "test")
            let trusting = try S3Bucket(
                endpoint, credentials: .fixed(S3Server.credentials),
                options: testOptions {
                    $0.transfer.caFile = certificate
                    $0.payloadSigning = .unsigned
                })
            try await trusting.put(Array("x".utf8), as: "key")
            let other = try S3Bucket(endpoint, credentials: .fixed(S3Server.credentials), options: testOptions())
            let error = await failure { () async throws(S3Error) in try await other.head("key") }
            guard case .transfer(.untrusted) = error?.reason else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(error?.attempts == 1)
        }
    }
}
