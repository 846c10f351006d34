import Testing

@testable import RollerCore

/// What is said about a repository that is broken in one place.
struct FindingTests {
    @Test func nothingIsWrongWithTheGoodRepository() { #expect(GoodRepository().lint == "") }

    @Test(arguments: BrokenRepository.groups) func everyMistakeIsSaid(_ group: BrokenRepository.Group) throws {
        var text = ""
        for row in group.rows {
            var repository = GoodRepository()
            row.breaks(&repository)
            let findings = repository.lint
            #expect(!findings.isEmpty, "\(row.name)")
            text += "==== \(row.name)\n\(findings)\n\n"
        }
        try expectGolden(text, "findings-\(group.name).txt")
    }

    /// Findings are the same, and come in one order, whatever the order of the files.
    @Test func theOrderOfFilesDoesNotMatter() {
        var generator = TemplateSeededGenerator(seed: 1)
        var repository = GoodRepository()
        for row in BrokenRepository.groups.flatMap(\.rows) { row.breaks(&repository) }
        let files = repository.head.values.sorted { $0.path < $1.path }
        let (_, first) = ConfigRepo.read(files)
        for _ in 0..<20 { #expect(ConfigRepo.read(files.shuffled(using: &generator)).findings == first) }
    }

    @Test func everyCodeIsSeen() {
        let seen = BrokenRepository.groups.flatMap(\.rows).flatMap { row in
            var repository = GoodRepository()
            row.breaks(&repository)
            return repository.snapshot.lint().map(\.code)
        }
        // NoteTests shows the notes.
        let missing = Set(DiagnosticCode.allCases.filter { $0.severity != .note }).subtracting(seen).map(\.rawValue)
            .sorted()
        #expect(missing == Self.codesOfOthers)
    }

    /// What the repository alone does not tell: packages that are not published, and a tag that moved.
    static let codesOfOthers = ["RLR0305", "RLR0306", "RLR0404", "RLR0407"]

    @Test func codesAreUniqueAndWellFormed() {
        let codes = DiagnosticCode.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(code.utf8.count == 7 && code.hasPrefix("RLR0")) }
    }
}
