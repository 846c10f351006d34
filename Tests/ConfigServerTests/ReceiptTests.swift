import LinuxSystem
import Logging
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

struct ReceiptTests {
    @Test func aReceiptIsKeptAndRead() async throws {
        try await TestServer.withReceipts { server in
            let posted = try await server.post(receipt("1-a"))
            #expect(posted.status == 201, "\(posted.text)")
            let read = try await server.get("/v1/receipts/web-01.example.com", ("Accept", "application/json"))
            #expect(read.status == 200)
            #expect(try read.json()["receipt"]?["id"] == .string("1-a"))
        }
    }

    @Test func theSameReceiptTwiceIsOneAndAnotherOfThatRollIsRefused() async throws {
        try await TestServer.withReceipts { server in
            #expect(try await server.post(receipt("1-a")).status == 201)
            #expect(try await server.post(receipt("1-a")).status == 200)
            let other = try await server.post(receipt("1-a") { $0.failure = "another" })
            #expect(other.status == 409, "\(other.text)")
            let history = try await server.get("/v1/hosts/web-01.example.com/history", ("Accept", "application/json"))
            guard case .list(let receipts) = try history.json() else {
                Issue.record("\(history.text)")
                return
            }
            #expect(receipts.count == 1)
        }
    }

    @Test(arguments: [nil, "Bearer wrong", "Bearer \(TestServer.publisher)"])
    func onlyItsTokenHandsIn(_ authorization: String?) async throws {
        try await TestServer.withReceipts { server in
            let headers = authorization.map { [("Authorization", $0)] } ?? []
            let response = try await server.send(
                .post, "/v1/receipts", headers, body: .bytes(canonicalJSON(receipt("1-a"))))
            #expect(response.status == (authorization?.hasSuffix(TestServer.publisher) ?? false ? 403 : 401))
            #expect(try await server.get("/v1/receipts/web-01.example.com").status == 404)
        }
    }

    @Test func thisMachineNeedsNoTokenWhereThatIsAllowed() async throws {
        try await TestServer.withReceipts(configure: { $0.allowsLocalReceipts = true }) { server in
            let response = try await server.send(.post, "/v1/receipts", body: .bytes(canonicalJSON(receipt("1-a"))))
            #expect(response.status == 201)
        }
    }

    @Test func aHostThatIsNotThereIsRefusedWithTheNearest() async throws {
        try await TestServer.withReceipts { server in
            let response = try await server.post(receipt("1-a") { $0.host = HostName("web-0l.example.com") })
            #expect(response.status == 404)
            #expect(response.text.contains("did you mean 'web-01.example.com'?"), "\(response.text)")
        }
    }

    @Test(arguments: [
        (Array("not json".utf8), 400), (Array("{\"format\": 2}".utf8), 422),
        ([UInt8](repeating: 0x20, count: 300_000), 413), ([], 400),
    ])
    func whatIsNoReceiptIsRefused(_ body: [UInt8], _ status: Int) async throws {
        try await TestServer.withReceipts { server in
            let response = try await server.send(
                .post, "/v1/receipts", [("Authorization", "Bearer receipts-token")], body: .bytes(body))
            #expect(response.status == status, "\(response.text)")
        }
    }

    @Test func aClockThatIsAheadIsNotedAndNotBelieved() async throws {
        try await TestServer.withReceipts { server in
            #expect(try await server.post(receipt("2-a") { $0.started = 4_000_000_000 }).status == 201)
            let read = try await server.get("/v1/receipts/web-01.example.com", ("Accept", "application/json"))
            guard case .int(let ahead) = try read.json()["clockAhead"] else {
                Issue.record("\(read.text)")
                return
            }
            #expect(ahead > 1_000_000)
            #expect(try await server.post(receipt("1-b")).status == 201)
            let newest = try await server.get("/v1/receipts/web-01.example.com", ("Accept", "application/json"))
            #expect(try newest.json()["receipt"]?["id"] == .string("1-b"), "what came last is the newest")
        }
    }

    @Test func aRestartServesTheSame() async throws {
        let store = try TemporaryReceipts()
        defer { store.remove() }
        for number in 0..<60 { _ = try store.open().add(receipt("\(number)-a"), of: store.host, now: 1000 + number) }
        let again = try store.open()
        #expect(again.newest.reports[store.host]?.id == "59-a")
        let kept = try again.receipts(of: store.host, limit: 1000)
        #expect(kept.map(\.receipt.id) == (10..<60).reversed().map { "\($0)-a" }, "fifty, the newest first")
        #expect(try again.receipts(of: store.host, before: "12-a", limit: 10).map(\.receipt.id) == ["11-a", "10-a"])
    }

    @Test(arguments: ["", "{", "{\"received\":1}", "\u{0}\u{0}"])
    func aDamagedFileIsSetAsideAndStopsNothing(_ damage: String) throws {
        let store = try TemporaryReceipts()
        defer { store.remove() }
        _ = try store.open().add(receipt("1-a"), of: store.host, now: 1000)
        _ = try store.open().add(receipt("2-a"), of: store.host, now: 1001)
        let folder = try Directory.open(store.path.appending(store.host.rawValue))
        try folder.replaceFile(
            "000000000002-2-a.json", permissions: 0o644, bytes: Array(damage.utf8), durable: false)
        let again = try store.open()
        #expect(again.newest.reports[store.host]?.id == "1-a")
        #expect(try again.receipts(of: store.host, limit: 10).map(\.receipt.id) == ["1-a"])
        #expect(try Directory.open(store.path.appending("_damaged")).entries().count == 1)
        #expect(try again.add(receipt("2-a"), of: store.host, now: 1002) == .made, "it can be sent again")
    }

    @Test func hostsThatAreGoneLeaveTheirReceiptsForAWhile() throws {
        let store = try TemporaryReceipts()
        defer { store.remove() }
        let receipts = try store.open()
        _ = try receipts.add(receipt("1-a"), of: store.host, now: 1000)
        #expect(try receipts.prune(keeping: { _ in true }, heardSince: 9999) == 0)
        #expect(try receipts.prune(keeping: { _ in false }, heardSince: 1000) == 0)
        #expect(try receipts.prune(keeping: { _ in false }, heardSince: 1001) == 1)
        #expect(try store.open().newest.reports.isEmpty)
    }
}

/// A healthy receipt of web-01.
func receipt(_ id: String, _ change: (inout Receipt) -> Void = { _ in }) -> Receipt {
    var receipt = Receipt(id: id, started: 1000)
    receipt.host = HostName("web-01.example.com")
    receipt.exit = .success
    change(&receipt)
    return receipt
}

/// A directory for receipts that is removed with the test.
struct TemporaryReceipts {
    let path: FilePath
    let host: HostName

    init() throws {
        path = FilePath("/tmp").appending("config-server-receipts-\(UInt64.random(in: .min ... .max))")
        host = try #require(HostName("web-01.example.com"))
    }

    func open() throws -> ReceiptStore {
        try ReceiptStore(path, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func remove() {
        _ = try? Directory.open("/tmp", followingLinks: true).removeTree(path.lastComponent?.string ?? "")
    }
}

extension TestServer {
    static let receiptsToken = "receipts-token"

    /// A server that takes receipts by a token of their own.
    static func withReceipts(
        configure: (inout ServerOptions) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
    ) async throws {
        let name = "config-server-tokens-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        let lines = ["receipts \(Digest(of: receiptsToken))", "publish \(Digest(of: publisher))"]
        try holder.createFile(name, permissions: 0o600, bytes: Array(lines.joined(separator: "\n").utf8))
        defer { try? holder.remove(name) }
        try await with(configure: {
            $0.tokens = FilePath("/tmp").appending(name)
            configure(&$0)
        }) { try await body($0) }
    }

    func post(_ receipt: Receipt) async throws -> HTTPResponse {
        try await send(
            .post, "/v1/receipts", [("Authorization", "Bearer \(Self.receiptsToken)")],
            body: .bytes(canonicalJSON(receipt)))
    }
}
