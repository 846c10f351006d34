import Testing
import YAMLDocument

/// What a reader is told about a text that is no YAML.
@Suite struct SyntaxWordingTests {
    @Test(arguments: [
        ("a: b: c\n", 1, 5, "a second ': ' stands in one line"),
        ("a: foo\n  b: bar\n", 2, 4, "a key stands where the value above it goes on"),
        ("a: 1\nlonely\nc: 2\n", 2, 1, "'lonely' is no key with a value"),
        ("a: 1\nkey:value\nc: 2\n", 2, 1, "'key:value' is no key with a value"),
        ("a:\n    b: 1\n  c: 2\n", 3, 3, "the line's indentation fits none of the mappings above"),
        ("  a: 1\nb: 2\n", 2, 1, "the document ends above, and more text follows"),
        ("a: \"x\" y\n", 1, 8, "more text follows the value"),
        ("a: 'it's'\n", 1, 8, "more text follows the value"),
        ("a: \"x\n\ty\" z\n", 2, 5, "more text follows the value"),
        ("a: 1\n- b\n", 2, 1, "a key is expected here"),
        ("- a\nb: 1\n", 2, 1, "the line fits no item of the list above"),
        ("a: - b\n", 1, 4, "a list with '-' cannot begin here"),
        ("a: [1, 2\nb: 3\n", 2, 2, "a ',' or the closing ']' of a list is missing before this"),
        ("a: [1, 2", 1, 4, "the '[' that opens here is not closed"),
        ("a: {b: 1\n", 1, 4, "the '{' that opens here is not closed"),
        ("a: [b,,c]\n", 1, 7, "',' cannot begin a value"),
        ("a: {b:}\n", 1, 6, "a ':' ends a text inside '[ ]' or '{ }'"),
        ("a: [b]]\n", 1, 7, "more text follows the value"),
        ("a: @b\n", 1, 4, "'@' cannot begin a value"),
        ("é: %b\n", 1, 4, "'%' cannot begin a value"),
        ("a: *.log\n", 1, 4, "a name of letters, digits, '-' and '_' must follow '*'"),
        ("a: 'x\nb: y\n", 1, 4, "the quote that opens here is not closed"),
        ("a: \"x", 1, 4, "the quote that opens here is not closed"),
        ("a: \"C:\\d\"\n", 1, 7, "'\\d' is no escape of YAML"),
        ("a: \"\\ud800\"\n", 1, 7, "the escape is not a character"),
        ("a: | x\n", 1, 4, "only a digit from 1 to 9, '+', '-' or a comment may follow '|' or '>'"),
    ])
    func saysWhatIsWrong(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let parse = YAMLDocument.parse(text)
        #expect(parse.root == nil)
        #expect(parse.problems.map(\.kind) == [.syntax])
        #expect(parse.problems.first?.message == message)
        #expect(parse.problems.first?.range.start == YAMLPosition(line: line, column: column))
        #expect(parse.problems.first?.hint != nil)
    }

    @Test func findingsBeforeTheSyntaxErrorAreKept() {
        let problems = YAMLDocument.parse("a: 1\na:\t2\nb: [\n").problems
        #expect(problems.map(\.kind) == [.duplicateKey, .tab, .syntax])
    }

    @Test func theOpeningBracketIsShownBesideWhatFollowsIt() {
        let related = YAMLDocument.parse("a: [1, 2\nb: 3\n").problems.first?.related
        #expect(related?.range.start == YAMLPosition(line: 1, column: 4))
        #expect(related?.message == "the list begins here")
    }
}
