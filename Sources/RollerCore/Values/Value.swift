public import OrderedCollections

/// What a setting holds. Roller knows no null and no fractions: what YAML would read as one is an error where it is
/// written, so that every reader of a value sees the same thing.
public enum Value: Hashable, Sendable {
    /// Text, as written between its quotes or as a plain scalar that every YAML reads as text.
    case string(String)
    /// A whole number that fits 64 bits.
    case int(Int)
    /// `true` or `false`.
    case bool(Bool)
    /// Values in the order written.
    case list([Value])
    /// Named values, in the order written.
    case map(OrderedDictionary<String, Value>)

    /// What kind of value this is.
    public var type: ValueType {
        switch self {
        case .string: .string
        case .int: .int
        case .bool: .bool
        case .list: .list
        case .map: .map
        }
    }

    /// The value named `key`, when this is a map that has it.
    public subscript(key: String) -> Value? {
        guard case .map(let entries) = self else { return nil }
        return entries[key]
    }
}

/// The types a setting can have: a class fixes each by its default, or by name under `required`.
public enum ValueType: String, Hashable, Sendable, CaseIterable {
    case string, int, bool, list, map
}
