import SystemPackage
import Testing

@testable import RollerCore

/// The catalogue of codes, held against what lint really says.
struct CatalogueTests {
    private static let tried = DiagnosticCode.inOrder.filter { $0.explanation.example != nil }

    @Test(arguments: DiagnosticCode.inOrder) func everyCodeIsExplained(_ code: DiagnosticCode) {
        let explanation = code.explanation
        #expect(explanation.code == code)
        #expect(!explanation.why.isEmpty && explanation.fix.hasSuffix("."))
        #expect(explanation.title.first?.isLowercase == true && explanation.title.last != ".")
        #expect((explanation.example == nil) == (explanation.foundBy != nil), "an example, or who finds it")
    }

    /// Where exactly, the page shows; it was reviewed, and a change of it is a change of Docs/lint.md.
    @Test(arguments: tried) func anExampleHasItsMistake(_ code: DiagnosticCode) throws {
        let example = try #require(code.explanation.example)
        let findings = ExampleRepository(example).findings
        let own = try #require(findings.first { $0.code == code }, "it says \(findings)")
        // Where a line is named, it is one of the file, and the place lies on it.
        guard own.location.line > 0, let text = ExampleRepository(example).text(of: own.location.file) else { return }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.dropFirst(own.location.line - 1).first)
        #expect(own.location.column - 1 + own.location.length <= max(line.count, 1) + 1)
    }

    /// One mistake and nothing else, so that the example shows what it is meant to.
    @Test(arguments: tried) func anExampleHasNoOtherMistake(_ code: DiagnosticCode) throws {
        let example = try #require(code.explanation.example)
        let others = ExampleRepository(example).findings.filter { $0.code != code && $0.severity >= code.severity }
        #expect(others == [])
    }

    @Test(arguments: tried) func mendedNothingIsWrongWithIt(_ code: DiagnosticCode) throws {
        let example = try #require(code.explanation.example)
        #expect(ExampleRepository(example, mended: true).findings == [])
    }

    @Test func thePageIsTheCatalogue() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent()
        try expectGolden(CodeExplanation.page, at: root.appending("Docs/lint.md"))
    }

    @Test func anExplanationReadsWellOnATerminal() throws {
        try expectGolden(
            [DiagnosticCode.undeclaredSetting, .yamlText, .releaseMoved].map(\.explanation.text).joined(
                separator: "----\n"),
            "explanations.txt")
        for code in DiagnosticCode.inOrder {
            let words = code.explanation.text.split(separator: "\n").filter { !$0.hasPrefix("    ") }
            #expect(words.allSatisfy { $0.count <= 80 }, "\(code.rawValue)")
        }
    }

    @Test func theTableHasALineForEach() {
        #expect(CodeExplanation.table.split(separator: "\n").count == DiagnosticCode.allCases.count)
        #expect(CodeExplanation.table.hasPrefix("RLR0001  error    there is no roller.yml at the root\n"))
    }
}
