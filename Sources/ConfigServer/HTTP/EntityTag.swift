/// A strong entity tag (RFC 9110, section 8.8.3): what tells one representation of a resource from every other.
struct EntityTag: Hashable, Sendable {
    /// What stands between the quotes.
    let opaque: String

    /// The tag of the same representation, compressed.
    var gzipped: EntityTag { EntityTag(opaque: opaque + Self.gzipMark) }

    /// As it stands in a header.
    var text: String { "\"\(opaque)\"" }

    private static let gzipMark = "-gzip"
}

/// The value of an If-None-Match header.
enum TagCondition: Hashable {
    /// `*`: any representation at all.
    case any
    /// Tags, what stands between their quotes. Whether each is weak is of no matter here (section 13.1.2).
    case tags([String])

    /// Nil when there is no header, or one that makes no sense: the request is then answered as without it.
    init?(_ header: String?) {
        guard let header else { return nil }
        if header.trimmed == "*" {
            self = .any
            return
        }
        var tags: [String] = []
        var rest = header.utf8[...]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
            if rest.isEmpty { break }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")),
                let tag = String(rest[..<end])
            else { return nil }
            tags.append(tag)
            rest = rest[rest.index(after: end)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
        self = .tags(tags)
    }

    /// The tag of those held for one representation that the client has already, if it has one.
    func match(among held: [EntityTag]) -> EntityTag? {
        switch self {
        case .any: held.first
        case .tags(let tags): held.first { tags.contains($0.opaque) }
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends, as HTTP counts white space.
    var trimmed: String {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let kept = Array(utf8).drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: kept, as: UTF8.self)
    }
}
