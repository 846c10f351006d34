import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

struct FormatTests {
    private func broken() async throws -> TestRepository {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("settings: {wrkers: 2}\n", to: "hosts/web-01.example.com.yml")
        try repository.directory.write(["50%, or:so.txt": "x"])
        return repository
    }

    @Test func annotationsNameFileLineAndColumnsAndEscapeWhatWouldEndThem() async throws {
        let run = try await broken().run("lint", "--format", "github")
        #expect(run.status == .found)
        let lines = run.output.split(separator: "\n")
        #expect(
            lines.contains {
                $0.hasPrefix("::error file=50%25%2C or%3Aso.txt,title=RLR0002::'50%25, or:so.txt' is not part of")
            }, "\(run.output)")
        #expect(
            lines.contains {
                $0.hasPrefix(
                    "::error file=hosts/web-01.example.com.yml,line=3,col=12,endColumn=17,title=RLR0205::"
                        + "'web@2026.11.22-1' declares no setting 'wrkers'%0Ahint: did you mean 'workers'?")
            }, "\(run.output)")
        #expect(lines.allSatisfy { $0.hasPrefix("::") })
    }

    @Test func findingsOfAReleaseAreNotPutBesideAFileOfTheState() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write(["files/web/etc/web.conf.mustache": "workers {{wrkers}}\n"])
        try await repository.commit()
        try await repository.git("tag", "--force", "web@2026.11.22-1")
        let run = await repository.run("lint", "--format", "github")
        #expect(
            run.output.contains(
                "::error title=RLR0602::web@2026.11.22-1:files/web/etc/web.conf.mustache:1:9: "), "\(run.output)")
        let sarif = await repository.run("lint", "--format", "sarif")
        #expect(sarif.output.contains("\"uri\": \"files/web/etc/web.conf.mustache\""))
        #expect(sarif.output.contains("\"uriBaseId\": \"web@2026.11.22-1\""), "\(sarif.output)")
    }

    @Test func sarifHasWhatTheSpecificationRequires() async throws {
        let run = try await broken().run("lint", "--format", "sarif")
        #expect(run.status == .found)
        for part in [
            "\"version\": \"2.1.0\"", "\"columnKind\": \"unicodeCodePoints\"", "\"name\": \"rollerctl\"",
            "\"uri\": \"50%25%2C%20or%3Aso.txt\"", "\"ruleId\": \"RLR0205\"", "\"startColumn\": 12",
            "\"endColumn\": 18",
            "\"level\": \"error\"",
        ] {
            #expect(run.output.contains(part), "\(part) in \(run.output)")
        }
    }

    @Test func aRepositoryWithoutFindingsIsARunWithoutResults() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("lint", "--format", "sarif", "--min-severity", "error")
        #expect(run.status == .fine)
        #expect(run.output.contains("\"results\": []"), "\(run.output)")
        #expect(await repository.run("lint", "--format", "github", "--min-severity", "error").output == "")
    }

    @Test func aFindingKeepsItsFingerprintWhenItMoves() throws {
        let at = { (line: Int) in
            Sarif.log(
                of: [Diagnostic(.unknownKey, at: SourceLocation(file: "a", line: line, column: 1), "x")], version: "1")
        }
        let print = { (log: Value) in log.prettyJSON.split(separator: "\n").first { $0.contains("roller/v1") } }
        #expect(print(at(1)) != nil)
        #expect(print(at(1)) == print(at(7)))
    }
}
