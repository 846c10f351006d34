import SystemPackage
import Testing
import Transfer

@Suite("Downloads", .timeLimit(.minutes(1)))
struct DownloadTests {
    static let digest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"  // of 0123456789
    static let etag = "\"v1\""
    static let whole = Step.answer("200 OK", ["ETag: \(etag)"], body: "0123456789")

    /// What a download into `part` comes to.
    private struct Attempt {
        var result: Result<DownloadResult, TransferError>
        var contents: String?
        var recorded: String?
        var requests: [String]

        var download: Download? { if case .success(.complete(let download)) = result { download } else { nil } }
        var declined: HTTPResponse? { if case .success(.declined(let response)) = result { response } else { nil } }
        var failure: TransferError? { if case .failure(let error) = result { error } else { nil } }
    }

    /// Downloads ten bytes with a server that plays `scripts`, from a partial file that holds `part`.
    private func attempt(
        _ scripts: [[Step]], part: String? = nil, recorded: String? = nil, expected: Int64? = 10,
        resume: Resumption = .ifETag(etag), limits: TransferLimits = quick
    ) async throws -> Attempt {
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("part")
        if let part { _ = try directory.file("part", part) }
        if let recorded { _ = try directory.file("part.etag", recorded) }
        return try await RudeServer.serving(scripts) { server in
            let client = try quickClient { $0.limits = limits }
            let result = Result { () throws(TransferError) in
                try client.download(HTTPRequest(url: server.url), to: file, expectedSize: expected, resume: resume)
            }
            return Attempt(
                result: result, contents: try contents(file),
                recorded: try contents(directory.path.appending("part.etag")), requests: server.requests)
        }
    }

    @Test("a whole answer fills the file", arguments: [nil, "", "abc", "0123456789abc"], [nil, 10] as [Int64?])
    func fresh(_ part: String?, _ expected: Int64?) async throws {
        let end = try await attempt([[.readRequest, Self.whole]], part: part, expected: expected, resume: .startOver)
        #expect(end.download?.size == 10)
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.resumedFrom == 0)
        #expect(end.contents == "0123456789")
        #expect(end.recorded == nil)
        #expect(end.requests.first?.contains("Range") == false)
    }

    @Test("a part is continued, and the digest covers both")
    func resumed() async throws {
        let script: [Step] = [
            .readRequest, .answer("206 Partial", ["ETag: \"v1\"", "Content-Range: bytes 4-9/10"], body: "456789"),
        ]
        let end = try await attempt([script], part: "0123")
        #expect(end.contents == "0123456789")
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.resumedFrom == 4)
        #expect(end.requests.first?.contains("\r\nRange: bytes=4-\r\nIf-Range: \"v1\"\r\n") == true)
    }

    @Test("a part that is all of it starts the file over", arguments: [Resumption.ifETag(etag), .startOver])
    func wholeAsPart(_ resume: Resumption) async throws {
        let all: Step = .answer("206 Partial", ["Content-Range: bytes 0-9/10"], body: "0123456789")
        let end = try await attempt([[.readRequest, all]], part: "abcdefghijklmnopqrst", expected: nil, resume: resume)
        #expect(end.contents == "0123456789")
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.resumedFrom == 0)
    }

    @Test("status 200 with a Content-Range that fits is a part too")
    func partWith200() async throws {
        let end = try await attempt(
            [[.readRequest, .answer("200 OK", ["Content-Range: bytes 4-9/10"], body: "456789")]], part: "0123")
        #expect(end.contents == "0123456789")
        #expect(end.download?.sha256.hex == Self.digest)
    }

    @Test("a whole answer to a request for a part starts the file over", arguments: ["abcd", "0123", "012345678"])
    func wholeForPart(_ part: String) async throws {
        let end = try await attempt([[.readRequest, Self.whole]], part: part)
        #expect(end.contents == "0123456789")
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.resumedFrom == 0)
    }

    @Test(
        "a part that does not fit is refused, and the file stays as it was",
        arguments: [
            "bytes 5-9/10", "bytes 3-9/10", "bytes 4-8/10", "bytes 4-9", "bytes 9-4/10", "bytes 4-9/9", "items 4-9/10",
            "bytes */10", "bytes -4-9/10", "", "bytes 4-99999999999999999999/10",
        ])
    func wrongPart(_ range: String) async throws {
        let end = try await attempt(
            [[.readRequest, .answer("206 Partial", ["Content-Range: \(range)"], body: "456789")]], part: "0123")
        guard case .malformedResponse? = end.failure else {
            Issue.record("\(end.result)")
            return
        }
        #expect(end.contents == "0123")
    }

    @Test("a part of other bytes, by its ETag, is refused")
    func otherPart() async throws {
        let script: [Step] = [
            .readRequest, .answer("206 Partial", ["ETag: \"v2\"", "Content-Range: bytes 4-9/10"], body: "456789"),
        ]
        let end = try await attempt([script], part: "0123")
        #expect(end.failure == .malformedResponse("it is part of another file, ETag \"v2\""))
        #expect(end.contents == "0123")
    }

    @Test("206 without Content-Range, several ranges included, is refused")
    func noRange() async throws {
        let end = try await attempt(
            [[.readRequest, .answer("206 Partial", ["Content-Type: multipart/byteranges"], body: "456789")]],
            part: "0123")
        #expect(end.failure == .malformedResponse("206 without Content-Range"))
        #expect(end.contents == "0123")
    }

    @Test(
        "another size than the expected one is refused by the headers, and the file stays as it was",
        arguments: [9, 11])
    func wrongSize(_ size: Int) async throws {
        let script: [Step] = [.readRequest, .head("200 OK", "Content-Length: \(size)"), .send("<html>")]
        let end = try await attempt([script], part: "0123")
        #expect(end.failure == .wrongSize(announced: Int64(size), expected: 10))
        #expect(end.contents == "0123")
        let part: [Step] = [.readRequest, .answer("206 Partial", ["Content-Range: bytes 4-10/11"], body: "456789a")]
        #expect(try await attempt([part], part: "0123").failure == .wrongSize(announced: 11, expected: 10))
    }

    @Test("one byte too many ends it, and no wrong byte is left to be resumed")
    func tooLong() async throws {
        let script: [Step] = [
            .readRequest, .head("200 OK", "Transfer-Encoding: chunked", "ETag: \"v1\""),
            .send("a\r\n0123456789\r\n"), .send("1\r\na\r\n"), .hold,
        ]
        let end = try await attempt([script])
        #expect(end.failure == .tooLarge(.body, limit: 10))
        #expect(end.contents == "")
        #expect(end.recorded == nil)
    }

    @Test("without an expected size the limit on bodies holds", arguments: [true, false])
    func unbounded(_ isChunked: Bool) async throws {
        var limits = quick
        limits.maxBodyBytes = 100_000
        let script: [Step] =
            isChunked
            ? [.head("200 OK", "Transfer-Encoding: chunked"), .endless([UInt8]("5\r\nhello\r\n".utf8))]
            : [.head("200 OK", "Content-Length: 100001"), .endless([0x61])]
        let end = try await attempt([[.readRequest] + script], expected: nil, limits: limits)
        #expect(end.failure == .tooLarge(.body, limit: 100_000))
    }

    @Test("a cut keeps what came, with its ETag, and the next try goes on from there")
    func cutThenResumed() async throws {
        let cut: [Step] = [.readRequest, .head("200 OK", "Content-Length: 10", "ETag: \"v1\""), .send("0123")]
        let rest: [Step] = [
            .readRequest, .answer("206 Partial", ["ETag: \"v1\"", "Content-Range: bytes 4-9/10"], body: "456789"),
        ]
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("part")
        try await RudeServer.serving(cut, rest) { server in
            let client = try quickClient()
            let download = { () throws(TransferError) in
                try client.download(HTTPRequest(url: server.url), to: file, resume: .ifRecordedETag)
            }
            #expect(failure(of: download) == .cut(received: 4, expected: 10))
            let part = try contents(file)
            #expect(part == "0123")
            let result = try download()
            guard case .complete(let whole) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(whole.resumedFrom == 4)
            #expect(whole.sha256.hex == Self.digest)
            #expect(server.requests[1].contains("\r\nIf-Range: \"v1\"\r\n"))
        }
    }

    @Test("an end before the expected size is a cut, however properly it is framed")
    func short() async throws {
        let script: [Step] = [
            .readRequest, .head("200 OK", "Transfer-Encoding: chunked"), .send("4\r\n0123\r\n0\r\n\r\n"),
        ]
        let end = try await attempt([script])
        #expect(end.failure == .cut(received: 4, expected: 10))
        #expect(end.contents == "0123")
        let unframed: [Step] = [.readRequest, .head("200 OK", "Connection: close"), .send("0123")]
        #expect(try await attempt([unframed]).failure == .cut(received: 4, expected: 10))
        let part: [Step] = [.readRequest, .answer("206 Partial", ["Content-Range: bytes 4-6/10"], body: "456")]
        #expect(try await attempt([part], part: "0123").failure == .cut(received: 7, expected: 10))
    }

    @Test("a part without a usable ETag is not resumed", arguments: [nil, "", "v1", "W/\"v1\"", "\"v1", "\"a\nb\""])
    func noETag(_ recorded: String?) async throws {
        let end = try await attempt(
            [[.readRequest, Self.whole]], part: "0123", recorded: recorded, resume: .ifRecordedETag)
        #expect(end.requests.first?.contains("Range") == false)
        #expect(end.contents == "0123456789")
    }

    @Test("a weak or unquoted ETag from the caller is refused", arguments: ["v1", "W/\"v1\"", "\"a\r\nX: b\""])
    func badETag(_ etag: String) async throws {
        guard case .badRequest? = try await attempt([], part: "0123", resume: .ifETag(etag)).failure else {
            Issue.record("taken")
            return
        }
    }

    @Test("a weak ETag in the answer is not recorded")
    func weakETag() async throws {
        let cut: [Step] = [.readRequest, .head("200 OK", "Content-Length: 10", "ETag: W/\"v1\""), .send("0123")]
        let end = try await attempt([cut], recorded: "\"old\"", resume: .startOver)
        #expect(end.contents == "0123")
        #expect(end.recorded == nil)
    }

    @Test("a part that is whole already is hashed, and nobody is asked")
    func nothingMissing() async throws {
        let end = try await attempt([], part: "0123456789")
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.response == nil)
        #expect(end.download?.resumedFrom == 10)
    }

    @Test("416 for a part as long as the whole means that it is whole")
    func wholeBy416() async throws {
        let script: [Step] = [.readRequest, .answer("416 Range Not Satisfiable", ["Content-Range: bytes */10"])]
        let end = try await attempt([script], part: "0123456789", expected: nil)
        #expect(end.download?.sha256.hex == Self.digest)
        #expect(end.download?.response?.status == 416)
    }

    @Test("416 for anything else starts over, once", arguments: ["bytes */10", nil])
    func startOverBy416(_ range: String?) async throws {
        let no: Step = .answer("416 Range Not Satisfiable", range.map { ["Content-Range: \($0)"] } ?? [])
        let end = try await attempt([[.readRequest, no, .readRequest, Self.whole]], part: "abc")
        #expect(end.contents == "0123456789")
        #expect(end.download?.resumedFrom == 0)
        #expect(end.requests.last?.contains("Range") == false)
        let never = try await attempt([[.readRequest, no, .readRequest, no]], part: "abc")
        #expect(never.declined?.status == 416)
    }

    @Test("the body of an error answer stays out of the file", arguments: [304, 401, 404, 500, 503])
    func declined(_ status: Int) async throws {
        let body = status == 304 ? "" : "sorry"
        let end = try await attempt([[.readRequest, .answer("\(status) No", body: body)]], part: "0123")
        #expect(end.declined?.status == status)
        #expect(end.declined?.body.text == body)
        #expect(end.contents == "0123")
    }

    @Test("a refused connection leaves the file as it was")
    func refused() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("part", "0123")
        try RudeServer.refusing { url in
            let client = try quickClient()
            let error = failure { () throws(TransferError) in try client.download(HTTPRequest(url: url), to: file) }
            guard case .connectionRefused? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        let left = try contents(file)
        #expect(left == "0123")
    }

    @Test("a stall keeps what came")
    func stall() async throws {
        let script: [Step] = [.readRequest, .head("200 OK", "Content-Length: 10"), .send("0123"), .hold]
        let end = try await attempt([script])
        #expect(end.failure == .stalled(below: 1000, for: .milliseconds(200)))
        #expect(end.contents == "0123")
    }

    @Test("a link, directory or device is no place for a download")
    func notAFile() throws {
        let directory = try TemporaryDirectory()
        let target = try directory.file("target", "precious")
        try #require(directory.link("link", to: target))
        let client = try quickClient()
        for path in [directory.path.appending("link"), directory.path, "/dev/full", directory.path.appending("no/x")] {
            let error = failure { () throws(TransferError) in
                try client.download(HTTPRequest(url: "http://127.0.0.1:9/"), to: path)
            }
            guard case .localFile(path, _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        let left = try contents(target)
        #expect(left == "precious")
    }

    @Test("progress counts what was there, and ends with all")
    func progress() async throws {
        let seen = Recorder<TransferProgress>()
        let directory = try TemporaryDirectory()
        let file = try directory.file("part", "0123")
        let rest: Step = .answer("206 Partial", ["Content-Range: bytes 4-9/10"], body: "456789")
        try await RudeServer.serving([.readRequest, rest]) { server in
            _ = try quickClient().download(
                HTTPRequest(url: server.url), to: file, resume: .ifETag(Self.etag), progress: { seen.add($0) })
        }
        #expect(seen.all.last?.done == 10)
        #expect(seen.all.last?.total == 10)
        #expect(seen.all.allSatisfy { $0.done >= 4 })
    }

    @Test("a large body arrives byte for byte")
    func large() async throws {
        let block = [UInt8](0...255)
        let body = [UInt8](repeatElement(block, count: 1 << 14).joined())
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("part")
        let script: [Step] = [.readRequest, .head("200 OK", "Content-Length: \(body.count)"), .bytes(body)]
        try await RudeServer.serving(script) { server in
            let result = try quickClient().download(
                HTTPRequest(url: server.url), to: file, expectedSize: Int64(body.count))
            guard case .complete(let download) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(download.size == Int64(body.count))
            #expect(download.sha256.hex == "2b07811057df887086f06a67edc6ebf911de8b6741156e7a2eb1416a4b8b1b2e")
        }
    }
}
