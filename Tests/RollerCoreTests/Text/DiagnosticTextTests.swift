import Testing

@testable import RollerCore

/// How a finding looks where it is shown.
struct DiagnosticTextTests {
    private func text(
        _ source: String?, line: Int, column: Int, length: Int = 1, hint: String? = nil,
        related: [Diagnostic.RelatedPlace] = []
    ) -> String {
        Diagnostic(
            .badValue, at: SourceLocation(file: "f", line: line, column: column, length: length), "m", hint: hint,
            related: related
        ).text { _ in source }
    }

    @Test func theCaretStandsUnderTheValue() {
        let shown = text("a: b\nkey: value\n", line: 2, column: 6, length: 5)
        #expect(shown == "f:2:6: error[RLR0204]: m\n    2 | key: value\n      |      ^^^^^")
    }

    @Test func aFileAsAWholeHasNoExcerpt() {
        #expect(Diagnostic(.badValue, at: SourceLocation(file: "f"), "m").text { _ in "a" } == "f: error[RLR0204]: m")
        #expect(text(nil, line: 1, column: 1) == "f:1:1: error[RLR0204]: m")
    }

    @Test(arguments: [3, 99, Int.max / 2]) func aPlaceBeyondTheFileHasNoExcerpt(_ line: Int) {
        #expect(text("a\nb", line: line, column: 1) == "f:\(line):1: error[RLR0204]: m")
    }

    @Test func aPlaceBeyondTheLineIsShownAtItsEnd() {
        #expect(text("ab", line: 1, column: 99, length: 7).hasSuffix("    1 | ab\n      |   ^"))
        #expect(text("ab", line: 1, column: 0).hasSuffix("    1 | ab\n      | ^"))
        #expect(text("ab", line: 1, column: 2, length: 99).hasSuffix("    1 | ab\n      |  ^"))
    }

    @Test func tabsAndControlsKeepTheCaretInPlace() {
        #expect(text("\ta\u{1b}\u{202e}b", line: 1, column: 5).hasSuffix("    1 |  a  b\n      |     ^"))
        #expect(text("one\r\ntwo\r\n", line: 2, column: 4).hasSuffix("    2 | two\n      |    ^"))
    }

    @Test func columnsCountScalars() {
        #expect(text("e\u{301}漢: x", line: 1, column: 6).hasSuffix("    1 | e\u{301}漢: x\n      |      ^"))
    }

    @Test(arguments: [1, 60, 200, 399, 400]) func longLinesAreCutAroundThePlace(_ column: Int) throws {
        let line = (0..<400).map { String($0 % 10) }.joined()
        let lines = text(line, line: 1, column: column).split(separator: "\n").map(String.init)
        let shown = try #require(lines.dropFirst().first).dropFirst(8)
        let caret = try #require(lines.last).dropFirst(8)
        #expect(shown.count == 72)
        #expect(shown.dropFirst(caret.count - 1).first == String((column - 1) % 10).first)
    }

    @Test func bigLineNumbersKeepTheColumns() {
        let source = String(repeating: "a\n", count: 12_344) + "key: v"
        #expect(text(source, line: 12_345, column: 6).hasSuffix("12345 | key: v\n      |      ^"))
    }

    @Test func relatedPlacesAndTheHintFollow() {
        let place = Diagnostic.RelatedPlace(SourceLocation(file: "g", line: 1, column: 1), "here")
        #expect(
            text("a\n", line: 1, column: 1, hint: "do\nit", related: [place])
                == "f:1:1: error[RLR0204]: m\n    1 | a\n      | ^\ng:1:1: here\n    1 | a\n      | ^\nhint: do\\u{a}it"
        )
    }

    @Test func findingsAreSortedForReading() {
        let places = [("b", 1, 1), ("a", 2, 1), ("a", 1, 9), ("a", 1, 2)]
        let findings = places.map { file, line, column in
            Diagnostic(.badValue, at: SourceLocation(file: file, line: line, column: column), "m")
        }
        #expect(findings.sortedForReading().map { "\($0.location)" } == ["a:1:2", "a:1:9", "a:2:1", "b:1:1"])
        #expect(findings.hasErrors)
        #expect(Severity.allCases.max() == .error)
    }

    @Test(arguments: [
        ("ngnix", "nginx"), ("nginx", "nginx"), ("nginxx", "nginx"), ("nginz", "nginx"), ("hostclas", "hostclass"),
        ("wbe", "web"), ("w", nil), ("xyz", nil), ("", nil), ("postgres", nil),
        (String(repeating: "a", count: 65), nil),
    ])
    func theNearestNameIsWhatWasMeant(_ name: String, _ expected: String?) {
        let known = ["hostclass", "nginx", "web", String(repeating: "a", count: 64)]
        #expect(nearestName(to: name, among: known) == expected)
    }

    @Test func theFirstOfTheNearestIsTaken() {
        #expect(nearestName(to: "snc3", among: ["snc1", "snc2", "snc33"]) == "snc1")
        #expect(nearestName(to: "snc3", among: ["ewr1", "snc33", "snc3"]) == "snc3")
        #expect(nearestName(to: "snc3", among: [] as [String]) == nil)
    }

    @Test func anUnknownNameSaysWhatIsNear() {
        let error = UnknownName("host", "wbe", among: ["web"])
        #expect(error.message == "there is no host 'wbe'")
        #expect(error.hint == "did you mean 'web'?")
        #expect(UnknownName("host", "x", among: ["web"]).hint == nil)
    }

    @Test func explainingJoinsTheCauses() {
        struct Outer: RollerError {
            var message: String { "cannot roll" }
            var cause: (any Error)? { BundleError.unknownFormat(2) }
        }
        #expect(explain(Outer()) == "cannot roll: the bundle has format 2, and this program reads format 1")
    }
}
