import LinuxSystem
import SystemPackage
import Testing
import Transfer

@testable import S3

@Suite("S3 credentials", .timeLimit(.minutes(1)))
struct CredentialTests {
    private func failure(of source: S3CredentialSource, now: Int64 = 0) async -> CredentialError? {
        do throws(CredentialError) {
            _ = try await CredentialKeeper(source, now: { now }).current()
            return nil
        } catch {
            return error
        }
    }

    @Test("the environment gives keys and a token, and says what is missing")
    func environment() async throws {
        let whole = ["AWS_ACCESS_KEY_ID": "ID", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T"]
        let credentials = try S3Credentials(environment: whole)
        #expect(
            credentials == S3Credentials(accessKeyID: "ID", secretAccessKey: S3Secret("S"), sessionToken: S3Secret("T"))
        )
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            #expect(await failure(of: .environment(whole.merging([name: ""]) { $1 })) == .missingVariable(name))
        }
    }

    @Test("a profile of a file is read")
    func file() throws {
        let directory = try TemporaryDirectory()
        let text =
            "# own\n[default]\r\naws_access_key_id=ID\naws_secret_access_key = a=b/c+d  \n\n; x\n[ other ]\nAWS_ACCESS_KEY_ID = O\naws_secret_access_key=P\naws_session_token=T\nregion = x\n"
        let path = try directory.file("credentials", text.utf8)
        #expect(
            try S3Credentials(file: path, profile: "default")
                == S3Credentials(accessKeyID: "ID", secretAccessKey: S3Secret("a=b/c+d")))
        #expect(try S3Credentials(file: path, profile: "other").sessionToken == S3Secret("T"))
        #expect(throws: CredentialError.noProfile("third", path)) { try S3Credentials(file: path, profile: "third") }
    }

    @Test("a file that cannot serve says why")
    func badFiles() async throws {
        let directory = try TemporaryDirectory()
        let open = try directory.file("open", "[default]\n".utf8, mode: [.ownerReadWrite, .groupRead])
        #expect(await failure(of: .file(open)) == .exposedFile(open, mode: 0o640))
        let half = try directory.file("half", "[default]\naws_access_key_id=ID\n".utf8)
        #expect(await failure(of: .file(half)) == .missingSetting("aws_secret_access_key", profile: "default", half))
        let odd = try directory.file("odd", "[default]\nsecret-without-name\n".utf8)
        #expect(await failure(of: .file(odd)) == .malformedFile(odd, line: 2))
        #expect(await failure(of: .file(odd))?.message.contains("secret-without") == false)
        guard case .unreadableFile? = await failure(of: .file(directory.path.appending("none"))) else {
            return #expect(Bool(false))
        }
    }

    /// What the metadata service answers, one connection each.
    private func role(expiring end: String, key: String = "ASIA1") -> [Fault] {
        [
            .answer("200 OK", body: "metadata-token"), .answer("200 OK", body: "the role\n"),
            .answer(
                "200 OK",
                body: "{\"Code\": \"Success\", \"AccessKeyId\": \"\(key)\", \"SecretAccessKey\": \"hidden\", "
                    + "\"Token\": \"hidden too\", \"Expiration\": \"\(end)\"}"),
        ]
    }

    @Test("a role's credentials are asked for with a token, kept, and renewed before they end")
    func metadata() async throws {
        let faults = role(expiring: "2026-11-22T12:00:00Z") + role(expiring: "2026-11-22T18:00:00Z", key: "ASIA2")
        try await FaultProxy.running(faults) { proxy in
            let now = Recorder<Int64>()
            now.add(1_795_338_000)  // 09:00
            let keeper = CredentialKeeper(
                .instanceMetadata(endpoint: "http://127.0.0.1:\(proxy.port)/"), now: { now.all.last ?? 0 })
            let all = await withTaskGroup { group in
                for _ in 0..<5 { group.addTask { try? await keeper.current() } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all.allSatisfy { $0?.accessKeyID == "ASIA1" && $0?.sessionToken == S3Secret("hidden too") })
            #expect(proxy.requests.count == 3)
            #expect(proxy.requests[0].hasPrefix("PUT /latest/api/token HTTP/1.1\r\n"))
            #expect(proxy.requests[0].contains("X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"))
            #expect(proxy.requests[2].hasPrefix("GET /latest/meta-data/iam/security-credentials/the%20role HTTP"))
            #expect(proxy.requests[2].contains("X-aws-ec2-metadata-token: metadata-token\r\n"))
            now.add(1_795_338_000 + 3 * 3600 - 299)
            let renewed = try await keeper.current()
            #expect(renewed.accessKeyID == "ASIA2")
            #expect(proxy.requests.count == 6)
        }
    }

    @Test("credentials that are nearly over serve while they cannot be renewed")
    func cannotRenew() async throws {
        try await FaultProxy.running(role(expiring: "2026-11-22T12:00:00Z") + [.answer("500 No")]) { proxy in
            let now = Recorder<Int64>()
            now.add(0)
            let keeper = CredentialKeeper(
                .instanceMetadata(endpoint: "http://127.0.0.1:\(proxy.port)"), now: { now.all.last ?? 0 })
            _ = try await keeper.current()
            now.add(1_795_348_800 - 10)
            let old = try await keeper.current()
            #expect(old.accessKeyID == "ASIA1")
            now.add(1_795_348_800)
            await #expect(throws: CredentialError.metadataStatus(500, path: "/latest/api/token")) {
                try await keeper.current()
            }
        }
    }

    @Test("an instance without a role, or with nonsense for one, says so")
    func badMetadata() async throws {
        try await FaultProxy.running([.answer("200 OK", body: "t"), .answer("404 Not Found")]) { proxy in
            let error = await failure(of: .instanceMetadata(endpoint: "http://127.0.0.1:\(proxy.port)"))
            #expect(error == .metadataStatus(404, path: "/latest/meta-data/iam/security-credentials/"))
            #expect(error?.hint == "attach a role to this instance")
        }
        try await FaultProxy.running([
            .answer("200 OK", body: "t"), .answer("200 OK", body: "r"), .answer("200 OK", body: "{}"),
        ]) {
            let error = await failure(of: .instanceMetadata(endpoint: "http://127.0.0.1:\($0.port)"))
            #expect(error == .malformedMetadata(path: "/latest/meta-data/iam/security-credentials/r"))
        }
    }

    @Test("a token that the service calls expired is asked for anew, once")
    func expired() async throws {
        let directory = try TemporaryDirectory()
        let text = "[default]\naws_access_key_id=ID\naws_secret_access_key=S\naws_session_token=T\n"
        let path = try directory.file("credentials", text.utf8)
        try await FaultProxy.running([.refusal("400 Bad Request", "ExpiredToken")]) { proxy in
            let bucket = try S3Bucket(
                S3Endpoint(url: "http://127.0.0.1:\(proxy.port)", bucket: "test"), credentials: .file(path),
                options: testOptions())
            let error = await S3Tests.failure { () async throws(S3Error) in try await bucket.list() }
            #expect(error?.reason == .expiredToken(accessKeyID: "ID"))
            #expect(proxy.requests.count == 2)
        }
    }
}

@Suite("S3 secrets", .timeLimit(.minutes(1)))
struct SecretTests {
    @Test("a secret shows in nothing that is printed, dumped, logged or thrown")
    func hidden() async throws {
        let credentials = S3Credentials(
            accessKeyID: "AKIA", secretAccessKey: S3Secret("hunter2"), sessionToken: S3Secret("hunter2-token"))
        var texts = ["\(credentials)", String(reflecting: credentials), "\(credentials.secretAccessKey)"]
        texts.append(String(reflecting: credentials.secretAccessKey))
        var dumped = ""
        dump(credentials, to: &dumped)
        dump(S3CredentialSource.fixed(credentials), to: &dumped)
        texts += [dumped, "\(S3CredentialSource.fixed(credentials))"]
        let events = Recorder<S3Event>()
        try await FaultProxy.running([
            .refusal("500 No", "InternalError"), .refusal("403 Forbidden", "SignatureDoesNotMatch"),
        ]) { proxy in
            let bucket = try testBucket(proxy.port, by: credentials) { $0.onEvent = { events.add($0) } }
            var dumpedBucket = ""
            dump(bucket, to: &dumpedBucket)
            texts += [dumpedBucket, "\(bucket)"]
            let error = await failure { () async throws(S3Error) in try await bucket.list() }
            texts += ["\(String(describing: error))", String(reflecting: error), error?.message ?? ""]
            #expect(proxy.requests.allSatisfy { $0.contains("hunter2-token") && !$0.contains("hunter2\r") })
        }
        #expect(events.all.count == 2)
        for event in events.all { texts += ["\(event)", String(reflecting: event)] }
        for text in texts {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("Signature="))
        }
    }
}

@Suite("S3 endpoints")
struct EndpointTests {
    @Test(
        "what cannot be an endpoint is refused with what to change",
        arguments: [
            ("http://s3.example.com", "bucket", "not encrypted"), ("ftp://h", "bucket", "no http"),
            ("h", "bucket", "no http"),
            ("https://h/path", "bucket", "more than"), ("https://u@h", "bucket", "more than"),
            ("https://", "bucket", "more than"),
            ("http://127.0.0.1.example.com", "bucket", "not encrypted"),
            ("http://127.example.com", "bucket", "not encrypted"),
            ("https://h", "Bucket", "no name"), ("https://h", "ab", "no name"), ("https://h", "a/b", "no name"),
            ("https://h", "-abc", "no name"), ("https://h", "a..b", "no name"),
        ])
    func refused(url: String, bucket: String, why: String) {
        let error = #expect(throws: S3Error.self) { try S3Endpoint(url: url, bucket: bucket) }
        #expect(error?.message.contains(why) == true, "\(error?.message ?? "")")
    }

    @Test(
        "loopback may go without encryption", arguments: ["http://127.0.0.1:9", "http://[::1]:9", "http://localhost"])
    func loopback(_ url: String) { #expect(throws: Never.self) { try S3Endpoint(url: url, bucket: "bucket") } }

    @Test("the bucket goes into the path or the host, without a port that needs no saying")
    func addressing() throws {
        let path = try S3Endpoint(url: "https://H:443/", bucket: "bucket")
        #expect((path.host, path.path("a/b"), path.path("")) == ("h", "/bucket/a/b", "/bucket"))
        let host = try S3Endpoint(url: "https://h:444", bucket: "bucket", addressing: .virtualHost)
        #expect((host.host, host.path("a/b"), host.path("")) == ("bucket.h:444", "/a/b", "/"))
        #expect(
            try S3Endpoint(amazonRegion: "eu-west-1", bucket: "my-bucket").host
                == "my-bucket.s3.eu-west-1.amazonaws.com")
        #expect(try S3Endpoint(amazonRegion: "cn-north-1", bucket: "a.b").host == "s3.cn-north-1.amazonaws.com.cn")
        #expect(throws: S3Error.self) { try S3Endpoint(url: "https://h", bucket: "a.b", addressing: .virtualHost) }
    }

    @Test(
        "keys that something on the way could take for others are refused",
        arguments: ["", "/a", "a/", "a//b", "a/../b", ".", "a\nb"])
    func keys(_ key: String) async throws {
        let bucket = try S3Bucket(
            S3Endpoint(url: "http://127.0.0.1:1", bucket: "bucket"), credentials: .environment([:]))
        let error = await failure { () async throws(S3Error) in try await bucket.head(key) }
        guard case .badRequest = error?.reason else { return #expect(Bool(false), "\(String(describing: error))") }
    }
}
