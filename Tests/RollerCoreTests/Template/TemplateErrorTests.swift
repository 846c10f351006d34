import OrderedCollections
import RollerCore
import Testing

/// What is an error, where, and in which words.
struct TemplateErrorTests {
    static let syntax: [(template: String, findings: [String])] = [
        ("a\n  {{x\n}}", ["2:3+2 RLR0601 the tag is not closed by '}}' on its line"]),
        ("{{#x", ["1:1+3 RLR0601 the tag is not closed by '}}' on its line"]),
        ("{{", ["1:1+2 RLR0601 the tag is not closed by '}}' on its line"]),
        ("{{{x}}", ["1:1+3 RLR0601 the tag is not closed by '}}}' on its line"]),
        ("{{=<% %>}}", ["1:1+3 RLR0601 the tag is not closed by '=}}' on its line"]),
        ("a {{! never\nends", ["1:3+3 RLR0601 the comment is not closed by '}}'"]),
        ("{{}}", ["1:1+4 RLR0601 the tag '{{}}' holds no name"]),
        ("{{# }}", ["1:1+6 RLR0601 the tag '{{# }}' holds no name"]),
        ("é {{a b}}", ["1:6+1 RLR0601 the name 'a b' holds ' ', and names are made of A-Z a-z 0-9 _ - and dots"]),
        ("{{aé/}}", ["1:4+1 RLR0601 the name 'aé/' holds 'é', and names are made of A-Z a-z 0-9 _ - and dots"]),
        ("{{éa!}}", ["1:3+1 RLR0601 the name 'éa!' holds 'é', and names are made of A-Z a-z 0-9 _ - and dots"]),
        ("{{a\u{1}}}", ["1:4+1 RLR0601 the name 'a\u{1}' holds U+1, and names are made of A-Z a-z 0-9 _ - and dots"]),
        ("{{a..b}}", ["1:1+8 RLR0601 the name 'a..b' has nothing before, between or after its dots"]),
        ("{{.a}}", ["1:1+6 RLR0601 the name '.a' has nothing before, between or after its dots"]),
        ("{{#a}}x", ["1:1+6 RLR0601 the section '{{#a}}' is not closed"]),
        (
            "{{^a}}\n{{#b}}",
            ["1:1+6 RLR0601 the section '{{^a}}' is not closed", "2:1+6 RLR0601 the section '{{#b}}' is not closed"]
        ),
        ("x{{/a}}", ["1:2+6 RLR0601 '{{/a}}' closes a section, and none is open here"]),
        ("{{#a}}{{/b}}{{/a}}", ["1:7+6 RLR0601 '{{/b}}' closes 'b' while 'a' is open"]),
        ("{{#a}}{{#b}}{{/a}}", ["1:13+6 RLR0601 '{{/a}}' closes 'a' while 'b' is open"]),
        ("{{#a b}}{{/a}}", ["1:5+1 RLR0601 the name 'a b' holds ' ', and names are made of A-Z a-z 0-9 _ - and dots"]),
        (
            "{{>head}}",
            ["1:1+9 RLR0601 '{{>head}}' would take in another template, and Roller has no partials, parents or blocks"]
        ),
        (
            "{{<base}}",
            ["1:1+9 RLR0601 '{{<base}}' would take in another template, and Roller has no partials, parents or blocks"]
        ),
        (
            "{{$b}}",
            ["1:1+6 RLR0601 '{{$b}}' would take in another template, and Roller has no partials, parents or blocks"]
        ),
        ("{{=<% =}}", ["1:1+9 RLR0601 '{{=<% =}}' sets 1 delimiters instead of two"]),
        ("{{=a b c=}}", ["1:1+11 RLR0601 '{{=a b c=}}' sets 3 delimiters instead of two"]),
        ("{{== %=}}", ["1:1+9 RLR0601 '=' cannot be a delimiter"]),
        ("{{=<% %%%%%%%%%%%%%%%%%=}}", ["1:1+26 RLR0601 '%%%%%%%%%%%%%%%%%' cannot be a delimiter"]),
        (
            "{{}}\n{{a b}}\n{{x\n{{/y}}",
            [
                "1:1+4 RLR0601 the tag '{{}}' holds no name",
                "2:4+1 RLR0601 the name 'a b' holds ' ', and names are made of A-Z a-z 0-9 _ - and dots",
                "3:1+2 RLR0601 the tag is not closed by '}}' on its line",
                "4:1+6 RLR0601 '{{/y}}' closes a section, and none is open here",
            ]
        ),
    ]

    @Test(arguments: syntax) func reportsSyntax(_ template: String, _ findings: [String]) {
        #expect(templateOutcome(template) == .syntax(findings))
    }

    typealias Row = (template: String, values: OrderedDictionary<String, Value>, findings: [String])

    static let names: [Row] = [
        ("{{x}}", [:], ["1:1+5 RLR0602 'x' is not set"]),
        ("{{{x}}} {{&x}}", [:], ["1:1+7 RLR0602 'x' is not set", "1:9+6 RLR0602 'x' is not set"]),
        ("é\n  {{ wokers }};", ["workers": .int(4)], ["2:3+12 RLR0602 'wokers' is not set"]),
        ("{{a}} {{b}} {{c}}", ["b": .int(1)], ["1:1+5 RLR0602 'a' is not set", "1:13+5 RLR0602 'c' is not set"]),
        ("{{#x}}{{y}}{{/x}}", [:], ["1:1+6 RLR0602 'x' is not set"]),
        ("{{^x}}{{y}}{{/x}}", [:], ["1:1+6 RLR0602 'x' is not set"]),
        ("{{a.b}}", ["a.b": .int(1)], ["1:1+7 RLR0602 'a.b' is not set"]),
        ("{{a.b.c}}", ["a": .map(["b": .map([:])])], ["1:1+9 RLR0602 'a.b.c' is not set: 'a.b' has no 'c'"]),
        (
            "{{#a}}{{b.c}}{{/a}}", ["a": .map(["b": .map([:])]), "b": .map(["c": .int(2)])],
            ["1:7+7 RLR0602 'b.c' is not set: 'b' has no 'c'"]
        ),
        (
            "{{#l}}{{w}}{{/l}}", ["l": .list([.map(["w": .int(1)]), .map([:]), .map([:])])],
            ["1:7+5 RLR0602 'w' is not set, neither in 'l[1]' nor around it"]
        ),
        (
            "{{#l}}{{#m.k}}{{w}}{{/m.k}}{{/l}}", ["l": .list([.map(["m": .map(["k": .list([.int(1)])])])])],
            ["1:15+5 RLR0602 'w' is not set, neither in 'l[0].m.k[0]' nor around it"]
        ),
    ]

    static let types: [Row] = [
        ("{{l}}", ["l": .list([])], ["1:1+5 RLR0603 'l' is a list and cannot be written as text"]),
        ("{{m}}", ["m": .map([:])], ["1:1+5 RLR0603 'm' is a map and cannot be written as text"]),
        ("{{.}}", [:], ["1:1+5 RLR0603 '.' is a map and cannot be written as text"]),
        ("{{#l}}{{.}}{{/l}}", ["l": .list([.list([])])], ["1:7+5 RLR0603 '.' is a list and cannot be written as text"]),
        (
            "{{n.x}}", ["n": .int(1)],
            ["1:1+7 RLR0603 'n.x' cannot be looked up: 'n' is an int, and only a map has names in it"]
        ),
        (
            "{{#l.x}}{{/l.x}}", ["l": .list([.map(["x": .int(1)])])],
            ["1:1+8 RLR0603 'l.x' cannot be looked up: 'l' is a list, and only a map has names in it"]
        ),
        (
            "{{a.b.c}}", ["a": .map(["b": .string("s")])],
            ["1:1+9 RLR0603 'a.b.c' cannot be looked up: 'a.b' is a string, and only a map has names in it"]
        ),
    ]

    @Test(arguments: names) func reportsEveryNameThatIsNotSet(_ row: Row) {
        #expect(templateOutcome(row.template, row.values) == .findings(row.findings))
    }
    @Test(arguments: types) func reportsValuesThatDoNotFitTheirTag(_ row: Row) {
        #expect(templateOutcome(row.template, row.values) == .findings(row.findings))
    }

    static let hints: [(template: String, values: OrderedDictionary<String, Value>, hint: String?)] = [
        ("{{wokers}}", ["port": .int(1), "workers": .int(4)], "did you mean 'workers'?"),
        ("{{Workers}}", ["workers": .int(4)], "did you mean 'workers'?"),
        ("{{wrokers.max}}", ["workers": .map([:])], "did you mean 'workers.max'?"),
        ("{{tls.prot}}", ["tls": .map(["port": .int(1)]), "prot": .int(2)], "did you mean 'tls.port'?"),
        ("{{host}}", ["roller": .map(["host": .string("web-1")])], "did you mean 'roller.host'?"),
        (
            "{{zebra}}", ["port": .int(1)],
            "declare it in the hostclass: under settings with a default, or under required"
        ),
        (
            "{{#l}}{{zebra}}{{/l}}", ["l": .list([.int(1)])],
            "set it in every element of the list, or in the hostclass for all"
        ),
        (
            "{{#tsl}}{{/tsl}}", ["tls": .bool(true)],
            "did you mean 'tls'? a section needs a value too: declare one in the hostclass, such as false or []"
        ),
        (
            "{{^zebra}}{{/zebra}}", ["tls": .bool(true)],
            "a section needs a value too: declare one in the hostclass, such as false or []"
        ),
        ("{{l}}", ["l": .list([])], "repeat over it: {{#l}}{{.}}{{/l}}"),
        ("{{tls}}", ["tls": .map(["port": .int(1)])], "name one of its entries, such as {{tls.port}}"),
        ("{{.}}", ["tls": .map([:])], "name one of its entries, such as {{tls}}"),
    ]

    @Test(arguments: hints)
    func hintsAtWhatToDo(_ template: String, _ values: OrderedDictionary<String, Value>, _ hint: String?) {
        #expect(templateFindings(template, .map(values)).map(\.hint) == [hint])
    }

    @Test func showsWhereTheSectionOpensThatAnotherNameCloses() throws {
        let finding = try #require(templateFindings("{{#a}}\n{{/b}}").first)
        #expect(finding.related.map { "\($0.location) \($0.message)" } == ["t:1:1 '{{#a}}' opens here"])
        #expect(finding.hint == "sections end in the reverse order of their beginnings: write {{/a}} first")
    }

    @Test func shortensWhatItQuotes() {
        let finding = templateFindings("{{\(String(repeating: "é", count: 100))}}").first
        let quoted = "'\(String(repeating: "é", count: 80))…'"
        #expect(finding?.message.hasPrefix("the name \(quoted) holds") == true)
    }
}
