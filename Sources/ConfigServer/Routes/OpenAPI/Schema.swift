internal import OrderedCollections
internal import RollerCore

/// A JSON Schema, as OpenAPI 3.1 takes it, as far as the answers of this server need one.
struct Schema: Sendable {
    /// As it is written.
    let value: Value

    init(_ value: Value) { self.value = value }

    private init(type: String, _ more: [(String, Value)] = []) {
        value = .entries([("type", .string(type))] + more)
    }

    static let text = Schema(type: "string")
    static let bool = Schema(type: "boolean")
    /// A whole number, none below zero.
    static let count = Schema(type: "integer", [("minimum", .int(0))])
    /// A map of anything.
    static let map = Schema(type: "object")
    /// Anything at all.
    static let any = Schema(.entries([]))
    /// `sha256:` and 64 digits.
    static let digest = text("^sha256:[0-9a-f]{64}$")
    /// A commit.
    static let revision = text("^[0-9a-f]{40}$")

    /// Text that matches a regular expression.
    static func text(_ pattern: String) -> Schema { Schema(type: "string", [("pattern", .string(pattern))]) }

    /// One of these words.
    static func word(_ words: [String]) -> Schema {
        Schema(type: "string", [("enum", .list(words.map(Value.string)))])
    }

    /// A whole number within bounds.
    static func int(_ range: ClosedRange<Int>) -> Schema {
        Schema(type: "integer", [("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound))])
    }

    /// A list.
    static func list(_ items: Schema) -> Schema { Schema(type: "array", [("items", items.value)]) }

    /// A map with these keys; those whose name ends in a question mark may be missing.
    static func object(_ properties: [(String, Schema)]) -> Schema {
        let required = properties.map(\.0).filter { !$0.hasSuffix("?") }
        let named = properties.map { name, schema in
            (name.hasSuffix("?") ? String(name.dropLast()) : name, schema.value)
        }
        return Schema(
            type: "object", [("properties", .entries(named)), ("required", .list(required.map(Value.string)))])
    }

    /// A map from names to values of one kind.
    static func named(_ values: Schema) -> Schema { Schema(type: "object", [("additionalProperties", values.value)]) }

    /// One that is written once for all, by name.
    static func reference(_ name: String) -> Schema {
        Schema(.entries([("$ref", .string("#/components/schemas/\(name)"))]))
    }
}

extension Schema {
    /// The schemas that several answers share, by name.
    static let shared: [(String, Schema)] = [
        (
            "Error",
            object([
                ("kind", text), ("value", text), ("message", text), ("hint?", text),
                ("findings?", list(reference("Finding"))),
            ])
        ),
        (
            "Finding",
            object([
                ("code", text), ("severity", text), ("file", text), ("line", count), ("column", count),
                ("message", text), ("hint?", text),
            ])
        ),
        ("HostSummary", object([("name", text), ("release", text), ("datacenter", text)])),
        (
            "Host",
            object([
                ("hostclass", text), ("datacenter", text), ("platform?", text), ("settings?", map),
                ("access?", reference("Access")),
            ])
        ),
        ("Access", object([("login?", list(text)), ("sudo?", list(text))])),
        (
            "Hostclass",
            object([
                // In the file as it is, YAML's own readers may take a version for a number; Roller takes it as it is written.
                ("packages?", map), ("settings?", map), ("required?", named(text)), ("services?", map),
                ("keep?", list(text)), ("modes?", named(text)), ("access?", reference("Access")),
                ("downtime-budget?", text),
            ])
        ),
        ("Datacenter", object([("platform?", text), ("config-servers?", list(text)), ("settings?", map)])),
        ("NameAndHosts", object([("name", text), ("hosts", count)])),
        (
            "Origin",
            object([
                ("level", word(["hostclass", "datacenter", "host"])), ("file", text), ("line", count),
                ("revision", revision),
            ])
        ),
        (
            "Place",
            object([
                ("role", text), ("release?", text), ("file", text), ("line?", count), ("column?", count),
                ("detail?", text), ("hosts?", count),
            ])
        ),
        (
            "HostUsers",
            object([
                ("format", int(1...1)), ("host", text),
                (
                    "users",
                    list(
                        object([
                            ("name", text), ("uid", count), ("full-name?", text), ("shell?", text),
                            ("keys", list(text)),
                            ("groups", list(text)), ("sudo", bool), ("home?", digest),
                        ]))
                ), ("groups", list(object([("name", text), ("gid", count)]))),
                ("access", object([("login", list(text)), ("sudo", list(text))])),
                ("protected-accounts", list(text)), ("removals-per-host", count),
            ])
        ),
        ("Diff", object([("from", text), ("to", text), ("diff", map)])),
        (
            "RangeDiff",
            object([
                ("from", revision), ("to", revision), ("hosts", count), ("changed", count),
                (
                    "groups",
                    list(object([("count", count), ("hosts", list(text)), ("example", text), ("diff", map)]))
                ), ("unreleased", list(text)), ("ungrouped?", list(text)), ("impact", map),
            ])
        ),
        ("Standing", object([("ready", bool), ("revision?", revision), ("age?", count), ("refused?", map)])),
        ("Published", object([("package", text), ("digest", digest)])),
        ("HostName", Parameter.host.schema), ("Receipt", receipt),
    ]
}
