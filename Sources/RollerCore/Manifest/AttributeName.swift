/// The name of an extended attribute (xattr(7)) that files of a package may have.
///
/// `user.` attributes are notes of whoever made the file; `security.capability` holds what a program may do beyond its user
/// (capabilities(7)). Access lists, labels of security modules and `trusted.` belong to a machine, not to a package.
public struct AttributeName: ValidatedText {
    public static let rule = "security.capability, or user. and letters, digits, hyphens, dots and underscores"
    public let rawValue: String

    public init?(rawValue: String) {
        let isPlain = { (byte: UInt8) in
            NameBytes.isAlphanumeric(byte) || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
        }
        guard rawValue == Self.capability || rawValue.utf8.starts(with: "user.".utf8), rawValue.utf8.count > 5,
            NameBytes.match(rawValue, limit: 255, first: NameBytes.isLower, rest: isPlain)
        else { return nil }
        self.rawValue = rawValue
    }

    private static let capability = "security.capability"

    /// Whether the attribute gives a program more rights than its user has.
    public var isCapabilities: Bool { rawValue == Self.capability }
}
