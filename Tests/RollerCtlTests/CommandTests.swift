import RollerCore
import Subprocess
import SystemPackage
import Testing

@testable import RollerCtl

/// What all commands share, and the small ones.
struct CommandTests {
    @Test func effectiveShowsEachSettingWithItsOrigin() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("effective", "web-02.example.com")
        let head = try await repository.git("rev-parse", "HEAD").prefix(40)
        #expect(
            run.output.hasSuffix(
                """
                datacenter: snc1
                platform: debian-12-x86_64
                settings:
                  ntp:
                    value:
                    - "10.1.0.1"
                    level: datacenter
                    from: datacenters/snc1.yml:2:12
                  workers:
                    value: 8
                    level: host
                    from: hosts/web-02.example.com.yml:4:12
                    outranks:
                    - web@2026.11.22-1:hostclasses/web.yml:2:12

                """))
        #expect(run.output.contains("hostclass: web@2026.11.22-1\n"))
        #expect(run.output.contains(head))
        let json = await repository.run("effective", "web-02.example.com", "--format", "json")
        #expect(json.output.contains(#""from": "datacenters/snc1.yml:2:12""#))
    }

    @Test func effectiveOfAHostWithErrorsShowsThem() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.append("typo: 1\n", to: "hosts/web-01.example.com.yml")
        try repository.directory.change(["datacenters/snc1.yml": "platform: debian-12-x86_64\n"])
        let broken = await repository.run("effective", "web-01.example.com")
        #expect(broken.status == .found)
        #expect(broken.output.contains("a host has no key 'typo'"))
        let lacking = await repository.run("effective", "web-02.example.com")
        #expect(lacking.status == .found)
        #expect(lacking.output.contains("requires the setting 'ntp'"))
        #expect(await repository.run("effective", "web-02.example.com", "--at", "HEAD").status == .fine)
    }

    @Test(arguments: [["-C", "%", "lint"], ["lint", "-C", "%"], ["lint", "--repository", "%/hosts"]])
    func theRepositoryMayBeNamedBeforeOrAfterTheCommand(_ arguments: [String]) async throws {
        let repository = try await TestRepository.withRelease()
        let named = arguments.map { $0.hasPrefix("%") ? repository.path.string + $0.dropFirst() : $0 }
        let run = await rollerctl(named, in: "/")
        #expect(run.errors == "no findings in 2 hosts\n")
    }

    @Test func aBareRepositoryIsReadAtACommit() async throws {
        let repository = try await TestRepository.withRelease()
        let bare = try TemporaryDirectory()
        try await repository.git("clone", "--quiet", "--bare", repository.path.string, bare.path.string)
        #expect(await rollerctl(["lint", "--at", "main"], in: bare.path).errors == "no findings in 2 hosts\n")
        let run = await rollerctl(["lint"], in: bare.path)
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("hint: name a commit with --at, or work in a clone\n"))
    }

    @Test func tokensAreOfTheirDigest() async throws {
        let run = await rollerctl(["token", "new", "publish", "--comment", "ci of web"], in: "/tmp")
        let token = run.output.dropLast()
        #expect(token.utf8.count == 43)
        #expect(run.errors == "publish \(Digest(of: String(token))) ci of web\n")
        #expect(await rollerctl(["token", "new", "publish"], in: "/tmp").output != run.output)
        #expect(await rollerctl(["token", "new", "publish", "--comment", "a\nb"], in: "/tmp").status == .failed)
    }

    @Test func aTokenOfAnUnknownScopeIsNotMade() async throws {
        let run = await rollerctl(["token", "new", "pubish"], in: "/tmp")
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("the scopes are publish, refresh"), "\(run.errors)")
    }

    /// The vectors of RFC 4648, section 10, and bytes that need the last two letters.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfTheRFC(_ text: String, _ encoded: String) {
        #expect(base64URL(Array(text.utf8)) == encoded)
        #expect(base64URL([0xfb, 0xff]) == "-_8")
    }

    @Test(arguments: [["--help"], ["lint", "--help"], ["--version"], ["package"], []])
    func helpIsDataAndFine(_ arguments: [String]) async {
        let run = await rollerctl(arguments, in: "/")
        #expect(run.status == .fine)
        #expect(run.output.hasSuffix("\n"))
        #expect(run.errors.isEmpty)
    }

    @Test(arguments: [
        ["lnit"], ["lint", "--bogus"], ["pin"], ["effective", "Not A Host"], ["lint", "--format", "xml"],
    ])
    func badUsageIsTheStatusOfWhatCouldNotBeDone(_ arguments: [String]) async {
        let run = await rollerctl(arguments, in: "/")
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("error: "))
    }

    @Test func textFromOutsideDoesNotSteerTheTerminal() {
        #expect("a\u{1b}[31mb\u{7}\nc\td".withoutControls == "a?[31mb?\nc\td")
    }

    @Test func colourIsForTerminalsAlone() {
        let plain = Console(write: { _, _ in }, coloured: [], showsProgress: false)
        let bright = Console(write: { _, _ in }, coloured: [.output], showsProgress: false)
        #expect(plain.paint("error", .red, on: .output) == "error")
        #expect(bright.paint("error", .red, on: .output) == "\u{1b}[1;31merror\u{1b}[0m")
        #expect(bright.paint("error", .red, on: .errors) == "error")
    }

    @Test func findingsAreColouredByTheirSeverityAndNothingElseIs() {
        let place = SourceLocation(file: "hosts/\u{1b}[2J.yml", line: 1, column: 1)
        let report = FindingsReport(
            findings: [Diagnostic(.unknownKey, at: place, "a host has no key 'x'")], texts: [place.file: "x: \u{7}\n"])
        let text = report.text { text, severity in "<\(severity):\(text)>" }
        #expect(
            text == """
                hosts/\\u{1b}[2J.yml:1:1: <error:error[RLR0201]>: a host has no key 'x'
                    1 | x:
                      | ^


                """)
        #expect(report.text { "\u{1b}[1m" + $0 + "\($1)" }.contains("\u{1b}[1merror[RLR0201]error"))
    }

    /// The program itself, as it stands beside the tests.
    @Test func theProgramExitsAsItSays() async throws {
        let tests = try #require(FilePath("/proc/self/exe").resolved)
        let program = tests.removingLastComponent().appending("rollerctl")
        let repository = try await TestRepository.withRelease()
        let fine = try await Subprocess.run(
            .path(program), arguments: ["lint"], workingDirectory: repository.path, output: .string(limit: 4096),
            error: .string(limit: 4096))
        #expect(fine.terminationStatus == .exited(0))
        #expect(fine.standardError == "no findings in 2 hosts\n")
        try repository.directory.change(["roller.yml": nil])
        let found = try await Subprocess.run(
            .path(program), arguments: ["lint"], workingDirectory: repository.path, output: .string(limit: 4096))
        #expect(found.terminationStatus == .exited(1))
        let failed = try await Subprocess.run(
            .path(program), arguments: ["lint", "--bogus"], output: .discarded, error: .string(limit: 4096))
        #expect(failed.terminationStatus == .exited(2))
        #expect(failed.standardError.hasPrefix("error: Unknown option '--bogus'"))
    }
}
