extension Receipt {
    /// As large as a receipt may be that comes from elsewhere.
    public static let sizeLimit = ByteCount(256 << 10)

    /// Reads a receipt that somebody else wrote.
    ///
    /// Keys that this program does not know are passed over, and not kept: a host with a newer roll must not fall silent
    /// at an older server. All others are held to their types, their names and their bounds.
    public static func read(_ json: [UInt8]) throws(ReceiptProblem) -> Receipt {
        guard json.count <= sizeLimit.bytes else { throw .tooLarge(ByteCount(Int64(json.count))) }
        let format: Int
        do {
            format = try readJSON(json, as: FormatOnly.self).format
        } catch {
            throw .unreadable(describeDecoding(error))
        }
        guard format == currentFormat else { throw .otherFormat(format) }
        let receipt: Receipt
        do {
            receipt = try readJSON(json, as: Receipt.self)
        } catch {
            throw .unreadable(describeDecoding(error))
        }
        try receipt.checkBounds()
        return receipt
    }

    private struct FormatOnly: Decodable { let format: Int }

    /// Whether `id` can be a roll's name: it becomes that of a file.
    static func isID(_ id: String) -> Bool {
        NameBytes.match(
            id, limit: 64, first: NameBytes.isAlphanumeric,
            rest: { NameBytes.isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
    }

    private func checkBounds() throws(ReceiptProblem) {
        guard host != nil else { throw .bad("host", "it is missing") }
        guard Receipt.isID(id) else { throw .bad("id", "use letters, digits and hyphens, 64 at most") }
        let years = 0...253_402_300_799  // to the end of the year 9999
        guard years.contains(started), years.contains(heldUntil ?? 0) else { throw .bad("started", "no time") }
        let spans: [Int64?] =
            [milliseconds, stopToStartMicroseconds, downtimeBudgetMilliseconds] + steps.map(\.milliseconds)
            + services.flatMap { [$0.downMilliseconds, $0.expectedMilliseconds] }
        guard spans.allSatisfy({ (0...Receipt.longest).contains($0 ?? 0) }) else {
            throw .bad("milliseconds", "a time below zero, or over a year")
        }
        guard services.count <= 1000 else { throw .bad("services", "more than 1000") }
        guard steps.count <= 1000 else { throw .bad("steps", "more than 1000") }
        for (key, text, limit) in [
            ("version", version, 64), ("failure", failure, 64 << 10), ("heldReason", heldReason, 4096),
            ("bootID", bootID, 64),
        ] where (text?.utf8.count ?? 0) > limit {
            throw .bad(key, "more than \(limit) bytes")
        }
        for step in steps where step.step.utf8.count > 64 { throw .bad("steps", "a name of more than 64 bytes") }
        for service in services where service.reason.utf8.count > 4096 {
            throw .bad("services", "a reason of more than 4096 bytes")
        }
        for service in services {
            guard (service.result?.utf8.count ?? 0) <= 4096 else {
                throw .bad("services", "a result of more than 4096 bytes")
            }
            guard (service.log ?? []).count <= 100, (service.log ?? []).allSatisfy({ $0.utf8.count <= 4096 }) else {
                throw .bad("services", "more than 100 lines of a log, or one of more than 4096 bytes")
            }
        }
        guard (restartDebt ?? []).count <= 1000,
            (restartDebt ?? []).allSatisfy({ $0.name.utf8.count <= 256 && $0.generations.count <= 1000 })
        else { throw .bad("restartDebt", "more than 1000 processes, or more than a name and numbers of each") }
    }

    /// A year, in microseconds: the finest unit in a receipt.
    private static let longest: Int64 = 366 * 86400 * 1_000_000
}

/// Why a receipt is not believed.
public enum ReceiptProblem: RollerError, Hashable {
    /// It is larger than `Receipt.sizeLimit`.
    case tooLarge(ByteCount)
    /// It is no JSON, or has not the keys of a receipt.
    case unreadable(String)
    /// It is in a format that this program does not know.
    case otherFormat(Int)
    /// What a key says cannot be.
    case bad(String, String)

    public var message: String {
        switch self {
        case .tooLarge(let size): "the receipt has \(size), and \(Receipt.sizeLimit) is the most"
        case .unreadable(let why): "cannot read the receipt: \(why)"
        case .otherFormat(let format):
            "the receipt has the format \(format), and \(Receipt.currentFormat) is known here"
        case .bad(let key, let why): "the receipt's '\(key)' cannot be: \(why)"
        }
    }

    public var hint: String? {
        if case .otherFormat = self { "the config server is to be upgraded before the hosts" } else { nil }
    }
}
