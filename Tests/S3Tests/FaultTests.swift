import SystemPackage
import Testing
import Transfer

@testable import S3

/// What a service may do that it should not, played by the tests themselves.
@Suite("S3 faults", .timeLimit(.minutes(1)))
struct FaultTests {
    private static let emptyList = Fault.answer(
        "200 OK", body: "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")

    /// Lists a bucket whose service does `faults`, and returns the error, the heads of requests, and the waits.
    private func list(
        _ faults: [Fault], _ change: (inout S3Options) -> Void = { _ in }
    ) async throws -> (error: S3Error?, requests: [String], waits: [Duration]) {
        let waits = Recorder<Duration>()
        var result: (S3Error?, [String]) = (nil, [])
        try await FaultProxy.running(faults) { proxy in
            let bucket = try testBucket(proxy.port) {
                $0.surroundings.sleep = { waits.add($0) }
                change(&$0)
            }
            do throws(S3Error) {
                _ = try await bucket.list()
            } catch {
                result.0 = error
            }
            result.1 = proxy.requests
        }
        return (result.0, result.1, waits.all)
    }

    @Test(
        "what lies in the moment is tried again, with a signature of its own",
        arguments: [
            .refusal("500 Internal Server Error", "InternalError"), .refusal("503 Slow Down", "SlowDown"),
            .answer("502 Bad Gateway", body: "<html>"), .answer("429 Too Many Requests"),
            .answer("408 Request Timeout"), .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<List"), .raw(""),
        ] as [Fault])
    func triedAgain(_ fault: Fault) async throws {
        let outcome = try await list([fault, fault, Self.emptyList])
        #expect(outcome.error == nil)
        #expect(outcome.requests.count >= 3)
        #expect(outcome.waits.count <= 2)
    }

    @Test(
        "what lies in the request is not tried again",
        arguments: [
            ("400 Bad Request", "InvalidArgument"), ("401 Unauthorized", ""), ("403 Forbidden", "AccessDenied"),
            ("403 Forbidden", "SignatureDoesNotMatch"), ("404 Not Found", "NoSuchBucket"),
            ("409 Conflict", "BucketNotEmpty"),
            ("412 Precondition Failed", "PreconditionFailed"), ("501 Not Implemented", "NotImplemented"),
        ])
    func notTriedAgain(status: String, code: String) async throws {
        let outcome = try await list([.refusal(status, code), Self.emptyList])
        #expect(outcome.requests.count == 1)
        #expect(outcome.error?.attempts == 1)
        #expect(outcome.error?.status == Int(status.prefix(3)))
        #expect(outcome.error?.code == code)
        #expect(outcome.error?.requestID == "REQ1")
        #expect(outcome.error?.detail == "why not")
    }

    @Test("it gives up in the end, and says after how many tries")
    func givesUp() async throws {
        let outcome = try await list([.refusal("503 Slow Down", "SlowDown")])
        #expect(outcome.error?.reason == .unavailable)
        #expect(outcome.error?.attempts == 4)
        #expect(outcome.requests.count == 4)
        #expect(outcome.error?.isTransient == true)
        #expect(
            outcome.error?.message
                == "ListObjectsV2 of test: the service cannot do it at the moment "
                + "(status 503, SlowDown, 'why not', request REQ1, 4 tries)")
    }

    @Test("Retry-After is the least wait, and one too long is not waited for")
    func retryAfter() async throws {
        let outcome = try await list([.refusal("503 Slow Down", "SlowDown", ["Retry-After: 3"]), Self.emptyList])
        #expect(outcome.error == nil)
        #expect(outcome.waits.allSatisfy { $0 >= .seconds(3) && $0 < .seconds(4) } && outcome.waits.count == 1)
        let long = try await list([.refusal("503 Slow Down", "SlowDown", ["Retry-After: 3"])]) {
            $0.longestWait = .seconds(2)
        }
        #expect(long.error?.attempts == 1)
        #expect(long.waits.isEmpty)
    }

    @Test("the budget for further tries is shared, and ends")
    func budget() async throws {
        try await FaultProxy.running([.refusal("503 Slow Down", "SlowDown")]) { proxy in
            let bucket = try testBucket(proxy.port) { $0.retryBudget = 5 }
            for _ in 0..<4 { _ = await failure { () async throws(S3Error) in try await bucket.head("key") } }
            #expect(proxy.requests.count == 4 + 5)
        }
    }

    @Test(
        "an answer that makes no sense is refused, and says why",
        arguments: [
            ("garbage", "no element"), ("", "empty"), ("<html></html>", "'html'"), ("<ListBucketResult>", "cut off"),
            ("<ListBucketResult/>", "whether there is more"),
            ("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>", "where to go on"),
            ("<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>", "without key"),
            ("<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>", "no size"),
            ("<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>", "no size"),
            (
                "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%f</Key></Contents></ListBucketResult>",
                "without key"
            ),
            ("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><ListBucketResult/>", "no name"),
        ])
    func garbage(body: String, reason: String) async throws {
        let outcome = try await list([.answer("200 OK", body: body)])
        guard case .malformedAnswer(let why) = outcome.error?.reason else {
            return #expect(Bool(false), "\(String(describing: outcome.error))")
        }
        #expect(why.contains(reason), "\(why)")
    }

    @Test("a listing that never ends, and one that repeats itself, end in an error")
    func endlessListing() async throws {
        func page(_ token: String, _ keys: String) -> Fault {
            .answer(
                "200 OK",
                body: "<ListBucketResult><IsTruncated>true</IsTruncated>\(keys)"
                    + "<NextContinuationToken>\(token)</NextContinuationToken></ListBucketResult>")
        }
        let repeated = try await list([page("a", "")])
        #expect(repeated.requests.count == 2)
        #expect(repeated.error?.reason == .malformedAnswer("the listing does not come to an end"))
        let empty = try await list((0..<300).map { page("\($0)", "") })
        #expect(empty.error?.reason == .malformedAnswer("the listing does not come to an end"))
    }

    @Test("an endless answer is read no further than its limit")
    func endlessBody() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
        #expect(try await list([.endless(head)]).error?.reason == .tooLarge(limit: 8 << 20))
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"
        #expect(try await list([.endless(chunked)]).error?.reason == .tooLarge(limit: 8 << 20))
        #expect(
            try await list([.endless("HTTP/1.1 400 No\r\nContent-Length: 99999999999\r\n\r\n")]).error?.status == 400)
    }

    @Test("a service that says nothing is given up")
    func silence() async throws {
        let outcome = try await list([.silence, Self.emptyList]) {
            $0.transfer.limits.stall = .init(bytesPerSecond: 1000, window: .milliseconds(100))
        }
        #expect(outcome.error == nil)
        #expect(outcome.waits.count == 1)
    }

    @Test(
        "a range is that range or an error",
        arguments: [
            ("206 Partial Content", "bytes 2-4/9", "abc", true), ("200 OK", "bytes 2-4/9", "abc", true),
            ("206 Partial Content", "bytes 3-5/9", "abc", false), ("206 Partial Content", "bytes 2-4/9", "ab", false),
            ("206 Partial Content", "bytes 2-4/4", "abc", false), ("206 Partial Content", "bytes 2-4/*", "abc", false),
            ("200 OK", nil, "abc", false), ("206 Partial Content", nil, "abc", false),
        ] as [(String, String?, String, Bool)])
    func ranges(status: String, range: String?, body: String, isRight: Bool) async throws {
        let headers = range.map { ["Content-Range: \($0)"] } ?? []
        try await FaultProxy.running([.answer(status, headers, body: body)]) { proxy in
            let bucket = try testBucket(proxy.port)
            do throws(S3Error) {
                let object = try await bucket.get("key", range: 2..<5)
                #expect(isRight && object.bytes == Array("abc".utf8))
            } catch {
                #expect(!isRight)
                guard case .malformedAnswer = error.reason else { return #expect(Bool(false), "\(error)") }
            }
        }
    }

    @Test("an upload in parts that 'succeeds' with an error document did not succeed")
    func errorInSuccess() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("archive", noise(6 << 20))
        let begun = Fault.answer(
            "200 OK", body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        let part = Fault.answer("200 OK", ["ETag: \"e\""])
        try await FaultProxy.running([begun, part, part, .refusal("200 OK", "InternalError")]) { proxy in
            let bucket = try testBucket(proxy.port) { $0.partsAtOnce = 1 }
            let error = await failure { () async throws(S3Error) in try await bucket.put(file: file, as: "key") }
            #expect(error?.operation == "CompleteMultipartUpload")
            #expect(error?.reason == .unavailable)
            #expect(error?.attempts == 4)
        }
    }

    @Test("an object that is not there as it was put is an error", arguments: [2, 1])
    func notKept(_ size: Int) async throws {
        let head = Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\nConnection: close\r\n\r\n")
        try await FaultProxy.running([.answer("200 OK"), head]) { proxy in
            let bucket = try testBucket(proxy.port)
            let error = await failure { () async throws(S3Error) in try await bucket.put([1], as: "key") }
            switch error?.reason {
            case .wrongSize(expected: 1, actual: 2): #expect(size == 2)
            case .malformedAnswer: #expect(size == 1)
            default: #expect(Bool(false), "\(String(describing: error))")
            }
        }
    }

    @Test("another region is named")
    func wrongRegion() async throws {
        let outcome = try await list([
            .answer(
                "301 Moved Permanently", ["x-amz-bucket-region: eu-west-1"],
                body: "<Error><Code>PermanentRedirect</Code></Error>")
        ])
        #expect(outcome.error?.reason == .wrongRegion(expected: "eu-west-1"))
        #expect(outcome.error?.hint == "set the region to 'eu-west-1'")
    }

    @Test("a skew that the service's own clock does not cure says by how much")
    func skewThatStays() async throws {
        let outcome = try await list([
            .refusal("403 Forbidden", "RequestTimeTooSkewed", ["Date: Sun, 22 Nov 2026 20:00:00 GMT"])
        ]) { $0.surroundings.now = { 1_795_384_559 } }  // 21:55:59
        #expect(outcome.error?.reason == .clockSkew(ahead: .seconds(6959)))
        #expect(outcome.error?.message.contains("6959 s fast") == true)
        #expect(outcome.requests.count == 2)
        #expect(outcome.requests.last?.contains("x-amz-date: 20261122T200000Z") == true)
    }

    @Test("a cancelled task stops waiting for its next try")
    func cancelled() async throws {
        try await FaultProxy.running([.refusal("503 Slow Down", "SlowDown", ["Retry-After: 5"])]) { proxy in
            let (waiting, go) = AsyncStream.makeStream(of: Void.self)
            let bucket = try testBucket(proxy.port) {
                $0.surroundings.sleep = { duration in
                    go.yield()
                    try await Task.sleep(for: duration)
                }
            }
            let task = Task { await failure { () async throws(S3Error) in try await bucket.head("key") } }
            for await _ in waiting { break }
            task.cancel()
            #expect(await task.value?.reason == .cancelled)
        }
    }
}
