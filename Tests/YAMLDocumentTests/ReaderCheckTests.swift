import Testing
import YAMLDocument

/// What libyaml takes and PyYAML or ruamel.yaml refuses or reads otherwise. Found by `Scripts/yaml-differential`.
@Suite struct ReaderCheckTests {
    @Test(arguments: [
        ("[a?b]", "1:2 syntax"), ("{a: b?c}", "1:5 syntax"), ("[a, x ?y]", "1:5 syntax"),
        ("a: [http://x/?q]", "1:5 syntax"),
        ("{a?: b}", "1:2 syntax"), ("a: {b: [c\n ?d]}", "1:9 syntax"),
    ])
    func refusesAQuestionMarkInPlainTextInsideBrackets(_ text: String, _ finding: String) {
        #expect(findings(text) == [finding])
    }

    @Test(arguments: [
        ("a: >-#x\n  b\n", "1:6 syntax"), ("a: |#x\n  b\n", "1:5 syntax"), ("é: |2#\n    b\n", "1:6 syntax"),
        ("a: &x |+#\n  b\n", "1:9 syntax"), ("a: &x # |\n  >#\n  b\n", "2:4 syntax"), ("- a\n- >#", "2:4 syntax"),
    ])
    func refusesACommentRightBehindABlockHeader(_ text: String, _ finding: String) {
        #expect(findings(text) == [finding])
    }

    @Test(arguments: [
        (">\n# c\n", "2:1 syntax"), ("|\n a\n# c\n", "3:1 syntax"), ("--- >\n a\n\n# c", "4:1 syntax"),
        (">\n...\n", "2:1 syntax"), ("|+\n\n... # c\n", "3:1 syntax"),
    ])
    func refusesAnUnindentedLineThatSomeTakeForAPartOfADocumentThatIsABlockText(_ text: String, _ finding: String) {
        #expect(findings(text) == [finding])
    }

    @Test(arguments: [
        ("a: |\n \n  b\n", "2:1 syntax"), ("a: >\n\n  \n \n    b\n", "3:1 syntax"),
        ("a: |\n \n\n  \nb: c\n", "2:1 syntax"),
        ("- |\n  \n", "2:1 syntax"), ("|\n \n  \n  literal\n", "2:1 syntax"),
    ])
    func refusesBlanksAboveABlockTextThatDoNotFitItsIndentation(_ text: String, _ finding: String) {
        #expect(findings(text).first == finding)
    }

    @Test(arguments: [
        ("&x:1 y", "1:3 syntax"), ("- &x:6o\n", "1:5 syntax"), ("é: &y-1?b0 c\n", "1:8 syntax"),
        ("- &x a\n- *x?b\n", "2:5 syntax"),
    ])
    func refusesMoreTextRightBehindAName(_ text: String, _ finding: String) {
        #expect(findings(text).first == finding)
    }

    @Test(arguments: ["[\"a\":b]", "['a':b]", "['a':[b]]", "['a':]", "[a, 'b' :]", "[ 'a' :b]"])
    func refusesAPairInAListWithoutABlankBehindItsColon(_ text: String) {
        #expect(findings(text).map { $0.suffix(6) } == ["syntax"])
    }

    @Test(arguments: ["a: b\n...\n...", "a: b\n... # c\n\n# d\n...\n"])
    func refusesASecondEndOfTheDocument(_ text: String) {
        #expect(findings(text).map { $0.suffix(16) } == ["severalDocuments"])
    }

    @Test(arguments: [
        "a: b?c", "a: ?b", "[\"a?\", 'b?']", "a: |\n  [b?]\n", "? a\n: b\n", "{? a : b}",
        "a: >- #x\n  b\n", "a: |\n  #x\n", "a: '|#'\n", "a: \"|\n  #\"\n", "a: |2 # c\n    b\n", "a:\n  |\n  #b\n",
        "a: |\n  b\n# c\nd: e\n", ">\n a\n #b\n", ">\n a\n...\n",
        "a: |\n\n  b\n", "a: |\n  \n  b\n", "a: |\n  b\n \n  c\n", "a: |2\n \n  b\n",
        "a: &x b\nc: [*x, *x]\nd: {e: *x}\nf: *x # g\nh: *x", "&x\na: b\n", "[&x , *x]",
        "{\"a\":b}", "[\"a\": b]", "[{'a':b}]", "[a: b]", "['a' : b]", "['a': ]", "['a':\n  b]",
        "a: b\n...\n", "a: b\n# ...\n...\n", "a: |\n  ...\n  ...\n...\n", "- a\n- '...'\n...\n",
    ])
    func takesWhatAllReadAlike(_ text: String) {
        #expect(YAMLDocument.parse(text).problems == [])
    }

    /// Aliases and block texts are looked at in their text once more, which takes one walk whatever their number.
    @Test(.timeLimit(.minutes(1)))
    func manyMarksInOneLongLineTakeNoMoreTimeThanFew() {
        let text = "[&x a" + String(repeating: ",*x", count: 90_000) + "]"
        #expect(YAMLDocument.parse(text).problems == [])
    }

    private func findings(_ text: String) -> [String] {
        YAMLDocument.parse(text).problems.map { "\($0.range.start.line):\($0.range.start.column) \($0.kind)" }
    }
}
