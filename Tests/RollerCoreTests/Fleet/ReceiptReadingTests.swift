import RollerCore
import Testing

struct ReceiptReadingTests {
    private static func receipt(_ change: (inout Receipt) -> Void = { _ in }) -> [UInt8] {
        var receipt = Receipt(id: "6740f1c0-9a1b2c3d", started: 1_795_305_600)
        receipt.host = HostName("web-01.example.com")
        receipt.exit = .success
        receipt.bundle = Digest(of: "bundle")
        change(&receipt)
        return canonicalJSON(receipt)
    }

    @Test func aReceiptOfOursIsReadAsItWasWritten() throws {
        let bytes = Self.receipt { $0.steps = [.init(step: "fetch", milliseconds: 3)] }
        #expect(canonicalJSON(try Receipt.read(bytes)) == bytes)
    }

    @Test func keysOfALaterRollArePassedOver() throws {
        let text = String(decoding: Self.receipt(), as: UTF8.self)
        let later = "{\"weather\":{\"rain\":true}," + text.dropFirst()
        #expect(try Receipt.read(Array(later.utf8)) == Receipt.read(Array(text.utf8)))
    }

    @Test(arguments: ["", "{", "[]", "null", "{}", "{\"format\":\"1\"}", "{\"format\":1}", "\u{0}"])
    func whatIsNoReceiptIsRefused(_ text: String) {
        let error = #expect(throws: ReceiptProblem.self) { try Receipt.read(Array(text.utf8)) }
        guard case .unreadable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func anotherFormatIsNamed() {
        let text = String(decoding: Self.receipt(), as: UTF8.self).split(separator: "\"format\":1")
            .joined(separator: "\"format\":2")
        #expect(throws: ReceiptProblem.otherFormat(2)) { try Receipt.read(Array(text.utf8)) }
    }

    private static let impossible: [(String, @Sendable (inout Receipt) -> Void)] = [
        ("host", { $0.host = nil }), ("id", { $0.id = "" }), ("id", { $0.id = "../../etc/passwd" }),
        ("id", { $0.id = String(repeating: "a", count: 65) }), ("started", { $0.started = -1 }),
        ("started", { $0.heldUntil = .max }), ("milliseconds", { $0.milliseconds = -1 }),
        ("milliseconds", { $0.milliseconds = .max }), ("milliseconds", { $0.stopToStartMicroseconds = -1 }),
        ("failure", { $0.failure = String(repeating: "x", count: 70_000) }),
        ("version", { $0.version = String(repeating: "x", count: 65) }),
        ("steps", { $0.steps = .init(repeating: .init(step: "a", milliseconds: 1), count: 1001) }),
    ]

    @Test(arguments: impossible)
    func whatCannotBeIsNamed(_ key: String, _ change: @Sendable (inout Receipt) -> Void) {
        let bytes = Self.receipt { change(&$0) }
        let error = #expect(throws: ReceiptProblem.self) { try Receipt.read(bytes) }
        guard case .bad(key, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func moreThanTheLimitIsNotLookedAt() {
        let bytes = [UInt8](repeating: UInt8(ascii: " "), count: (256 << 10) + 1)
        #expect(throws: ReceiptProblem.tooLarge(ByteCount((256 << 10) + 1))) { try Receipt.read(bytes) }
    }
}
