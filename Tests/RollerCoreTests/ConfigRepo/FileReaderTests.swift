import Testing

@testable import RollerCore

/// Reading the parts of a file.
struct FileReaderTests {
    /// A number in an argument list stands for its digits as written, not for what YAML makes of them.
    @Test(arguments: ["9", "0x1F", "+5", "-0"]) func argumentsAreAsWritten(_ text: String) throws {
        var reader = FileReader(file: "f")
        let parsed = reader.parse(Array("[kill, \(text)]\n".utf8))
        let words = reader.arguments(try #require(parsed), of: "stop")
        #expect(words == ["kill", text])
        #expect(reader.findings == [])
    }

    /// What is not listed is counted.
    @Test func endlessMistakesAreCutWithANote() throws {
        var reader = FileReader(file: "f")
        _ = reader.parse(Array((0..<300).map { _ in "a: 1\n" }.joined().utf8))
        #expect(reader.findings.count == 101)
        let last = try #require(reader.findings.last)
        #expect(last.severity == .note)
        #expect(last.message == "199 more problems of this file are not shown")
    }
}
