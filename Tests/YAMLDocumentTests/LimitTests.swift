import Testing
import YAMLDocument

/// What a hostile text can cost. The bound on time is far above what is needed (microseconds to some milliseconds in a
/// release build) and far below what a quadratic reading takes (half a minute and more).
@Suite(.serialized) struct LimitTests {
    static let bombs: [(name: String, text: String, kind: YAMLProblem.Kind)] = [
        ("[", repeating("[", 100_000), .tooDeep),
        ("{a: ", repeating("{a: ", 100_000), .tooDeep),
        ("- ", repeating("- ", 100_000), .tooDeep),
        ("? ", repeating("? ", 100_000), .tooDeep),
        ("[a: ", repeating("[a: ", 100_000), .tooDeep),
        ("nine to the tenth", aliasBomb, .aliasBudget),
        ("a long text, often", "a: &a '\(repeating("x", 500_000))'\nb: [\(repeating("*a,", 1000))]\n", .aliasBudget),
        ("deep by aliases", deepAliases, .tooDeep),
        ("many items", "[" + repeating("a,", 400_000) + "]", .tooManyNodes),
        ("many keys", (0..<60_000).map { "k\($0): 1\n" }.joined(), .tooManyNodes),
        ("a quote", "\"" + repeating("x", 1_000_000), .syntax),
        ("tabs", repeating("\t", 200_000), .tab),
        ("lines of tabs", "a:\n" + repeating(" \t\n", 100_000), .tab),
        ("duplicates", repeating("a: 1\n", 40_000), .duplicateKey),
        ("anchors", repeating("a: &a x\n", 20_000), .duplicateAnchor),
        ("controls in one line", "a: " + repeating("\u{202E}", 300_000), .controlCharacter),
        ("NULs", repeating("\0", 1_000_000), .controlCharacter),
        ("too large", repeating("#", 1 << 20 + 1), .tooLarge),
    ]

    @Test(arguments: bombs.indices)
    func aBombCostsLittle(_ index: Int) {
        let bomb = Self.bombs[index]
        var kinds: [YAMLProblem.Kind] = []
        let time = ContinuousClock().measure { kinds = YAMLDocument.parse(bomb.text).problems.map(\.kind) }
        #expect(kinds.contains(bomb.kind), "\(bomb.name)")
        #expect(kinds.count <= YAMLLimits.standard.problems)
        #expect(time < .seconds(10), "\(bomb.name)")
    }

    @Test func aliasesAreChargedBeforeTheyAreExpanded() {
        let text = "a: &a [1, 2, 3]\nb: [*a, *a]\n"  // 1 + 2 keys + 4 + 1 + 2 * 4
        #expect(YAMLDocument.parse(text, limits: YAMLLimits(nodes: 16)).problems == [])
        let problems = YAMLDocument.parse(text, limits: YAMLLimits(nodes: 15)).problems
        #expect(problems.map(\.kind) == [.aliasBudget])
        #expect(problems.first?.range.start == YAMLPosition(line: 2, column: 9))
    }

    @Test func everyLimitIsTheLastThatIsAllowed() {
        #expect(YAMLDocument.parse("[[a]]", limits: YAMLLimits(depth: 2)).problems == [])
        #expect(YAMLDocument.parse("[[a]]", limits: YAMLLimits(depth: 1)).problems.map(\.kind) == [.tooDeep])
        #expect(YAMLDocument.parse("abc", limits: YAMLLimits(bytes: 3)).problems == [])
        #expect(YAMLDocument.parse("abc", limits: YAMLLimits(bytes: 2)).problems.map(\.kind) == [.tooLarge])
        #expect(YAMLDocument.parse("abc", limits: YAMLLimits(expandedBytes: 3)).problems == [])
        #expect(
            YAMLDocument.parse("abc", limits: YAMLLimits(expandedBytes: 2)).problems.map(\.kind) == [.tooManyNodes])
    }

    @Test func limitsWithoutEndOverflowNothing() {
        let doubling = "a0: &a0 [x, x]\n" + (1..<80).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        let endless = YAMLLimits(bytes: .max, depth: .max, nodes: .max, expandedBytes: .max)
        #expect(YAMLDocument.parse(doubling, limits: endless).problems.map(\.kind) == [.aliasBudget])
    }

    @Test func noLimitsAllowMoreThanTheDeepestNesting() {
        let deep = YAMLLimits(depth: .max)
        let fitting = Self.repeating("- ", YAMLLimits.deepest) + "a"
        #expect(YAMLDocument.parse(fitting, limits: deep).problems == [])
        #expect(YAMLDocument.parse("- " + fitting, limits: deep).problems.map(\.kind) == [.tooDeep])
    }

    @Test func problemsBeyondTheLimitAreCounted() {
        let parse = YAMLDocument.parse("a: 1\na: 2\na: 3\na: 4\n", limits: YAMLLimits(problems: 2))
        #expect(parse.problems.count == 2)
        #expect(parse.unlistedProblems == 1)
    }

    @Test func everyPrefixOfADocumentIsReadOrRefusedWithAPlaceInsideIt() {
        let text = "é: &a [b, {c: 'd'}]\nf: |\n  g\n\th: \"\\u00e9\"\ni: *a\nj: >-\n  k\n  😀\n"
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            let parse = YAMLDocument.parse(Array(bytes[..<count]))
            #expect(parse.root != nil || !parse.problems.isEmpty, "\(count) bytes")
            let lines = bytes[..<count].count { $0 == 0x0A } + 1
            for problem in parse.problems { #expect((1...lines).contains(problem.range.start.line), "\(count) bytes") }
        }
    }

    private static func repeating(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static var aliasBomb: String {
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + (1..<10).map { "a\($0): &a\($0) [\(repeating("*a\($0 - 1),", 9))]\n" }.joined()
    }

    private static var deepAliases: String {
        "a0: &a0 [x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
    }
}
