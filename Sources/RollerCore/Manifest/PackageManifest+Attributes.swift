/// Extended attributes in the lines of a manifest.
extension PackageManifest.Entry {
    /// The most bytes that the attributes of one file may have together, names and values.
    public static let maxAttributeBytes = 16 << 10

    /// What follows the path: a tab, the name, an equals sign and the value, for each.
    var attributeText: String {
        guard !attributes.isEmpty else { return "" }
        return attributes.sorted { $0.key < $1.key }.map { "\t\($0.key)=\(Self.hex($0.value))" }.joined()
    }

    /// Reads what `attributeText` writes, behind the first tab.
    static func attributes(
        _ text: Substring.UTF8View.SubSequence, _ line: Int
    ) throws(ManifestError) -> [AttributeName: [UInt8]] {
        var attributes: [AttributeName: [UInt8]] = [:]
        var bytes = 0
        var last: AttributeName?
        for field in text.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = String(parts[0]).flatMap({ AttributeName($0) }),
                let value = value(parts[1])
            else { throw .malformed(line: line, why: "an attribute is a name, an equals sign and hexadecimal digits") }
            if let last, !(last < name) {
                throw .malformed(line: line, why: "the attribute \(name) stands twice, or not in order")
            }
            guard !name.isCapabilities || FileCapabilities(value) != nil else {
                throw .malformed(line: line, why: "these are no capabilities that a file can have everywhere")
            }
            bytes += name.rawValue.utf8.count + value.count
            last = name
            attributes[name] = value
        }
        guard bytes <= maxAttributeBytes else {
            throw .malformed(line: line, why: "its attributes have more than \(maxAttributeBytes) bytes")
        }
        return attributes
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Two lower-case digits a byte; nil for anything else, so that one value has one text.
    private static func value(_ text: Substring.UTF8View.SubSequence) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text {
            guard let nibble = digits.firstIndex(of: digit).map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return bytes
    }
}
