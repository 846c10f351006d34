import Testing
import YAMLDocument

/// What is refused, where, and as what.
@Suite struct RefusalTests {
    /// A text, and its findings as `line:column kind`.
    struct Refusal: CustomTestStringConvertible, Sendable {
        let text: String
        let findings: [String]
        init(_ text: String, _ findings: String...) {
            self.text = text
            self.findings = findings
        }
        var testDescription: String { text.debugDescription }
    }

    static let structure: [Refusal] = [
        Refusal("", "1:1 empty"), Refusal("# nothing\n", "1:1 empty"), Refusal("---\n...\n", "1:1 empty"),
        Refusal("a: 1\n---\nb: 2\n", "2:1 severalDocuments"), Refusal("a: 1\n---\n", "2:1 severalDocuments"),
        Refusal("%YAML 1.2\n---\na: 1\n", "1:1 directive"), Refusal("%TAG ! x:\n---\na: 1\n", "1:1 directive"),
        Refusal("%NEW\n---\na: 1\n", "1:1 directive"), Refusal("%YAML 3.0\n---\na: 1\n", "1:1 directive"),
        Refusal("a: 1\nb: 2\na: 3\n\"b\": 4\n", "3:1 duplicateKey", "4:1 duplicateKey"),
        Refusal("{a: 1, x: {a: 2}, a: 3}", "1:19 duplicateKey"),
        Refusal("a: &x {b: c}\nd:\n  <<: *x\n", "3:3 mergeKey"),
        Refusal("<<: {a: 1}\n<<: {b: 1}\n", "1:1 mergeKey", "2:1 mergeKey"),
        Refusal("[a]: b\n{c: d}: e\n", "1:1 nonScalarKey", "2:1 nonScalarKey"),
        Refusal("port: {{port}}\n", "1:8 nonScalarKey"), Refusal("a: &x b\n*x : c\n", "2:1 nonScalarKey"),
        Refusal("a: !!str 1\nb: !mine [c]\nc: ! d\n", "1:4 explicitTag", "2:4 explicitTag", "3:4 explicitTag"),
        Refusal("a: !e!x b\n", "1:4 explicitTag"), Refusal("a: !<x\n", "1:4 explicitTag"),
        Refusal("a: *x\nb: *y\n", "1:4 unknownAlias", "2:4 unknownAlias"),
        Refusal("a: *x\nb: &x c\n", "1:4 unknownAlias"),
        Refusal("a: &x [b, *x]\n", "1:11 recursiveAlias"), Refusal("&x a: {b: &y {c: *y}}", "1:18 recursiveAlias"),
        Refusal("a: &x 1\nb: &x 2\n", "2:4 duplicateAnchor"),
    ]

    static let keys: [Refusal] = [
        "no", "Yes", "y", "ON", "true", "False", "~", "null", "1.10", ".5", ".inf", "0644", "0o17", "0x1F", "+1", "-0",
        "1_000", "1:30", "1e3", "2026-11-22", "=", "12345678901234567890",
    ].map { Refusal("\($0): x\n", "1:1 ambiguousKey") }

    static let characters: [Refusal] = [
        Refusal("a: b\n\tc: d\n", "2:1 tab"), Refusal("a:\n  b: c\n  \td: e\n", "3:3 tab"),
        Refusal("a:\tb\n", "1:3 tab"),
        Refusal("a: b\tc\n", "1:5 tab"), Refusal("a: b\t# c\n", "1:5 tab"),
        Refusal("a: [\tb,\n\tc]\n", "1:5 tab", "2:1 tab"),
        Refusal("a: |\t# c\n  b\n", "1:5 tab"), Refusal("a: |\n\tb\n", "2:1 tab"),
        Refusal("é: '\t'\t# b\tc\n", "1:7 tab"), Refusal("a: 1\n\t\nb: 2\n", "2:1 tab"),
        Refusal("a: 1\r\nb: 2\r\n", "1:5 carriageReturn"), Refusal("é: 1\nb: 2\rc: 3", "2:5 carriageReturn"),
        Refusal("a: 1\r\nb: \u{202E}\r\n", "1:5 carriageReturn", "2:4 controlCharacter"),
        Refusal("\u{FEFF}a: 1\n", "1:1 byteOrderMark"), Refusal("a: \u{FEFF}1\n", "1:4 controlCharacter"),
        Refusal("a: 漢\u{0}\n", "1:5 controlCharacter"), Refusal("a: \"\\0\"\n", "1:4 controlCharacter"),
        Refusal("a: \u{1B}[0m\u{7}\n", "1:4 controlCharacter", "1:8 controlCharacter"),
        Refusal("a: \u{7F}\u{9F}", "1:4 controlCharacter", "1:5 controlCharacter"),
        Refusal("a: x\u{85}b\u{2028}c\u{2029}", "1:5 controlCharacter", "1:7 controlCharacter", "1:9 controlCharacter"),
        Refusal(
            "a: \u{202A}\n# \u{202E}\nb: '\u{2066}'\nc: \u{2069}\n",
            "1:4 controlCharacter", "2:3 controlCharacter", "3:5 controlCharacter", "4:4 controlCharacter"),
    ]

    @Test(arguments: structure + keys + characters)
    func refuses(_ refusal: Refusal) {
        #expect(findings(YAMLDocument.parse(refusal.text)) == refusal.findings)
    }

    @Test(arguments: [
        ([0x61, 0x0A, 0xC3, 0xA9, 0xFF], "2:2 invalidUTF8"),  // no lead byte
        ([0x61, 0xC0, 0x80], "1:2 invalidUTF8"),  // overlong NUL
        ([0xE0, 0x9F, 0xBF], "1:1 invalidUTF8"),  // overlong
        ([0xED, 0xA0, 0x80], "1:1 invalidUTF8"),  // surrogate
        ([0xF4, 0x90, 0x80, 0x80], "1:1 invalidUTF8"),  // above U+10FFFF
        ([0x61, 0x3A, 0x20, 0xE6, 0xBC], "1:4 invalidUTF8"),  // cut short
        ([0x66, 0xFC, 0x72], "1:2 invalidUTF8"),  // Latin-1
        ([0xFF, 0xFE, 0x61, 0x00], "1:1 byteOrderMark"),  // UTF-16
        ([0xFE, 0xFF, 0x00, 0x61], "1:1 byteOrderMark"),
    ])
    func refusesBytesThatAreNoUTF8(_ bytes: [UInt8], _ expected: String) {
        let parse = YAMLDocument.parse(bytes)
        #expect(findings(parse) == [expected])
        #expect(parse.root == nil)
    }

    @Test func onePassShowsEveryMistake() {
        let text = "a: !t 1\r\nno: 2\r\na: *x\r\nb: \"\\0\"\r\n[c]: 3\tx\r\n"
        let kinds = YAMLDocument.parse(text).problems.map(\.kind)
        #expect(
            kinds == [
                .explicitTag, .carriageReturn, .ambiguousKey, .duplicateKey, .unknownAlias, .controlCharacter,
                .nonScalarKey, .tab,
            ])
    }

    @Test func readingGoesOnBehindAMistakeThatIsNoSyntax() {
        let root = YAMLDocument.parse("a: 1\na: 2\n<<: x\n[c]: y\nno: z\nlast: *x\n").root
        #expect(root?.mapping?.map(\.key.text) == ["a", "no", "last"])
        #expect(root?["a"]?.text == "1")
        #expect(root?["last"]?.scalar?.resolution == .null)
    }

    @Test func noMessageCanSteerATerminal() {
        let text = "\"\\e[31m\\u202e\\n\": 1\n\"\\e[31m\\u202e\\n\": 2\n"
        let message = YAMLDocument.parse(text).problems.first?.message
        #expect(message == "the key '\\u{001B}[31m\\u{202E}\\n' is already used in this mapping")
    }

    private func findings(_ parse: YAMLParse) -> [String] {
        parse.problems.map { "\($0.range.start.line):\($0.range.start.column) \($0.kind)" }
    }
}
