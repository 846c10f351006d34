import SystemPackage
import Testing
import Transfer

@testable import S3

/// Against servers of others: what is sent and read means to them what it means to us.
@Suite(
    "S3 servers", .enabled(if: S3Server.isInstalled, "Scripts/s3-servers installs them"), .timeLimit(.minutes(3)),
    .serialized)
struct ServerTests {
    @Test("an object is put, seen, read, listed and removed", arguments: S3Server.allCases)
    func smallObject(_ server: S3Server) async throws {
        try await server.serving { port in
            let bucket = try testBucket(port) { $0.sendsMD5 = true }
            let key = "packages/nginx/1.25.3-2 +&é.json"
            let info = try await bucket.put(Array("{}".utf8), as: key, contentType: "application/json")
            #expect(info.size == 2)
            #expect(info.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
            let object = try await bucket.get(key, maxBytes: 100)
            #expect(object.bytes == Array("{}".utf8))
            #expect(try await bucket.head(key) == object.info)
            try await bucket.put([], as: "packages/empty")
            #expect(try await bucket.list(prefix: "packages/").map(\.key).sorted() == ["packages/empty", key])
            #expect(try await bucket.list(prefix: "other").isEmpty)
            try await bucket.delete(key)
            try await bucket.delete(key)
            #expect(await failure { () async throws(S3Error) in try await bucket.head(key) }?.reason == .noSuchKey)
            let error = await failure { () async throws(S3Error) in try await bucket.get(key, maxBytes: 1) }
            #expect(error?.reason == .noSuchKey)
            #expect(error?.code == "NoSuchKey")
        }
    }

    @Test("a large file goes in parts, comes back whole, and by ranges", arguments: S3Server.allCases)
    func largeFile(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let bytes = noise(23 << 20)
            let file = try directory.file("archive", bytes)
            let digest = try await HTTPRequest.Body.file(file).digest()
            let events = Recorder<S3Event>()
            let progress = Recorder<TransferProgress>()
            let bucket = try testBucket(port) { $0.onEvent = { events.add($0) } }
            let info = try await bucket.put(file: file, as: "a/b.tar.zst", sha256: digest.sha256) { progress.add($0) }
            #expect(info.size == Int64(bytes.count))
            #expect(events.all.count { $0.operation == "UploadPart" } == 5)
            #expect(progress.all.contains { $0.done == bytes.count })
            let copy = directory.path.appending("copy")
            let download = try await bucket.get(
                "a/b.tar.zst", to: copy, size: info.size, sha256: digest.sha256)
            #expect(download.sha256 == digest.sha256)
            #expect(try contents(copy) == bytes)
            for range in [0..<1, 5_242_870..<5_242_890, Int64(bytes.count) - 3..<Int64(bytes.count)] as [Range<Int64>] {
                let part = try await bucket.get("a/b.tar.zst", range: range)
                #expect(part.bytes == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
                #expect(part.info.size == Int64(bytes.count))
            }
        }
    }

    @Test("a download that was cut goes on where it ended", arguments: S3Server.allCases)
    func resumedDownload(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let bytes = noise(4 << 20)
            let digest = try await HTTPRequest.Body.bytes(bytes).digest().sha256
            try await testBucket(port).put(bytes, as: "object")
            let file = directory.path.appending("partial")
            try await FaultProxy.running(to: port, [.cutAnswer(after: 1 << 20), .cutAnswer(after: 2 << 20), .pass]) {
                let download = try await testBucket($0.port).get("object", to: file, size: 4 << 20, sha256: digest)
                #expect(download.resumedFrom > 2 << 20)
                #expect(try contents(file) == bytes)
            }
        }
    }

    @Test("a partial file of another object is not gone on from", arguments: S3Server.allCases)
    func replacedMeanwhile(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let (old, new) = (noise(1 << 20, seed: 1), noise(1 << 20, seed: 2))
            let file = directory.path.appending("partial")
            try await testBucket(port).put(old, as: "object")
            try await FaultProxy.running(to: port, [.cutAnswer(after: 1 << 19)]) { proxy in
                let bucket = try testBucket(proxy.port) { $0.retries.attempts = 1 }
                let error = await failure { () async throws(S3Error) in
                    try await bucket.get("object", to: file, size: 1 << 20, sha256: [])
                }
                #expect(error?.isTransient == true)
            }
            try await testBucket(port).put(new, as: "object")
            let digest = try await HTTPRequest.Body.bytes(new).digest().sha256
            _ = try await testBucket(port).get("object", to: file, size: 1 << 20, sha256: digest)
            #expect(try contents(file) == new)
        }
    }

    @Test("an object that is not what it should be is refused", arguments: S3Server.allCases)
    func otherBytes(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let bucket = try testBucket(port)
            try await bucket.put(Array("seven b".utf8), as: "object")
            let zeros = [UInt8](repeating: 0, count: 32)
            let file = directory.path.appending("partial")
            let digest = await failure { () async throws(S3Error) in
                try await bucket.get("object", to: file, size: 7, sha256: zeros)
            }
            guard case .wrongDigest = digest?.reason else {
                return #expect(Bool(false), "\(String(describing: digest))")
            }
            let size = await failure { () async throws(S3Error) in
                try await bucket.get("object", to: file, size: 8, sha256: zeros)
            }
            #expect(size?.reason == .wrongSize(expected: 8, actual: 7))
            let inMemory = await failure { () async throws(S3Error) in
                try await bucket.get("object", maxBytes: 100, sha256: zeros)
            }
            guard case .wrongDigest = inMemory?.reason else {
                return #expect(Bool(false), "\(String(describing: inMemory))")
            }
            let large = await failure { () async throws(S3Error) in try await bucket.get("object", maxBytes: 6) }
            #expect(large?.reason == .tooLarge(limit: 6))
        }
    }

    @Test("an upload in parts that was killed goes on with what is there", arguments: S3Server.allCases)
    func resumedUpload(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let bytes = noise(23 << 20)
            let file = try directory.file("archive", bytes)
            let record = directory.path.appending("record")
            // Two parts arrive, one at a time; the third is cut. moto takes a connection for each request.
            let faults: [Fault] =
                server == .moto
                ? [.pass, .pass, .pass, .answer("500 Dead")] : [.cutRequest(after: 13 << 20), .answer("500 Dead")]
            try await FaultProxy.running(to: port, faults) { proxy in
                let bucket = try testBucket(proxy.port) {
                    $0.retries.attempts = 1
                    $0.partsAtOnce = 1
                }
                let error = await failure { () async throws(S3Error) in
                    try await bucket.put(file: file, as: "object", record: record)
                }
                #expect(error?.operation == "UploadPart")
            }
            let events = Recorder<S3Event>()
            let bucket = try testBucket(port) { $0.onEvent = { events.add($0) } }
            #expect(await failure { () async throws(S3Error) in try await bucket.head("object") }?.reason == .noSuchKey)
            try await bucket.put(file: file, as: "object", record: record)
            #expect(!events.all.contains { $0.operation == "CreateMultipartUpload" })
            #expect(events.all.count { $0.operation == "UploadPart" } == 3)
            #expect(try await bucket.get("object", maxBytes: 100 << 20).bytes == bytes)
            #expect((try? contents(record)) == nil)
            #expect(try await bucket.uploads().isEmpty)
        }
    }

    @Test("a record of other bytes is not gone on from, and its upload is dropped", arguments: S3Server.allCases)
    func otherRecord(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let record = directory.path.appending("record")
            let (first, second) = (noise(11 << 20, seed: 1), noise(11 << 20, seed: 2))
            let files = [try directory.file("1", first), try directory.file("2", second)]
            try await FaultProxy.running(to: port, [.cutRequest(after: 7 << 20), .answer("500 Dead")]) { proxy in
                let bucket = try testBucket(proxy.port) {
                    $0.retries.attempts = 1
                    $0.partsAtOnce = 1
                }
                _ = await failure { () async throws(S3Error) in
                    try await bucket.put(file: files[0], as: "object", record: record)
                }
            }
            let bucket = try testBucket(port)
            #expect(try await bucket.uploads().count == 1)
            try await bucket.put(file: files[1], as: "object", record: record)
            #expect(try await bucket.get("object", maxBytes: 100 << 20).bytes == second)
            #expect(try await bucket.uploads().isEmpty)
        }
    }

    /// moto's uploads are all of 2010.
    @Test("uploads that somebody left are dropped when they are old, and no others")
    func leftovers() async throws {
        try await S3Server.rclone.serving { port in
            let directory = try TemporaryDirectory()
            let file = try directory.file("archive", noise(11 << 20))
            try await FaultProxy.running(to: port, [.cutRequest(after: 7 << 20), .answer("500 Dead")]) { proxy in
                let bucket = try testBucket(proxy.port) {
                    $0.retries.attempts = 1
                    $0.partsAtOnce = 1
                }
                _ = await failure { () async throws(S3Error) in
                    try await bucket.put(file: file, as: "left/object", record: directory.path.appending("record"))
                }
            }
            let bucket = try testBucket(port)
            #expect(try await bucket.abortUploads(olderThan: .seconds(3600)).isEmpty)
            #expect(try await bucket.abortUploads(prefix: "right/", olderThan: .seconds(-60)).isEmpty)
            #expect(
                try await bucket.abortUploads(prefix: "left/", olderThan: .seconds(-60)).map(\.key) == ["left/object"])
            #expect(try await bucket.uploads().isEmpty)
            // The record speaks of an upload that is no more.
            try await bucket.put(file: file, as: "left/object", record: directory.path.appending("record"))
        }
    }

    @Test("an upload in parts that fails without a record leaves nothing", arguments: S3Server.allCases)
    func noLeftovers(_ server: S3Server) async throws {
        try await server.serving { port in
            let directory = try TemporaryDirectory()
            let file = try directory.file("archive", noise(11 << 20))
            let faults: [Fault] =
                server == .moto ? [.pass, .pass, .answer("500 Dead"), .pass] : [.cutRequest(after: 7 << 20), .pass]
            try await FaultProxy.running(to: port, faults) { proxy in
                let bucket = try testBucket(proxy.port) {
                    $0.retries.attempts = 1
                    $0.partsAtOnce = 1
                }
                _ = await failure { () async throws(S3Error) in try await bucket.put(file: file, as: "object") }
            }
            #expect(try await testBucket(port).uploads().isEmpty)
        }
    }

    @Test(
        "the probe tells whether conditional puts are honoured, and cleans up",
        arguments: [(S3Server.moto, S3ConditionalPuts.honoured), (.rclone, .ignored)])
    func probe(_ server: S3Server, expected: S3ConditionalPuts) async throws {
        try await server.serving { port in
            let bucket = try testBucket(port)
            #expect(try await bucket.probeConditionalPuts() == expected)
            #expect(try await bucket.list().isEmpty)
        }
    }
}
