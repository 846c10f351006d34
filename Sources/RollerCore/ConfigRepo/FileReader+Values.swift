internal import OrderedCollections
internal import YAMLDocument

extension FileReader {
    /// Text by a rule: a name, a path, a digest. What YAML could read as something else must be quoted.
    mutating func text<Text: ValidatedText>(_ node: YAMLNode, as type: Text.Type, of what: String) -> Text? {
        guard let text = string(node, of: what) else { return nil }
        return validated(text, node, as: type, of: what)
    }

    /// Text read as it stands, whatever YAML would make of it: versions, where `6.10` is not `6.1`.
    mutating func verbatim<Text: ValidatedText>(_ node: YAMLNode, as type: Text.Type, of what: String) -> Text? {
        guard case .scalar(let scalar) = node.content, !scalar.isMissing else {
            add(
                .wrongType, at: node.range, "\(what) is text, and this is \(node.kindInWords)", hint: "use \(Text.rule)"
            )
            return nil
        }
        return validated(scalar.text, node, as: type, of: what)
    }

    private mutating func validated<Text: ValidatedText>(
        _ text: String, _ node: YAMLNode, as type: Text.Type, of what: String
    ) -> Text? {
        guard let valid = Text(text) else {
            add(.badValue, at: node.range, "'\(text)' cannot be \(what)", hint: "use \(Text.rule)")
            return nil
        }
        return valid
    }

    /// Text as such.
    mutating func string(_ node: YAMLNode, of what: String) -> String? {
        switch value(node, of: what) {
        case .string(let text): return text
        case nil: return nil
        case .some(let other):
            add(
                .wrongType, at: node.range, "\(what) is text, and this is \(other.type.inWords)",
                hint: node.quotedHint)
            return nil
        }
    }

    /// A whole number within `range`.
    /// - Parameter hint: What to write instead, where it is not just a number of the range.
    mutating func int(
        _ node: YAMLNode, of what: String, in range: ClosedRange<Int>, hint: String? = nil
    ) -> Int? {
        switch value(node, of: what) {
        case .int(let number) where range.contains(number): return number
        case .int(let number):
            add(
                .badValue, at: node.range, "\(number) cannot be \(what)",
                hint: hint ?? range.inWords)
            return nil
        case nil: return nil
        case .some(let other):
            add(
                .wrongType, at: node.range, "\(what) is a whole number, and this is \(other.type.inWords)",
                hint: "\(hint ?? range.inWords), without quotes")
            return nil
        }
    }

    /// A length of time, such as `10s`.
    mutating func duration(_ node: YAMLNode, of what: String) -> TimeSpan? {
        guard let value = value(node, of: what) else { return nil }
        if case .string(let text) = value, let span = TimeSpan(text) { return span }
        add(.badValue, at: node.range, "\(node.textInWords) cannot be \(what)", hint: "use \(TimeSpan.rule)")
        return nil
    }

    /// A list, each item read by `read`; nil only when it is no list.
    mutating func list<Item>(
        _ node: YAMLNode, of what: String, each read: (inout FileReader, YAMLNode) -> Item?
    ) -> [Item]? {
        guard case .sequence(let items) = node.content else {
            add(
                .wrongType, at: node.range, "\(what) is a list, and this is \(node.kindInWords)",
                hint: "write it between brackets, [a, b], or as lines that begin with a hyphen")
            return nil
        }
        return items.compactMap { read(&self, $0) }
    }

    /// An argument list: a program and its arguments, no shell. Whole numbers stand for their digits.
    mutating func arguments(_ node: YAMLNode, of what: String) -> [String]? {
        let before = findings.count
        let words = list(node, of: what) { reader, item -> String? in
            switch reader.value(item, of: "an argument") {
            case .string(let text): return text
            case .int(let number): return item.text ?? "\(number)"
            case nil: return nil
            case .some(let other):
                reader.add(
                    .wrongType, at: item.range, "an argument is text, and this is \(other.type.inWords)",
                    hint: item.quotedHint)
                return nil
            }
        }
        guard let words, findings.count == before else { return nil }
        guard let program = words.first, !program.isEmpty else {
            add(.badValue, at: node.range, "\(what) names no program", hint: "write it as [program, argument, …]")
            return nil
        }
        return words
    }

    /// Any value that a setting can hold.
    mutating func value(_ node: YAMLNode, of what: String) -> Value? {
        switch node.content {
        case .scalar(let scalar): return self.scalar(scalar, node, of: what)
        case .sequence(let items):
            let before = findings.count
            let values = items.compactMap { value($0, of: "an item of \(what)") }
            return findings.count == before ? .list(values) : nil
        case .mapping(let entries):
            let before = findings.count
            var map: OrderedDictionary<String, Value> = [:]
            for entry in entries {
                if let value = value(entry.value, of: "'\(entry.key.text)' of \(what)") { map[entry.key.text] = value }
            }
            return findings.count == before ? .map(map) : nil
        }
    }

    private mutating func scalar(_ scalar: YAMLScalar, _ node: YAMLNode, of what: String) -> Value? {
        switch scalar.resolution {
        case .string: return .string(scalar.text)
        case .int(let number): return .int(number)
        case .bool(let truth): return .bool(truth)
        case .null:
            add(
                .unsupportedValue, at: node.range, "\(what) has no value",
                hint: "write \"\" for empty text, or leave the key out")
        case .float:
            add(
                .unsupportedValue, at: node.range, "\(scalar.text) is a fraction, and settings hold none",
                hint: "write \"\(scalar.text)\" in quotes for text, or count in a smaller unit")
        case .ambiguous(let ambiguity):
            add(.yamlAmbiguousScalar, at: node.range, "'\(scalar.text)': \(ambiguity.reason)", hint: ambiguity.hint)
        }
        return nil
    }
}

extension YAMLScalar {
    /// Whether this stands where nothing was written: `key:` and no more.
    var isMissing: Bool { style == .plain && text.isEmpty }
}

extension YAMLNode {
    /// What this is, with its article.
    var kindInWords: String {
        switch content {
        case .mapping: "a map"
        case .sequence: "a list"
        case .scalar(let scalar):
            if scalar.isMissing { "nothing" } else { scalar.resolution == .string ? "text" : "a single value" }
        }
    }

    /// The text of a scalar in quotes, or what this is.
    var textInWords: String {
        if case .scalar(let scalar) = content { "'\(scalar.text)'" } else { kindInWords }
    }

    fileprivate var quotedHint: String? {
        guard case .scalar(let scalar) = content else { return nil }
        return "write \"\(scalar.text)\" in quotes"
    }
}

extension ClosedRange<Int> {
    /// What to write, where a number is not among these.
    fileprivate var inWords: String {
        if lowerBound == upperBound { return "use \(lowerBound)" }
        if upperBound == .max { return "use a whole number, \(lowerBound) or more" }
        return "use a whole number from \(lowerBound) to \(upperBound)"
    }
}

extension ValueType {
    /// This type with its article, for messages.
    public var inWords: String {
        switch self {
        case .string: "text"
        case .int: "a whole number"
        case .bool: "true or false"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
