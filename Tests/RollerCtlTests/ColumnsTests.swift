import Testing

@testable import RollerCtl

struct ColumnsTests {
    @Test func cellsStandBelowOneAnother() {
        #expect(columns([["a", "bb", "c"], ["aaa", "b", "cc"], ["a"]]) == "  a    bb  c\n  aaa  b   cc\n  a\n")
    }

    @Test func whatDoesNotFitGoesOnBelow() {
        let long = String(repeating: "x", count: 70)
        let lines = columns([["role", long, "value"]]).split(separator: "\n")
        #expect(lines.map(String.init) == ["  role  \(long)", "      value"])
    }
}
