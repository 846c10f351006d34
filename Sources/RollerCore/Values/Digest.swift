internal import Crypto

/// The SHA-256 of some bytes (FIPS 180-4), written `sha256:` and 64 hexadecimal digits.
public struct Digest: ValidatedText {
    public static let rule = "sha256: and 64 lower-case hexadecimal digits"
    private static let prefix = "sha256:"
    public let rawValue: String

    public init?(rawValue: String) {
        guard rawValue.hasPrefix(Digest.prefix), rawValue.utf8.count == 71,
            rawValue.utf8.dropFirst(7).allSatisfy(isLowerHex)
        else { return nil }
        self.rawValue = rawValue
    }

    /// The digest of `bytes`.
    public init(of bytes: [UInt8]) {
        self.init(Crypto.SHA256.hash(data: bytes))
    }

    /// The digest of `text` as UTF-8.
    public init(of text: String) { self.init(of: Array(text.utf8)) }

    /// A digest that was computed elsewhere. Nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(bytes)
    }

    private init(_ bytes: some Sequence<UInt8>) {
        rawValue = Digest.prefix + hexadecimal(bytes)
    }

    /// The 64 digits alone, for names of files.
    public var hex: String { String(rawValue.utf8.dropFirst(7)) ?? "" }

    /// The first twelve digits, for people.
    public var short: String { String(hex.prefix(12)) }
}

/// Two lower-case hexadecimal digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
