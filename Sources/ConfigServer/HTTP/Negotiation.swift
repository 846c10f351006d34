/// How a value is written.
enum Format: String, Hashable, Sendable, CaseIterable {
    case yaml, json

    /// The media type of text in this format (RFC 9512, RFC 8259).
    var mediaType: String {
        switch self {
        case .yaml: "application/yaml"
        case .json: "application/json"
        }
    }

    /// What a request asks for: `?format=` if it is there, else what Accept prefers, else YAML.
    init(parameter: String?, accept: String?) throws(RequestError) {
        if let parameter {
            guard let format = Format(rawValue: parameter) else {
                throw .badParameter("format", parameter, rule: "yaml or json")
            }
            self = format
            return
        }
        guard let accept else {
            self = .yaml
            return
        }
        let ranges = WeightedList(accept).items
        let json = Self.preference(among: ranges, for: ["application/json"])
        let yaml = Self.preference(among: ranges, for: ["application/yaml", "application/x-yaml", "text/yaml"])
        self = json.weight > 0 && json > yaml ? .json : .yaml
    }

    /// The weight that Accept gives to one of `types`, and how exactly it names it.
    private static func preference(
        among ranges: [WeightedList.Item], for types: [String]
    ) -> (weight: Int, exactness: Int) {
        let found = types.compactMap { type -> (weight: Int, exactness: Int)? in
            let main = type.prefix { $0 != "/" }
            return [type, "\(main)/*", "*/*"].enumerated().lazy.compactMap { position, range in
                ranges.first { $0.name == range }.map { (weight: $0.weight, exactness: 2 - position) }
            }.first
        }
        return found.max { ($0.weight, $0.exactness) < ($1.weight, $1.exactness) } ?? (0, 0)
    }
}

/// A list of names with weights, as in Accept and Accept-Encoding (RFC 9110, section 12.4.2).
struct WeightedList: Hashable {
    /// A name in lower case, and its weight in thousandths.
    struct Item: Hashable {
        let name: String
        let weight: Int
    }

    let items: [Item]

    init(_ header: String) {
        items = header.split(separator: ",").map { element in
            let parts = element.split(separator: ";").map(\.trimmed)
            let weight = parts.dropFirst().lazy.compactMap { part -> Int? in
                guard part.lowercased().hasPrefix("q=") else { return nil }
                return Self.thousandths(part.dropFirst(2))
            }.first
            return Item(name: (parts.first ?? "").lowercased(), weight: weight ?? 1000)
        }
    }

    /// `0.85` as 850; what is no such number counts as 0, the careful reading.
    private static func thousandths(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
        let digits = parts.count == 2 ? parts[1].prefix(3) : ""
        guard let fraction = Int(digits + String(repeating: "0", count: 3 - digits.count)) else { return 0 }
        return min(1000, whole * 1000 + fraction)
    }
}

/// How the bytes of an answer are coded (RFC 9110, section 8.4.1).
enum ContentCoding: Hashable, Sendable {
    case identity, gzip

    /// Shorter texts are sent as they are: what is saved fits in the same packet.
    private static let worthwhile = 1024

    /// What Accept-Encoding asks for (section 12.5.3): gzip where it is no less welcome than the plain bytes and worth
    /// it, or where nothing else is taken. Nil where the client takes neither.
    /// - Parameters:
    ///   - size: How many bytes there are to send.
    ///   - isText: Whether compressing them makes sense.
    init?(accepting header: String?, size: Int, isText: Bool) {
        guard let header else {
            self = .identity
            return
        }
        let items = WeightedList(header).items
        let weight = { (names: [String]) in items.first { names.contains($0.name) }?.weight }
        let any = weight(["*"])
        let gzip = weight(["gzip", "x-gzip"]) ?? any ?? 0
        let identity = weight(["identity"]) ?? (any == 0 ? 0 : nil)
        switch (gzip > 0, identity != 0) {
        case (false, false): return nil
        case (true, false): self = .gzip
        case (false, true): self = .identity
        // Plain bytes that the header does not name are acceptable, and the least so.
        case (true, true): self = isText && size > Self.worthwhile && gzip >= identity ?? 0 ? .gzip : .identity
        }
    }
}
