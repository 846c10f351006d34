import SystemPackage
import Testing
import Transfer

@testable import S3

@Suite(
    "S3 with preconditions", .enabled(if: S3Server.isInstalled, "Scripts/s3-servers installs them"),
    .timeLimit(.minutes(3)), .serialized)
struct MotoTests {
    @Test("of eight writers of one key exactly one wins, and its bytes are there")
    func race() async throws {
        try await S3Server.moto.serving { port in
            let bucket = try testBucket(port)
            for round in 0..<5 {
                let outcomes = await withTaskGroup { group in
                    for writer in 0..<8 {
                        group.addTask { () -> Result<Int, S3Error> in
                            do throws(S3Error) {
                                try await bucket.put(Array("writer \(writer)".utf8), as: "key-\(round)", .ifAbsent)
                                return .success(writer)
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let winners = outcomes.compactMap { try? $0.get() }
                try #require(winners.count == 1)
                for case .failure(let error) in outcomes { #expect(error.reason == .alreadyExists) }
                let object = try await bucket.get("key-\(round)", maxBytes: 100)
                #expect(object.bytes == Array("writer \(winners[0])".utf8))
            }
        }
    }

    @Test("a conditional put whose answer was lost knows its own work, and no other's")
    func lostAnswer() async throws {
        try await S3Server.moto.serving { port in
            for _ in 0..<3 {
                try await FaultProxy.running(to: port, [.cutAnswer(after: 0), .pass]) { proxy in
                    let key = "key-\(proxy.port)"
                    try await testBucket(proxy.port).put(Array("mine".utf8), as: key, .ifAbsent)
                    #expect(try await testBucket(port).get(key, maxBytes: 10).bytes == Array("mine".utf8))
                }
            }
            try await testBucket(port).put(Array("mine".utf8), as: "taken")
            try await FaultProxy.running(to: port, [.cutAnswer(after: 0), .pass]) { proxy in
                let bucket = try testBucket(proxy.port)
                let error = await failure { () async throws(S3Error) in
                    try await bucket.put(Array("mine".utf8), as: "taken", .ifAbsent)
                }
                #expect(error?.reason == .alreadyExists)
                #expect(error?.attempts == 2)
            }
        }
    }

    @Test("a conditional upload in parts does not replace what is there")
    func conditionalParts() async throws {
        try await S3Server.moto.serving { port in
            let directory = try TemporaryDirectory()
            let file = try directory.file("archive", noise(11 << 20))
            let bucket = try testBucket(port)
            try await bucket.put(file: file, as: "new", .ifAbsent)
            try await bucket.put(Array("old".utf8), as: "old")
            let error = await failure { () async throws(S3Error) in
                try await bucket.put(file: file, as: "old", .ifAbsent)
            }
            #expect(error?.reason == .alreadyExists)
            #expect(try await bucket.get("old", maxBytes: 10).bytes == Array("old".utf8))
            #expect(try await bucket.uploads().isEmpty)
        }
    }

    @Test("twenty thousand keys are listed, page by page, from any place, and within the limit")
    func manyKeys() async throws {
        try await S3Server.moto.serving(["20000"]) { port in
            let requests = Recorder<S3Event>()
            let bucket = try testBucket(port) { $0.onEvent = { requests.add($0) } }
            let all = try await bucket.list(prefix: "objects/")
            #expect(all.count == 20_000)
            #expect(Set(all.map(\.key)).count == 20_000)
            #expect(all.last?.key == "objects/019999 +&é.json")
            #expect(all.allSatisfy { $0.size == 1 && $0.lastModified != nil })
            #expect(requests.all.count == 20)
            #expect(try await bucket.list(after: "objects/019989 +&é.json").count == 10)
            let error = await failure { () async throws(S3Error) in try await bucket.list(limit: 19_999) }
            #expect(error?.reason == .tooMany(limit: 19_999))
            #expect(try await bucket.list(limit: 20_000).count == 20_000)
            let page = try await bucket.listPage(count: 3)
            #expect(page.objects.count == 3)
            #expect(page.next != nil)
        }
    }
}
