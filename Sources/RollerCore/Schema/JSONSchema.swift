internal import OrderedCollections

/// Descriptions of the repository's files for editors (json-schema.org, draft 2020-12). They know the shape of one file;
/// what files say of each other, only lint knows.
public enum JSONSchema {
    /// The schema of one kind of file.
    public static func schema(of kind: RepoFileKind) -> Value {
        var schema: OrderedDictionary<String, Value> = [
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"), "title": .string(kind.glob),
            "description": .string(kind.summary),
        ]
        schema.merge(fields(of: kind.keys)) { old, _ in old }
        schema["$defs"] = .map(["value": value])
        return .map(schema)
    }

    private static func fields(of table: KeyTable) -> OrderedDictionary<String, Value> {
        let properties = table.keys.map { key in
            var fields = self.fields(of: key.shape)
            fields["description"] = .string(key.summary)
            return (key.name, Value.map(fields))
        }
        var fields: OrderedDictionary<String, Value> = [
            "type": .string("object"), "properties": .map(OrderedDictionary(uniqueKeysWithValues: properties)),
            "patternProperties": .map(["^x-": .bool(true)]), "additionalProperties": .bool(false),
        ]
        if !table.required.isEmpty { fields["required"] = .list(table.required.map(Value.string)) }
        if !table.oneOf.isEmpty {
            fields["anyOf"] = .list(table.oneOf.map { .map(["required": .list([.string($0)])]) })
        }
        return fields
    }

    private static func fields(of shape: KeyTable.Shape) -> OrderedDictionary<String, Value> {
        switch shape {
        case .text(let pattern):
            return ["type": .string("string"), "pattern": .string(pattern.expression)]
        case .verbatim(let pattern):
            // A pattern is asked of text alone: a version that YAML takes for a number always matches.
            return [
                "type": .list([.string("string"), .string("number")]), "pattern": .string(pattern.expression),
            ]
        case .word(let words): return ["enum": .list(words.map(Value.string))]
        case .int(let range) where range.lowerBound == range.upperBound: return ["const": .int(range.lowerBound)]
        case .int(let range):
            var fields: OrderedDictionary<String, Value> = [
                "type": .string("integer"), "minimum": .int(range.lowerBound),
            ]
            if range.upperBound != .max { fields["maximum"] = .int(range.upperBound) }
            return fields
        case .value: return ["$ref": .string("#/$defs/value")]
        case .list(let item): return ["type": .string("array"), "items": .map(fields(of: item))]
        case .arguments:
            return [
                "type": .string("array"), "minItems": .int(1),
                "items": .map(["type": .list([.string("string"), .string("integer")])]),
            ]
        case .named(let pattern, let shape):
            return [
                "type": .string("object"),
                "patternProperties": .map(["^x-": .bool(true)]),
                "propertyNames": .map([
                    "anyOf": .list([
                        .map(["pattern": .string("^x-")]),
                        .map(["pattern": .string(pattern.expression), "description": .string("use \(pattern.rule)")]),
                    ])
                ]),
                "additionalProperties": .map(fields(of: shape)),
            ]
        case .map(let table): return fields(of: table)
        case .either(let one, let other):
            return ["anyOf": .list([.map(fields(of: one)), .map(fields(of: other))])]
        }
    }

    /// What a setting can hold: neither null nor fractions.
    private static var value: Value {
        let itself = Value.map(["$ref": .string("#/$defs/value")])
        return .map([
            "description": .string("Text, a whole number, true or false, a list or a map."),
            "anyOf": .list([
                .map(["type": .list(["string", "integer", "boolean"].map(Value.string))]),
                .map(["type": .string("array"), "items": itself]),
                .map(["type": .string("object"), "additionalProperties": itself]),
            ]),
        ])
    }
}
