import LinuxSystem
import RollerCore
import Synchronization
import SystemPackage
import Testing

@testable import Roll

/// Receipts on their way to servers that take them, refuse them, are slow or away.
@Suite(.serialized)
struct ReceiptSenderTests {
    /// A server that gives one answer after another and keeps what it was asked; the last answer stays.
    private final class Ear: Sendable {
        private let state: Mutex<(answers: [String?], heard: [String])>

        init(_ answers: [String?]) { state = Mutex((answers, [])) }

        func next() -> String? {
            state.withLock { $0.answers.count > 1 ? $0.answers.removeFirst() : $0.answers.first ?? nil }
        }
    }

    private func withHost(_ body: (RollerHome) async throws -> Void) async throws {
        let host = try TestHost()
        try await body(host.home)
        withExtendedLifetime(host) {}
    }

    private static func answer(_ status: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    }

    private func receipt(_ id: String, _ change: (inout Receipt) -> Void = { _ in }) -> Receipt {
        var receipt = Receipt(id: id, started: 100_000)
        receipt.host = HostName("web-01.example.com")
        receipt.exit = .success
        receipt.changed = true
        change(&receipt)
        return receipt
    }

    /// A roll that changed nothing.
    private func same(_ id: String, _ started: Int) -> Receipt {
        receipt(id) {
            $0.changed = false
            $0.started = started
        }
    }

    private func send(
        _ receipt: Receipt, from home: RollerHome, to servers: [String], patience: Duration = .seconds(3),
        now: Int = 100_000
    ) async {
        var settings = ReceiptSender.Settings(tokenFile: "/nonexistent/token", needsTokenFile: false)
        settings.servers = servers
        settings.patience = patience
        await ReceiptSender(settings: settings, home: home, report: Report(isQuiet: true, isVerbose: false))
            .send(receipt, now: now)
    }

    private func waiting(_ home: RollerHome) throws -> [String] {
        try Outbox(home).names().map { String($0.dropFirst(13).dropLast(5)) }
    }

    @Test func whatIsTakenIsGone() async throws {
        try await withHost { home in
            let server = try TestServer { _ in Self.answer("201 Created") }
            await send(receipt("1-a"), from: home, to: ["http://127.0.0.1:\(server.port)"])
            #expect(try waiting(home).isEmpty)
        }
    }

    @Test(arguments: ["401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Oops", "503 Later", "429 Slowly"])
    func whatMayBeTakenLaterStays(_ status: String) async throws {
        try await withHost { home in
            let server = try TestServer { _ in Self.answer(status) }
            await send(receipt("1-a"), from: home, to: ["http://127.0.0.1:\(server.port)"])
            #expect(try waiting(home) == ["1-a"])
        }
    }

    @Test(arguments: ["400 Bad Request", "409 Conflict", "413 Too Large", "422 No"])
    func whatIsNeverTakenDoesNotHoldUpOthers(_ status: String) async throws {
        try await withHost { home in
            let away = try TestServer { _ in Self.answer("500 Oops") }
            await send(receipt("1-a"), from: home, to: ["http://127.0.0.1:\(away.port)"])
            let ear = Ear([Self.answer(status), Self.answer("201 Created")])
            let server = try TestServer { _ in ear.next() }
            await send(receipt("2-a"), from: home, to: ["http://127.0.0.1:\(server.port)"])
            #expect(try waiting(home).isEmpty)
        }
    }

    @Test func whatWaitedGoesFirstOnceTheServerIsBack() async throws {
        try await withHost { home in
            for id in ["9-a", "1-b", "5-c"] { await send(receipt(id), from: home, to: ["http://127.0.0.1:1"]) }
            #expect(try waiting(home) == ["9-a", "1-b", "5-c"], "in the order in which they came to be")
            // Takes two, then breaks.
            let ear = Ear([Self.answer("201 Created"), Self.answer("201 Created"), Self.answer("500 Oops")])
            let server = try TestServer { _ in ear.next() }
            await send(receipt("7-d"), from: home, to: ["http://127.0.0.1:\(server.port)"])
            #expect(try waiting(home) == ["5-c", "7-d"])
        }
    }

    @Test func anotherServerTakesWhatTheFirstCannot() async throws {
        try await withHost { home in
            let first = try TestServer { _ in Self.answer("500 Oops") }
            let second = try TestServer { _ in Self.answer("201 Created") }
            await send(
                receipt("1-a"), from: home,
                to: ["http://127.0.0.1:1", "http://127.0.0.1:\(first.port)", "http://127.0.0.1:\(second.port)"])
            #expect(try waiting(home).isEmpty)
        }
    }

    @Test func aServerThatSaysNothingHoldsNobodyUp() async throws {
        try await withHost { home in
            let mute = try TestServer { _ in nil }
            let start = ContinuousClock.now
            await send(
                receipt("1-a"), from: home, to: Array(repeating: "http://127.0.0.1:\(mute.port)", count: 20),
                patience: .milliseconds(600))
            #expect(ContinuousClock.now - start < .seconds(5), "0.6 s, and room for a busy machine")
            #expect(try waiting(home) == ["1-a"])
        }
    }

    @Test func theSameResultIsToldOnceAnHour() async throws {
        try await withHost { (home: RollerHome) async throws in
            await send(same("1-a", 100_000), from: home, to: [], now: 100_000)
            await send(same("2-a", 103_599), from: home, to: [], now: 103_599)
            #expect(try waiting(home) == ["1-a"])
            await send(same("3-a", 103_600), from: home, to: [], now: 103_600)
            #expect(try waiting(home) == ["1-a", "3-a"])
            var other = same("4-a", 103_601)
            other.failure = "something else"
            await send(other, from: home, to: [], now: 103_601)
            await send(same("5-a", 50), from: home, to: [], now: 50)
            #expect(try waiting(home) == ["1-a", "3-a", "4-a", "5-a"], "a clock that was set back silences nobody")
        }
    }

    @Test func theOldestGoWhenThereAreTooMany() async throws {
        try await withHost { home in
            for number in 0..<Outbox.limit + 5 { _ = try Outbox(home).add(receipt("\(number)-a")) }
            #expect(try waiting(home).first == "5-a")
            #expect(try waiting(home).count == Outbox.limit)
        }
    }

    @Test(arguments: [
        ("http://config1.example.com:8080", true), ("http://127.0.0.1.example.com", true), ("http://[::2]:1", true),
        ("HTTP://config1", true), ("https://config1", false), ("http://127.0.0.1:8080", false),
        ("http://[::1]:80", false), ("http://localhost", false),
    ])
    func aTokenIsNotSentInPlainText(_ server: String, _ isPlain: Bool) {
        #expect(sendsPlainly(server) == isPlain)
    }
}
