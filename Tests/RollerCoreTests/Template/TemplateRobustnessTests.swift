import OrderedCollections
import RollerCore
import Testing

/// Hostile and broken templates: bounded work, no crash, sound answers.
struct TemplateRobustnessTests {
    /// Tags, halves of tags and text, so that most soups get past the first look.
    static let morsels = [
        "{{", "}}", "{{{", "}}}", "{{#", "{{^", "{{/", "{{!", "{{=", "=}}", "{{&", "{{>", "{", "}", "=", "#", "/", ".",
        "\n",
        "\r\n", " ", "\t", "\r", "é", "日", "\u{0}", "\u{FEFF}", "👩‍👧", "a", "b", "s", "<% %>", "<%", "%>", "| |", "|",
        "{{s}}", "{{n}}", "{{{s}}}", "{{#l}}", "{{/l}}", "{{.}}", "{{#m}}", "{{/m}}", "{{k}}", "{{^off}}", "{{/off}}",
        "{{! c }}", "{{=<% %>=}}", "<%={{ }}=%>", "<%s%>", "text ", "{{#on}}", "{{/on}}", "\n{{#on}}\n", "\n{{/on}}\n",
    ]
    static let values: OrderedDictionary<String, Value> = [
        "s": .string("two\nlines é"), "n": .int(-7), "a": .string(""), "on": .bool(true), "off": .bool(false),
        "l": .list([.int(1), .string("x"), .list([.bool(true)])]), "m": .map(["k": .string("v")]),
        "k": .string("outer"),
    ]

    @Test(arguments: 0..<8) func survivesSoup(_ seed: UInt64) {
        var random = TemplateSeededGenerator(seed: seed)
        for _ in 0..<1_500 {
            let parts = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                Self.morsels.randomElement(using: &random) ?? ""
            }
            check(parts.joined())
        }
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: .min ... .max, using: &random)
                    : Array("{}#/ n".utf8).randomElement(using: &random) ?? 0
            }
            check(String(decoding: bytes, as: UTF8.self))
        }
    }

    private func check(_ text: String) {
        switch Template.parse(text, file: "t") {
        case .failure(let errors): #expect(errors.diagnostics.hasErrors)
        case .success(let template):
            switch template.render(.map(Self.values)) {
            case .failure(let errors): #expect(errors.diagnostics.hasErrors)
            case .success(let rendering): expectSoundSpans(rendering, of: text)
            }
        }
    }

    @Test func takesSectionsUpToTheirGreatestDepthAndNoDeeper() {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#on}}", count: depth) + "x" + String(repeating: "{{/on}}", count: depth)
        }
        #expect(templateOutcome(nested(100), ["on": .bool(true)]) == .text("x"))
        #expect(
            templateOutcome(nested(101), ["on": .bool(true)])
                == .syntax(["1:701+7 RLR0601 '{{#on}}' stands in 100 other sections, and no more are read"]))
        #expect(templateFindings(nested(100_000)).count == 1)
    }

    /// Ten lists in one another, a thousand elements each: 10^30 repetitions.
    static func bomb(_ body: String) -> String {
        String(repeating: "{{#l}}", count: 10) + body + String(repeating: "{{/l}}", count: 10)
    }

    @Test(arguments: ["boom", "{{s}}", "{{^l}}x{{/l}}", ""]) func stopsNestedListsAtALimit(_ body: String) {
        let values: Value = .map(["l": .list(Array(repeating: .int(1), count: 1_000)), "s": .string("boom")])
        let limits = Template.Limits(outputBytes: 10_000, steps: 100_000)
        let isText = body == "boom" || body == "{{s}}"
        let message = isText ? "the text grew beyond 10000 bytes here" : "rendering stopped after 100000 tags and texts"
        #expect(templateFindings(Self.bomb(body), values, limits: limits).map(\.message) == [message])
    }

    @Test func takesATextUpToItsGreatestSize() throws {
        let template = try Template.parse("1234{{s}}", file: "t").get()
        let values: Value = .map(["s": .string("5678")])
        #expect(try template.render(values, limits: .init(outputBytes: 8, steps: 2)).get().text == "12345678")
        #expect(throws: TemplateErrors.self) {
            try template.render(values, limits: .init(outputBytes: 7, steps: 2)).get()
        }
        #expect(throws: TemplateErrors.self) {
            try template.render(values, limits: .init(outputBytes: 8, steps: 1)).get()
        }
    }

    @Test(arguments: ["{{}}", "{{x}}", "{{#", "{{/a}}", "{{#l}}{{x}}{{/l}}"])
    func reportsAThousandFindingsAndSaysThatThereAreMore(_ piece: String) {
        let text = String(repeating: piece + "\n", count: 5_000)
        let found = templateFindings(text, .map(["l": .list([.int(1), .int(2)])]))
        #expect(found.count == 1_001)
        #expect(
            found.filter { $0.severity == .note }.map(\.message) == ["more than 1000 findings; the rest is not shown"])
    }

    @Test func refusesNamesAndTemplatesBeyondTheirSize() {
        let name = String(repeating: "n", count: 256)
        #expect(
            templateFindings("{{\(name)}}").first?.message.hasSuffix("has 256 bytes, and at most 255 are read") == true)
        #expect(templateOutcome("{{\(name.dropLast())}}", [String(name.dropLast()): .int(1)]) == .text("1"))
        let large = String(repeating: "x", count: 16 << 20)
        #expect(templateFindings(large).isEmpty)
        #expect(templateFindings(large + "x").map(\.code) == [.templateSyntax])
    }

    /// Each would take hours if its cost grew with the square of its length.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "{{n}}", "{{! c }}", " {{!c}}", "{{#on}}{{/on}}", "{{=<% %>=}}<%={{ }}=%>", "{ ", "é{{n}} ",
        ])
    func takesTimeInProportionToLength(_ piece: String) {
        let text = String(repeating: " ", count: 200_000) + String(repeating: piece, count: 100_000)
        #expect(templateFindings(text, .map(["n": .int(1), "on": .bool(true)])).isEmpty)
    }
}
