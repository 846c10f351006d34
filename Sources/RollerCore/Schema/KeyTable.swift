internal import YAMLDocument

/// The keys of one map in the repository's files: what the reader takes, and what editors are told of. One table feeds
/// both, so that an editor cannot offer what lint refuses.
struct KeyTable: Sendable {
    /// The keys in the order in which hints list them.
    let keys: [Key]
    /// Groups of keys of which one must be there.
    let oneOf: [String]
    /// The names of all keys.
    let known: [String]
    /// The names of the keys that must be there.
    let required: [String]

    /// One key.
    struct Key: Sendable {
        let name: String
        let shape: Shape
        /// What it is for, as an editor shows it.
        let summary: String
        let isRequired: Bool

        init(_ name: String, _ shape: Shape, _ summary: String, isRequired: Bool = false) {
            self.name = name
            self.shape = shape
            self.summary = summary
            self.isRequired = isRequired
        }
    }

    /// What stands below a key.
    indirect enum Shape: Sendable {
        /// Text that matches a pattern of ECMA 262.
        case text(Pattern)
        /// The same, where YAML may read a number and the reader does not: `6.10`.
        case verbatim(Pattern)
        /// One of these words.
        case word([String])
        case int(ClosedRange<Int>)
        /// Whatever a setting can hold.
        case value
        case list(Shape)
        /// A program and its arguments.
        case arguments
        /// Names of a kind, and what stands below each.
        case named(Pattern, Shape)
        case map(KeyTable)
        case either(Shape, Shape)
    }

    init(_ keys: [Key], oneOf: [String] = []) {
        self.keys = keys
        self.oneOf = oneOf
        known = keys.map(\.name)
        required = keys.filter(\.isRequired).map(\.name)
    }
}

extension FileReader {
    /// The entries of a map with the keys of a table.
    mutating func fields(of node: YAMLNode, as what: String, keys: KeyTable) -> Fields? {
        fields(of: node, as: what, known: keys.known, required: keys.required)
    }
}
