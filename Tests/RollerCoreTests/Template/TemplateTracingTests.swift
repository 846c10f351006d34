import OrderedCollections
import RollerCore
import Testing

/// Where each part of a text comes from.
struct TemplateTracingTests {
    static let template = "user www;\n{{! who }}\n{{#up}}\nserver {{name}}:{{port}};\n{{/up}}\nend {{x}}"
    static let values: OrderedDictionary<String, Value> = [
        "port": .int(80), "x": .string(""),
        "up": .list([.map(["name": .string("a")]), .map(["name": .string("b\nb"), "port": .int(81)])]),
    ]

    private func trace(_ spans: [Rendering.Span], in text: String) -> [String] {
        spans.map { span in
            let part = String(decoding: Array(text.utf8)[span.range], as: UTF8.self)
            return "\(span.origin)+\(span.origin.length) \(span.setting ?? "-") \(part.debugDescription)"
        }
    }

    private func render() throws -> Rendering {
        try Template.parse(Self.template, file: "t").get().render(.map(Self.values)).get()
    }

    @Test func namesLineColumnAndSettingOfEveryPart() throws {
        let rendering = try render()
        #expect(
            trace(rendering.spans, in: rendering.text) == [
                #"t:1:1+10 - "user www;\n""#,
                #"t:4:1+7 - "server ""#, #"t:4:8+8 up[0].name "a""#, #"t:4:16+1 - ":""#, #"t:4:17+8 port "80""#,
                #"t:4:25+2 - ";\n""#,
                #"t:4:1+7 - "server ""#, #"t:4:8+8 up[1].name "b\nb""#, #"t:4:16+1 - ":""#,
                #"t:4:17+8 up[1].port "81""#,
                #"t:4:25+2 - ";\n""#,
                #"t:6:1+4 - "end ""#, #"t:6:5+5 x """#,
            ])
    }

    static let lines: [(line: Int, parts: [String])] = [
        (0, []),
        (1, [#"t:1:1+10 - "user www;\n""#]),
        (3, [#"t:4:1+7 - "server ""#, #"t:4:8+8 up[1].name "b\n""#]),
        (4, [#"t:4:8+8 up[1].name "b""#, #"t:4:16+1 - ":""#, #"t:4:17+8 up[1].port "81""#, #"t:4:25+2 - ";\n""#]),
        (5, [#"t:6:1+4 - "end ""#, #"t:6:5+5 x """#]),
        (6, []),
    ]

    @Test(arguments: lines) func tellsTheOriginOfOneLine(_ line: Int, _ parts: [String]) throws {
        let rendering = try render()
        #expect(trace(rendering.origin(ofLine: line), in: rendering.text) == parts)
    }

    static let paths: [(template: String, path: String)] = [
        ("{{m.k}}", "m.k"),
        ("{{#m}}{{k}}{{/m}}", "m.k"),
        ("{{#m}}{{s}}{{/m}}", "s"),
        ("{{#m}}{{#.}}{{#k}}{{.}}{{/k}}{{/.}}{{/m}}", "m.k"),
        ("{{#l}}{{#.}}{{.}}{{/.}}{{/l}}", "l[0][0]"),
        ("{{#l}}{{#.}}{{#m.k}}{{.}}{{/m.k}}{{/.}}{{/l}}", "m.k"),
        ("{{#on}}{{#m}}{{#on}}{{k}}{{/on}}{{/m}}{{/on}}", "m.k"),
    ]

    @Test(arguments: paths) func writesThePathToAValue(_ template: String, _ path: String) throws {
        let values: OrderedDictionary<String, Value> = [
            "m": .map(["k": .int(1)]), "s": .int(2), "l": .list([.list([.int(3)])]), "on": .bool(true),
        ]
        let rendering = try Template.parse(template, file: "t").get().render(.map(values)).get()
        #expect(rendering.spans.map(\.setting) == [path])
    }

    @Test(arguments: TemplateRenderingTests.values + TemplateRenderingTests.sections + TemplateRenderingTests.lines)
    func coversTheTextWithoutGapOrOverlap(_ row: TemplateRenderingTests.Row) throws {
        let rendering = try Template.parse(row.template, file: "t").get().render(.map(row.values)).get()
        expectSoundSpans(rendering, of: row.template)
    }
}

/// Spans cover the text exactly; literal ones stand in the template where they say, on one line.
func expectSoundSpans(
    _ rendering: Rendering, of template: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
    let bytes = Array(rendering.text.utf8)
    let lines = Array(template.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var end = 0
    for span in rendering.spans {
        #expect(span.range.lowerBound == end, sourceLocation: sourceLocation)
        end = span.range.upperBound
        guard span.setting == nil else { continue }
        var text = bytes[span.range]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        let line = String(decoding: lines[span.origin.line - 1], as: UTF8.self).unicodeScalars
        let rest = String(String.UnicodeScalarView(line.dropFirst(span.origin.column - 1)))
        #expect(rest.utf8.starts(with: text), sourceLocation: sourceLocation)
    }
    #expect(end == bytes.count, sourceLocation: sourceLocation)
    var number = 1
    var joined: [UInt8] = []
    while true {
        let parts = rendering.origin(ofLine: number)
        if parts.isEmpty { break }
        for part in parts { joined += bytes[part.range] }
        number += 1
    }
    #expect(joined == bytes, sourceLocation: sourceLocation)
}
