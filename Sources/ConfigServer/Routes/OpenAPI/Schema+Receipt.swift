internal import RollerCore

extension Schema {
    /// What a host did in a roll, as it hands it in. Keys that are not here are passed over.
    static let receipt = object([
        ("format", int(Receipt.currentFormat...Receipt.currentFormat)),
        ("id", text("^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")),
        ("host", reference("HostName")), ("exit", numbers(RollExit.allCases.map { Int($0.rawValue) })),
        ("changed", bool), ("started", time), ("milliseconds", span), ("version?", text(atMost: 64)),
        ("from?", generation), ("to?", generation), ("release?", release), ("applied?", release),
        ("revision?", revision), ("bundle?", digest),
        ("paths?", object([("added", number), ("changed", number), ("removed", number)])),
        (
            "services",
            list(
                object([
                    ("name", text("^[a-z][a-z0-9-]{0,62}$")), ("action", word(["start", "stop", "restart"])),
                    ("reason", text(atMost: 4096)), ("downMilliseconds?", span),
                ]), atMost: 1000)
        ), ("stopToStartMicroseconds?", span),
        ("steps", list(object([("step", text(atMost: 64)), ("milliseconds", span)]), atMost: 1000)),
        ("failure?", text(atMost: 64 << 10)), ("wasRejected?", bool), ("heldUntil?", time),
        ("heldReason?", text(atMost: 4096)), ("bootID?", text(atMost: 64)),
    ])

    /// Seconds since 1970, to the end of the year 9999.
    private static let time = int(0...253_402_300_799)
    /// A length of time.
    private static let span = int(0...366 * 86400 * 1_000_000)
    private static let generation = int(0...1_000_000_000_000)
    private static let number = int(0...1_000_000_000)
    private static let release = text("^[a-z][a-z0-9-]{0,62}@[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$")

    /// Text of so many bytes. In a schema lengths are in characters, of which each takes four bytes at most.
    private static func text(atMost bytes: Int) -> Schema {
        Schema(.entries([("type", .string("string")), ("maxLength", .int(bytes / 4))]))
    }

    /// One of these numbers.
    private static func numbers(_ numbers: [Int]) -> Schema {
        Schema(.entries([("type", .string("integer")), ("enum", .list(numbers.map(Value.int)))]))
    }

    private static func list(_ items: Schema, atMost count: Int) -> Schema {
        Schema(.entries([("type", .string("array")), ("maxItems", .int(count)), ("items", items.value)]))
    }
}
