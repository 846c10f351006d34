import OrderedCollections
import Testing
import YAMLDocument

@testable import RollerCore

/// What is written out is read back as the same value, by YAML and by JSON.
struct ValueTests {
    /// Text that some reader of YAML takes for something else, or that does not survive a careless writer.
    static let nasty = [
        "", " ", "no", "No", "NULL", "~", "0644", "1:30", "1e3", "6.10", "- a", "-", "#x", "a #b", "a: b", "a:", ":a",
        " a",
        "a ", "\t", "a\tb", "é", "e\u{301}", "\u{202e}txt", "\u{2028}", "\u{85}", "\u{feff}a", "\u{fffe}", "\u{10fffe}",
        "a\n", "\na", "a\n\n", "a\nb", "a\nb\n", "a \nb\n", " a\nb\n", "a\n\n b\n", "a\r\nb\r\n", "a\r", "---", "...",
        "--- a\n",
        "{{x}}", "{a}", "[a]", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a`", "'", "\"", "\\", "a'b\"c\\d", "?", "? a",
        "<<", "=",
        "y", "on", "true", "0x1F", "+1", "1_000", "2026-11-22", ".5", ".inf", "a\u{7f}", "\u{1b}[2J", "a\u{301}",
        String(repeating: "long ", count: 400), String(repeating: "x", count: 5000),
        "x" + String(repeating: "\nline", count: 300),
    ]

    @Test(arguments: nasty) func textSurvivesYAML(_ text: String) throws {
        try expectYAMLRoundTrip(.string(text))
        try expectYAMLRoundTrip(.list([.string(text), .string("a")]))
        try expectYAMLRoundTrip(.map(["key": .string(text), "last": .list([.list([.string(text)])])]))
        try expectYAMLRoundTrip(.map([text: .int(1), "k2": .map([text: .string(text)])]))
    }

    @Test func generatedValuesSurviveYAML() throws {
        var generator = TemplateSeededGenerator(seed: 11)
        for _ in 0..<400 { try expectYAMLRoundTrip(Self.value(depth: 4, &generator)) }
    }

    @Test func generatedValuesSurviveJSON() throws {
        var generator = TemplateSeededGenerator(seed: 12)
        for round in 0..<400 {
            let value = Self.value(depth: 4, &generator)
            for pretty in [false, true] {
                let read = try readJSON(value.json(pretty: pretty), as: Value.self)
                #expect(read == value.sorted, "round \(round)")
            }
            #expect(canonicalJSON(value) == canonicalJSON(value))
            #expect(try readJSON(canonicalJSON(value), as: Value.self) == value.sorted)
            #expect(canonicalJSON(value.sorted) == canonicalJSON(value), "the order of keys is not part of it")
        }
    }

    @Test func numbersAreWholeAndFit() throws {
        for number in [0, -1, Int.max, Int.min] {
            try expectYAMLRoundTrip(.int(number))
            #expect(try readJSON(Value.int(number).json(), as: Value.self) == .int(number))
        }
        for json in ["1.5", "null", "[null]", "9223372036854775808", "{\"a\": 1e300}"] {
            #expect(throws: DecodingError.self, "\(json)") { try readJSON(Array(json.utf8), as: Value.self) }
        }
    }

    @Test func emptyCollectionsKeepTheirKind() throws {
        for value in [
            Value.list([]), .map([:]), .map(["a": .list([]), "b": .map([:])]), .list([.list([]), .map([:])]),
        ] {
            try expectYAMLRoundTrip(value)
            #expect(try readJSON(value.json(), as: Value.self) == value)
        }
    }

    @Test func yamlReadsAsAPersonWouldWriteIt() {
        let value = Value.map([
            "workers": .int(8), "name": .string("web"), "quoted": .string("no"),
            "ntp": .list([.string("10.1.0.1"), .string("ntp.example.com")]),
            "tls": .map(["on": .bool(true), "pem": .string("a\nb\n")]),
            "peers": .list([.map(["host": .string("a"), "port": .int(1)])]),
        ])
        #expect(
            value.yaml == """
                workers: 8
                name: web
                quoted: "no"
                ntp:
                - "10.1.0.1"
                - ntp.example.com
                tls:
                  "on": true
                  pem: |
                    a
                    b
                peers:
                - host: a
                  port: 1

                """)
    }

    private func expectYAMLRoundTrip(_ value: Value, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        let yaml = value.yaml
        var reader = FileReader(file: "f")
        let node = reader.parse(Array(yaml.utf8))
        let read = node.flatMap { reader.value($0, of: "it") }
        #expect(reader.findings.isEmpty, "\(yaml)", sourceLocation: sourceLocation)
        #expect(read?.hasSameBytes(as: value) == true, "\(yaml)", sourceLocation: sourceLocation)
    }

    /// A value of some depth, with text from the list above and soup.
    static func value(depth: Int, _ generator: inout TemplateSeededGenerator) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 3), using: &generator) {
        case 0: .string(text(&generator))
        case 1: .int(Bool.random(using: &generator) ? Int.random(in: -9...9999, using: &generator) : .min)
        case 2: .bool(Bool.random(using: &generator))
        case 3, 4:
            .list((0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth - 1, &generator) })
        default:
            .map(
                OrderedDictionary(
                    (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                        (text(&generator), value(depth: depth - 1, &generator))
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }

    static func text(_ generator: inout TemplateSeededGenerator) -> String {
        if Bool.random(using: &generator) { return nasty[Int.random(in: 0..<nasty.count, using: &generator)] }
        let soup = Array(" \n-:#ab\"'{}[]&*!|>%?,é\u{301}\u{200b}\t0".unicodeScalars)
        return String(
            String.UnicodeScalarView(
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                    soup[Int.random(in: 0..<soup.count, using: &generator)]
                }))
    }
}

extension Value {
    /// Equality of Swift's text takes é and e with an accent for the same; a file on a disk does not.
    func hasSameBytes(as other: Value) -> Bool { json() == other.json() }

    /// With the keys of every map in order, as JSON gives them back.
    var sorted: Value {
        switch self {
        case .map(let entries):
            .map(
                OrderedDictionary(
                    uniqueKeysWithValues: entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted) }))
        case .list(let items): .list(items.map(\.sorted))
        case .string, .int, .bool: self
        }
    }
}
