import Testing
import YAMLDocument

/// What is read, and where it stands.
@Suite struct ReadingTests {
    @Test(arguments: [
        ("a: 1", "{a=1}"),
        ("---\na: 1\n...\n", "{a=1}"),
        ("# first\n\na: b c # rest\n", "{a=b c}"),
        ("- a\n-   - b\n    - c\n", "[a,[b,c]]"),
        ("a:\n- b\n- c\n", "{a=[b,c]}"),
        ("{a: {b: [c, d]}, e: f}", "{a={b=[c,d]},e=f}"),
        ("{\"a\":1, b}", "{a=1,b=}"),
        ("a:\nb: ''\n", "{a=,b=}"),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", "{a=x\n y\n,b=x y}"),
        ("a: \"\\u00e9\\t\\\"\"\nb: 'it''s'\n", "{a=é\t\",b=it's}"),
        ("a: \"tab\there\" # and\there\nb: |\n  tab\there\n", "{a=tab\there,b=tab\there\n}"),
        ("a: &x {b: c}\nd: *x\ne: [*x, *x]\n", "{a={b=c},d={b=c},e=[{b=c},{b=c}]}"),
        ("&k a: 1\nb: *k\n", "{a=1,b=a}"),
        ("8080: a\n-1: b\n\"no\": c\n\"<<\": d\n'': e\n", "{8080=a,-1=b,no=c,<<=d,=e}"),
        ("? a\n: b\n", "{a=b}"),
        ("a: http://x:80/?b=c#d\n", "{a=http://x:80/?b=c#d}"),
        ("version: 6.10\n", "{version=6.10}"),
    ])
    func readsWithoutProblems(_ text: String, _ expected: String) throws {
        let parse = YAMLDocument.parse(text)
        #expect(parse.problems == [])
        #expect(try outline(#require(parse.root)) == expected)
    }

    @Test func everyNodeKnowsItsPlaceInScalars() throws {
        let text = "# é\né😀: 漢字 x   # c\nlist:\n  - \"a\n    b\"\n  - {k: [v]}\n\n# end\nlast:\n"
        let root = try #require(YAMLDocument.parse(text).root)
        let entries = try #require(root.mapping)
        #expect(root.range == range(2, 1, 9, 6))
        #expect(entries[0].key.range == range(2, 1, 2, 3))
        #expect(entries[0].value.range == range(2, 5, 2, 9))
        // Comments behind a block's last item are no part of it.
        #expect(entries[1].value.range == range(4, 3, 6, 13))
        let items = try #require(entries[1].value.sequence)
        #expect(items[0].range == range(4, 5, 5, 7))
        #expect(items[1].range == range(6, 5, 6, 13))
        #expect(items[1]["k"]?.range == range(6, 9, 6, 12))
        #expect(entries[2].value.range == range(9, 6, 9, 6))
    }

    @Test func anAliasHasItsOwnPlaceAndItsContentThatOfTheAnchor() throws {
        let root = try #require(YAMLDocument.parse("a: &x {b: c}\nd: *x\n").root)
        #expect(root["a"]?.anchor == "x")
        #expect(root["a"]?.range == range(1, 4, 1, 13))
        #expect(root["d"]?.anchor == nil)
        #expect(root["d"]?.range == range(2, 4, 2, 6))
        #expect(root["d"]?["b"]?.range == range(1, 11, 1, 12))
    }

    @Test(arguments: [
        ("a", YAMLScalar.Style.plain), ("'a'", .singleQuoted), ("\"a\"", .doubleQuoted), ("|-\n a", .literal),
        (">-\n a", .folded),
    ])
    func everyStyleIsKept(_ text: String, _ style: YAMLScalar.Style) {
        #expect(YAMLDocument.parse(text).root?.scalar == YAMLScalar(text: "a", style: style))
    }

    @Test func bytesAndTextReadAlike() {
        let text = "a: [é, 😀]\nb: 'x"
        #expect(YAMLDocument.parse(Array(text.utf8)) == YAMLDocument.parse(text))
    }

    @Test func aMappingOfManyKeysFindsItsDuplicateWhereverItIs() {
        for first in 0..<40 {
            let lines = (0..<40).map { "key\($0): x" } + ["key\(first): y"]
            let problems = YAMLDocument.parse(lines.joined(separator: "\n")).problems
            #expect(problems.map(\.kind) == [.duplicateKey])
            #expect(problems.first?.range.start == YAMLPosition(line: 41, column: 1))
            #expect(problems.first?.related?.range.start == YAMLPosition(line: first + 1, column: 1))
        }
    }

    private func outline(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): scalar.text
        case .sequence(let items): "[" + items.map(outline).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{" + entries.map { $0.key.text + "=" + outline($0.value) }.joined(separator: ",") + "}"
        }
    }

    private func range(_ line: Int, _ column: Int, _ endLine: Int, _ endColumn: Int) -> YAMLRange {
        YAMLRange(
            start: YAMLPosition(line: line, column: column), end: YAMLPosition(line: endLine, column: endColumn))
    }
}
