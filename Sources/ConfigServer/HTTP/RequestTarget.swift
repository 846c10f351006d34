/// What a request asks for: the components of its path and its query, each decoded once.
///
/// A component never holds a control character or anything but UTF-8, and one with a slash, percent-encoded, is no name
/// for any route: it is a part of a longer path alone. So what is looked up by it cannot lie elsewhere. Names are checked
/// again by their own types.
struct RequestTarget: Hashable, Sendable {
    /// The path between its slashes. None for `/`; an empty one where two slashes meet, which nothing is named.
    let components: [String]
    /// The query's parameters.
    let query: [String: String]

    /// As long as a request's target may be, in bytes.
    static let limit = 4096

    /// Reads the target of a request line (RFC 9112, section 3.2), in origin form or in absolute form.
    init(_ text: String) throws(RequestError) {
        guard text.utf8.count <= Self.limit else { throw .targetTooLong(limit: Self.limit) }
        var rest = Substring(text)
        if let scheme = ["http://", "https://"].first(where: text.hasPrefix) {
            let authority = text.dropFirst(scheme.count)
            rest = authority.firstIndex { $0 == "/" || $0 == "?" }.map { authority[$0...] } ?? "/"
        }
        let split = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = split[0]
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw .badTarget(text, why: "it does not begin with a slash")
        }
        var components: [String] = []
        if path != "/" {
            for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                components.append(try Self.decode(part, of: text))
            }
        }
        self.components = components
        query = split.count == 2 ? try Self.query(split[1], of: text) : [:]
    }

    private static func query(_ text: Substring, of target: String) throws(RequestError) -> [String: String] {
        var found: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(sides[0], of: target)
            let value = sides.count == 2 ? try decode(sides[1], of: target) : ""
            guard found.updateValue(value, forKey: name) == nil else { throw .repeatedParameter(name) }
        }
        return found
    }

    /// Undoes percent-encoding (RFC 3986, section 2.1). A plus sign is a plus sign: names of packages have some.
    private static func decode(_ text: Substring, of target: String) throws(RequestError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            var decoded = byte
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    throw .badTarget(target, why: "a percent sign is not followed by two hexadecimal digits")
                }
                decoded = high << 4 | low
            }
            guard decoded >= 0x20, decoded != 0x7f else {
                throw .badTarget(target, why: "it holds a control character")
            }
            bytes.append(decoded)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .badTarget(target, why: "it is not UTF-8")
        }
        return decoded
    }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
