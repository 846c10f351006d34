/// A number of bytes.
public struct ByteCount: Hashable, Sendable, Comparable, Codable {
    /// How many.
    public let bytes: Int64

    /// A number of bytes; negative ones make no sense and trap.
    public init(_ bytes: Int64) {
        precondition(bytes >= 0, "a negative number of bytes: \(bytes)")
        self.bytes = bytes
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let bytes = try container.decode(Int64.self)
        guard bytes >= 0 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a negative size: \(bytes)")
        }
        self.bytes = bytes
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }

    public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }
    /// The sum; the largest number there is where 64 bits do not hold it, since sizes come from files of strangers.
    public static func + (a: ByteCount, b: ByteCount) -> ByteCount {
        let (sum, overflows) = a.bytes.addingReportingOverflow(b.bytes)
        return ByteCount(overflows ? .max : sum)
    }
}

extension ByteCount: CustomStringConvertible {
    /// For people, with one decimal: `17 B`, `4.2 KiB`, `15.0 MiB`.
    public var description: String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024
        for unit in ["KiB", "MiB", "GiB"] {
            if tenths < 10240 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
            tenths /= 1024
        }
        return "\(tenths / 10).\(tenths % 10) TiB"
    }
}
