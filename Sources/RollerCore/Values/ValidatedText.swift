/// Text that follows a rule. Made only by `init?(rawValue:)`, so holding one is the proof that the rule was checked.
public protocol ValidatedText: RawRepresentable<String>, Hashable, Sendable, Comparable, Codable,
    CustomStringConvertible, CodingKeyRepresentable
{
    /// The rule in a few words, to follow "use": "lower-case letters, digits and hyphens, beginning with a letter".
    static var rule: String { get }

    /// Nil when the text does not follow the rule.
    init?(rawValue: String)
}

extension ValidatedText {
    /// Nil when `text` does not follow the rule.
    public init?(_ text: String) { self.init(rawValue: text) }

    /// The text itself.
    public var description: String { rawValue }

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The text, as a key of a dictionary that is coded.
    public var codingKey: any CodingKey { TextKey(stringValue: rawValue) }

    /// Nil when the key does not follow the rule.
    public init?<Key: CodingKey>(codingKey: Key) { self.init(rawValue: codingKey.stringValue) }
}

private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Tests over the bytes of a name; names are ASCII throughout.
enum NameBytes {
    static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) || isDigit(byte) }

    /// Whether `text` is 1 to `limit` bytes, its first byte passes `first`, and each later one `rest`.
    static func match(
        _ text: String, limit: Int, first: (UInt8) -> Bool, rest: (UInt8) -> Bool
    ) -> Bool {
        let bytes = text.utf8
        guard let head = bytes.first, bytes.count <= limit else { return false }
        return first(head) && bytes.dropFirst().allSatisfy(rest)
    }
}
