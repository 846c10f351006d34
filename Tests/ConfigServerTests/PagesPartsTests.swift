import RollerCore
import Testing

@testable import ConfigServer

/// The parts that pages are made of.
struct PagesPartsTests {
    @Test(arguments: [
        ("a b", "a%20b"), ("100%", "100%25"), ("a/b", "a%2Fb"), ("é", "%C3%A9"), ("x=1&y#z?", "x%3D1%26y%23z%3F"),
        ("<\"'>", "%3C%22%27%3E"), ("web@1.2-3_4~5+6", "web@1.2-3_4~5+6"),
    ])
    func addressesHoldNothingThatMeansSomething(_ text: String, _ encoded: String) throws {
        #expect(Links.encoded(text) == encoded)
        let target = try RequestTarget("/?q=\(Links.encoded(text))")
        #expect(target.query["q"] == text)
    }

    @Test(arguments: [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true), ("text/html", true), ("*/*", false),
        ("application/json", false), ("application/json, text/html;q=0.9", false), ("text/html;q=0", false),
        ("", false),
    ])
    func onlyBrowsersPreferPages(_ accept: String, _ prefers: Bool) { #expect(prefersPages(accept) == prefers) }

    @Test func aDiffIsLaidOutSideBySide() throws {
        let (old, new) = ("a\nb\nc\nd\n", "a\nB\nB2\nc\nd\n")
        let sides = TwoSides(diff: unifiedDiff(old, new, name: "x"), caption: "", titles: ("", ""))
        let shown = sides.rows.map { row in
            [row.old, row.new].map { $0.map { "\($0.number)\($0.isChanged ? "*" : " ")\($0.text)" } ?? "-" }
        }
        #expect(shown == [["1 a", "1 a"], ["2*b", "2*B"], ["-", "3*B2"], ["3 c", "4 c"], ["4 d", "5 d"]])
    }

    @Test func linesLeftOutOfADiffAreSaidToBe() {
        let old = (1...40).map { "\($0)\n" }.joined()
        let new = old.replacing("2\n", with: "two\n", maxReplacements: 1).replacing("39\n", with: "x\n")
        let sides = TwoSides(diff: unifiedDiff(old, new, name: "x"), caption: "", titles: ("", ""))
        #expect(sides.rows.count { $0.isPart } == 1)
        #expect(sides.rows.last?.old?.number == 40)
    }

    @Test func longTextsAreCutAndSaidToBe() {
        let long = (0..<5000).map { "line \($0)\n" }.joined()
        let listing = Listing(file: Array(long.utf8), path: "long")
        #expect(listing.lines.count == Listing.limit)
        #expect(listing.footer.text.contains("lines are shown"))
        let diff = Listing(diff: unifiedDiff("", long, name: "long"), caption: "", limit: 50)
        #expect(diff.lines.count == 50)
        #expect(!diff.footer.isEmpty)
    }

    @Test(arguments: [
        ("a: b # c", ["a|key", ": |plain", "b|string", " |plain", "# c|comment"]),
        ("n: 12", ["n|key", ": |plain", "12|number"]),
        ("q: \"#x\"", ["q|key", ": |plain", "\"#x\"|string"]), ("# only", ["# only|comment"]), ("a: [", ["a: [|plain"]),
    ])
    func coloursOfYAMLAreThoseOfItsReader(_ line: String, _ tokens: [String]) {
        #expect(coloured(Array("\(line)\n".utf8)) == [tokens], "\(line)")
    }

    private func coloured(_ bytes: [UInt8]) -> [[String]] {
        highlightedYAML(bytes).map { $0.map { "\($0.text)|\($0.kind.rawValue)" } }
    }

    @Test func aBlockOfYAMLIsColouredOnAllItsLines() {
        let lines = coloured(Array("a: |\n  # no comment\n  two\nb: 1\n".utf8))
        #expect(lines[1].contains { $0.hasSuffix("|string") } && !lines[1].contains { $0.hasSuffix("|comment") })
        #expect(lines[3] == ["b|key", ": |plain", "1|number"])
    }

    @Test(arguments: [
        (0, "0"), (9999, "9999"), (12345, "12\u{202f}345"), (1_234_567, "1\u{202f}234\u{202f}567"),
        (-12345, "-12\u{202f}345"),
    ])
    func largeNumbersHaveGaps(_ number: Int, _ text: String) { #expect(number.grouped == text) }

    @Test func aPictureHasATextForThoseWhoCannotSeeIt() throws {
        let picture = Picture.bars(
            title: "t", description: "d", of: "Name", amount: "Amount",
            [.init(name: "a", amount: 2, text: "two"), .init(name: "b", amount: 0, text: "none")])
        #expect(picture.table.rows.map { $0.map(\.text) } == [["a", "two"], ["b", "none"]])
        #expect(picture.boxes.map(\.width)[1] == 0)
        let stairs = Picture.stairs(title: "t", description: "d", of: "Hosts", whole: 3, [(10, 1), (20, 3)])
        #expect(stairs.table.rows.count == 2)
    }
}
