internal import OrderedCollections

extension Value: Codable {
    /// Reads any JSON but null and fractions. Maps come out sorted by key, since JSON promises no order.
    public init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            var entries: OrderedDictionary<String, Value> = [:]
            for key in keyed.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
                entries[key.stringValue] = try keyed.decode(Value.self, forKey: key)
            }
            self = .map(entries)
            return
        }
        if var items = try? decoder.unkeyedContainer() {
            var list: [Value] = []
            while !items.isAtEnd { list.append(try items.decode(Value.self)) }
            self = .list(list)
            return
        }
        let single = try decoder.singleValueContainer()
        if let bool = try? single.decode(Bool.self) {
            self = .bool(bool)
        } else if let int = try? single.decode(Int.self) {
            self = .int(int)
        } else {
            self = .string(try single.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .string(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .int(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .bool(let truth):
            var container = encoder.singleValueContainer()
            try container.encode(truth)
        case .list(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(item) }
        case .map(let entries):
            var container = encoder.container(keyedBy: AnyKey.self)
            for (key, value) in entries { try container.encode(value, forKey: AnyKey(key)) }
        }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
