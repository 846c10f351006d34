/// A value of a document, and where it stands.
///
/// An alias is replaced by what its anchor names: the node itself then has the range of the alias (`*a`), since there a
/// reader looks for it, while the nodes inside keep the ranges of their own text.
public struct YAMLNode: Hashable, Sendable {
    /// What a node holds.
    public enum Content: Hashable, Sendable {
        /// One text.
        case scalar(YAMLScalar)
        /// Values in order.
        case sequence([YAMLNode])
        /// Values by key, in the order of the text. No two keys have the same text.
        case mapping([YAMLEntry])
    }

    /// What the node holds.
    public let content: Content
    /// Where it stands, its anchor included. A missing value (`key:`) has an empty range.
    public let range: YAMLRange
    /// The name behind `&`, where the node has one.
    public let anchor: String?

    /// - Parameters:
    ///   - content: What the node holds.
    ///   - range: Where it stands.
    ///   - anchor: The name behind `&`, if any.
    public init(content: Content, range: YAMLRange, anchor: String? = nil) {
        self.content = content
        self.range = range
        self.anchor = anchor
    }

    /// The scalar, if it is one.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, if it is a sequence.
    public var sequence: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The entries, if it is a mapping.
    public var mapping: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The text of a scalar as written, quotes and escapes undone: `6.10` is "6.10". Nil for a sequence or mapping.
    public var text: String? { scalar?.text }

    /// The value at a mapping's key. Nil when there is no such key, or no mapping. Searches from the first entry on.
    public subscript(key: String) -> YAMLNode? { mapping?.first { $0.key.text == key }?.value }
}

/// One key of a mapping and its value.
public struct YAMLEntry: Hashable, Sendable {
    /// The key.
    public let key: YAMLKey
    /// The value. `key:` alone has an empty plain scalar.
    public let value: YAMLNode

    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value.
    public init(key: YAMLKey, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// The key of an entry. Keys are always scalars.
public struct YAMLKey: Hashable, Sendable {
    /// The key as a scalar.
    public let scalar: YAMLScalar
    /// Where it stands, its anchor included.
    public let range: YAMLRange

    /// The text of the key, quotes and escapes undone.
    public var text: String { scalar.text }

    /// - Parameters:
    ///   - scalar: The key as a scalar.
    ///   - range: Where it stands.
    public init(scalar: YAMLScalar, range: YAMLRange) {
        self.scalar = scalar
        self.range = range
    }
}

/// A text in a document, and how it is written there.
public struct YAMLScalar: Hashable, Sendable {
    /// The ways to write a scalar.
    public enum Style: Hashable, Sendable, CaseIterable {
        /// Without quotes.
        case plain
        /// `'text'`
        case singleQuoted
        /// `"text"`
        case doubleQuoted
        /// `|` and the lines below.
        case literal
        /// `>` and the lines below, joined.
        case folded
    }

    /// The text, quotes and escapes undone.
    public let text: String
    /// How it is written.
    public let style: Style

    /// - Parameters:
    ///   - text: The text, quotes and escapes undone.
    ///   - style: How it is written.
    public init(text: String, style: Style) {
        self.text = text
        self.style = style
    }
}
