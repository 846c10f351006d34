import OrderedCollections
import RollerCore
import Testing

/// What templates come to, row by row: `(template, values, text)`.
struct TemplateRenderingTests {
    typealias Row = (template: String, values: OrderedDictionary<String, Value>, text: String)

    static let values: [Row] = [
        ("", [:], ""),
        ("no tags, {single} braces } and { ends\n", [:], "no tags, {single} braces } and { ends\n"),
        ("listen {{port}};", ["port": .int(8080)], "listen 8080;"),
        ("{{a}}{{b}}", ["a": .string("x"), "b": .string("y")], "xy"),
        ("{{n}}", ["n": .int(.min)], "-9223372036854775808"),
        ("{{on}} {{off}}", ["on": .bool(true), "off": .bool(false)], "true false"),
        ("<{{empty}}>", ["empty": .string("")], "<>"),
        ("{{x}} {{{x}}} {{&x}}", ["x": .string("<&>\"'")], "<&>\"' <&>\"' <&>\"'"),
        ("{{ x }}|{{\tx\t}}|{{{ x }}}|{{& x }}", ["x": .int(1)], "1|1|1|1"),
        ("{{x}}", ["x": .string("{{y}} {{#z}}")], "{{y}} {{#z}}"),
        ("{{x}}}", ["x": .int(1)], "1}"),
        ("{{{x}}}}", ["x": .int(1)], "1}"),
        ("server { {{x}} }", ["x": .int(1)], "server { 1 }"),
        ("{{log-level}} {{log_level}} {{9}}", ["log-level": .int(1), "log_level": .int(2), "9": .int(3)], "1 2 3"),
        ("é{{x}}日本", ["x": .string("ü")], "éü日本"),
        ("  {{x}}\n", ["x": .string("-")], "  -\n"),
        ("{{x}}\n", ["x": .string("two\nlines")], "two\nlines\n"),
        ("{{tls.port}}", ["tls": .map(["port": .int(443)])], "443"),
        ("{{a.b.c}}", ["a": .map(["b": .map(["c": .string("deep")])])], "deep"),
        ("{{a.b}}", ["a.b": .string("one key"), "a": .map(["b": .string("two names")])], "two names"),
    ]

    static let sections: [Row] = [
        ("{{#on}}yes{{/on}}{{^on}}no{{/on}}", ["on": .bool(true)], "yes"),
        ("{{#on}}yes{{/on}}{{^on}}no{{/on}}", ["on": .bool(false)], "no"),
        ("{{#l}}yes{{/l}}{{^l}}no{{/l}}", ["l": .list([])], "no"),
        ("{{#l}}yes{{/l}}{{^l}}no{{/l}}", ["l": .list([.bool(false)])], "yes"),
        ("{{#s}}{{.}}{{/s}}{{^s}}none{{/s}}", ["s": .string("proxy:3128")], "proxy:3128"),
        ("{{#s}}{{.}}{{/s}}{{^s}}none{{/s}}", ["s": .string("")], "none"),
        ("{{#s}}on{{/s}}", ["s": .string("false")], "on"),
        ("{{#n}}{{.}}{{/n}}{{^n}}none{{/n}}", ["n": .int(0)], "0"),
        ("{{#m}}on{{/m}}{{^m}}off{{/m}}", ["m": .map([:])], "on"),
        ("{{#l}}{{.}};{{/l}}", ["l": .list([.int(1), .string("b"), .bool(false)])], "1;b;false;"),
        ("{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", ["l": .list([.list([.int(1), .int(2)]), .list([.int(3)])])], "(12)(3)"),
        ("{{#l}}{{#.}}+{{/.}}{{^.}}-{{/.}}{{/l}}", ["l": .list([.bool(true), .bool(false)])], "+-"),
        ("{{#l}}{{name}}={{w}} {{/l}}", ["w": .int(9), "l": .list([.map(["name": .string("a")])])], "a=9 "),
        ("{{#l}}{{w}}{{/l}}{{w}}", ["w": .int(1), "l": .list([.map(["w": .int(2)]), .map([:])])], "211"),
        ("{{#m}}{{a}}{{/m}}", ["m": .map(["a": .int(1)]), "a": .int(2)], "1"),
        ("{{#m}}{{m.a}}{{/m}}", ["m": .map(["a": .int(1)])], "1"),
        ("{{#a}}{{b.c}}{{/a}}", ["a": .map(["b": .map(["c": .int(1)])]), "b": .map(["c": .int(2)])], "1"),
        ("{{#a.b}}{{.}}{{/a.b}}", ["a": .map(["b": .list([.int(1), .int(2)])])], "12"),
        ("{{^a.b}}off{{/a.b}}", ["a": .map(["b": .bool(false)])], "off"),
        ("{{#on}}{{#on}}{{x}}{{/on}}{{/on}}", ["on": .bool(true), "x": .int(1)], "1"),
        ("{{#l}}{{#on}}{{.}}{{/on}}{{/l}}", ["on": .bool(true), "l": .list([.int(1), .int(2)])], "12"),
        ("{{#l}}{{#l}}{{.}}{{/l}} {{/l}}", ["l": .list([.int(1), .int(2)])], "12 12 "),
        ("{{# on }}x{{/ on }}", ["on": .bool(true)], "x"),
        ("{{#off}}{{nowhere}}{{#nor.this}}{{/nor.this}}{{/off}}", ["off": .bool(false)], ""),
        ("{{#l}}{{nowhere}}{{/l}}", ["l": .list([])], ""),
    ]

    static let lines: [Row] = [
        ("a\n{{#on}}\nb\n{{/on}}\nc\n", ["on": .bool(true)], "a\nb\nc\n"),
        ("a\n{{#on}}\nb\n{{/on}}\nc\n", ["on": .bool(false)], "a\nc\n"),
        ("a\n{{^on}}\nb\n{{/on}}\nc\n", ["on": .bool(false)], "a\nb\nc\n"),
        ("a\n  {{#on}}  \n  b\n\t{{/on}}\t\nc", ["on": .bool(true)], "a\n  b\nc"),
        ("a\r\n{{#on}}\r\nb\r\n  {{/on}} \r\nc\r\n", ["on": .bool(true)], "a\r\nb\r\nc\r\n"),
        ("  {{#on}}\nb{{/on}}\nc", ["on": .bool(true)], "b\nc"),
        ("b{{#on}}\nc\n  {{/on}}", ["on": .bool(true)], "b\nc\n"),
        (" {{#on}}x{{/on}}\n", ["on": .bool(true)], " x\n"),
        (" {{#on}} {{/on}}\n", ["on": .bool(true)], "  \n"),
        ("{{#on}}{{/on}}\n", ["on": .bool(true)], "\n"),
        ("x {{#on}}\n{{/on}}\n", ["on": .bool(true)], "x \n"),
        ("{{#on}} x\n{{/on}}\n", ["on": .bool(true)], " x\n"),
        ("{{#on}}\r{{/on}}", ["on": .bool(true)], "\r"),
        ("{{#l}}\n- {{.}}\n{{/l}}\n", ["l": .list([.int(1), .int(2)])], "- 1\n- 2\n"),
        ("{{#l}}\n\n{{/l}}\n", ["l": .list([.int(1), .int(2)])], "\n\n"),
    ]

    static let comments: [Row] = [
        ("1{{! gone }}2", [:], "12"),
        ("1 {{!}} 2", [:], "1  2"),
        ("a\n{{! gone }}\nb\n", [:], "a\nb\n"),
        ("a\n  {{! gone\n over {{two lines\n  }}  \nb\n", [:], "a\nb\n"),
        ("a\r\n{{! gone }}\r\nb", [:], "a\r\nb"),
        ("  {{! gone }}", [:], ""),
        ("a {{! stays a line }}\nb", [:], "a \nb"),
        ("{{! one }} {{! two }}\n", [:], " \n"),
        ("{{!\n}}{{! not alone }}\n", [:], "\n"),
        ("{{!x}}{{x}}", ["x": .int(1)], "1"),
    ]

    static let delimiters: [Row] = [
        ("{{=<% %>=}}<%x%> {{x}}", ["x": .int(1)], "1 {{x}}"),
        ("{{=[ ]=}}[x]", ["x": .int(1)], "1"),
        ("{{=| |=}}|#on||x||/on|", ["on": .bool(true), "x": .int(1)], "1"),
        ("{{= @   @ =}}@x@", ["x": .int(1)], "1"),
        ("a\n {{=@ @=}} \nb", [:], "a\nb"),
        ("a\r\n{{=@ @=}}\r\nb", [:], "a\r\nb"),
        (" {{=@ @=}}x\n", [:], " x\n"),
        ("{{=<% %>=}}<%={{ }}=%>{{x}}", ["x": .int(1)], "1"),
        ("{{#on}}{{=<% %>=}}<%/on%><%x%>", ["on": .bool(true), "x": .int(1)], "1"),
        ("{{=<% %>=}}<%{x}%><%&x%><%! gone %>", ["x": .int(1)], "11"),
        ("{{=« »=}}«x»", ["x": .int(1)], "1"),
        ("{{=<% %>=}}{{ $labels.instance }}: <%x%>", ["x": .int(1)], "{{ $labels.instance }}: 1"),
    ]

    @Test(arguments: values) func writesValues(_ row: Row) { check(row) }
    @Test(arguments: sections) func choosesAndRepeatsSections(_ row: Row) { check(row) }
    @Test(arguments: lines) func dropsLinesThatHoldASectionTagAlone(_ row: Row) { check(row) }
    @Test(arguments: comments) func leavesCommentsOut(_ row: Row) { check(row) }
    @Test(arguments: delimiters) func changesDelimiters(_ row: Row) { check(row) }

    private func check(_ row: Row) { #expect(templateOutcome(row.template, row.values) == .text(row.text)) }

    @Test func escapesForPagesOnlyWhereAskedTo() {
        let text = templateOutcome("{{x}} {{{x}}} {{&x}} <", ["x": .string("<a href=\"'&'\">é")], escaping: .html)
        let verbatim = "<a href=\"'&'\">é"
        #expect(text == .text("&lt;a href=&quot;&#39;&amp;&#39;&quot;&gt;é \(verbatim) \(verbatim) <"))
    }

    @Test func listsTheNamesThatTagsMention() throws {
        let text = "{{a}}\n{{#b.c}}{{.}} {{{ d }}}{{/b.c}}\n{{^e}}{{/e}}{{! f }}"
        let names = try Template.parse(text, file: "t").get().names
        #expect(
            names.map { "\($0.name) \($0.location)+\($0.location.length)" } == [
                "a t:1:1+5", "b.c t:2:1+8", "d t:2:15+9", "e t:3:1+6",
            ])
    }

    @Test func countsPlacesFromWhereATextStandsInItsFile() {
        let start = SourceLocation(file: "hostclasses/web.yml", line: 7, column: 20)
        guard case .failure(let errors) = Template.parse("http://{{a b}}\n{{}}", at: start) else {
            Issue.record("parsed")
            return
        }
        #expect(
            errors.diagnostics.map(\.location.description) == ["hostclasses/web.yml:7:30", "hostclasses/web.yml:8:1"])
    }
}
