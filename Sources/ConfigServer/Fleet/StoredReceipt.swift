internal import OrderedCollections
internal import RollerCore

/// A receipt as a server keeps it: a file of its own.
struct StoredReceipt: Codable, Hashable, Sendable {
    /// When it came, in seconds since 1970 by this machine's clock.
    let received: Int
    /// By how many seconds the host's clock was ahead, where that was more than `tolerance`.
    var clockAhead: Int?
    let receipt: Receipt

    /// Clocks that agree so far agree.
    static let tolerance = 300

    /// A receipt that comes in now.
    init(_ receipt: Receipt, received: Int) {
        self.received = received
        self.receipt = receipt
        let ahead = receipt.ended - received
        clockAhead = ahead > Self.tolerance ? ahead : nil
    }

    /// As answers show it.
    var asValue: Value {
        var entries: [(String, Value)] = [
            ("received", .string(UTCTime(seconds: received).iso8601)),
            ("started", .string(UTCTime(seconds: receipt.started).iso8601)),
            ("ended", .string(UTCTime(seconds: receipt.ended).iso8601)),
        ]
        if let clockAhead { entries.append(("clockAhead", .int(clockAhead))) }
        return .entries(entries + [("receipt", .coded(receipt))])
    }
}

/// The name of a stored receipt's file: a number that counts up, so that names sort as receipts came, and the roll's.
struct ReceiptFile: Hashable, Sendable, Comparable {
    let number: Int
    let id: String

    /// `000000000042-6740f1c0-9a1b2c3d.json`.
    var name: String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 12 - digits.count)) + digits + "-" + id + ".json"
    }

    init(number: Int, id: String) {
        self.number = number
        self.id = id
    }

    /// Nil for a name of something else.
    init?(name: String) {
        guard name.hasSuffix(".json"), let dash = name.firstIndex(of: "-"), let number = Int(name[..<dash]) else {
            return nil
        }
        self.init(number: number, id: String(name[name.index(after: dash)...].dropLast(5)))
        guard self.name == name else { return nil }
    }

    static func < (a: ReceiptFile, b: ReceiptFile) -> Bool { (a.number, a.id) < (b.number, b.id) }
}
