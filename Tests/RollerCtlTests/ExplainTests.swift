import RollerCore
import Testing

@testable import RollerCtl

/// `rollerctl explain`, which needs no repository.
struct ExplainTests {
    @Test(arguments: ["RLR0205", "rlr0205", "0205", "205"]) func aCodeIsExplained(_ code: String) async throws {
        let run = await rollerctl(["explain", code], in: try TemporaryDirectory().path)
        #expect(run.output == DiagnosticCode.undeclaredSetting.explanation.text)
        #expect(run.output.hasPrefix("RLR0205 (error): a host sets what its class does not declare\n"))
        #expect(run.errors.isEmpty)
        #expect(run.status == .fine)
    }

    @Test func withoutACodeAllAreListed() async throws {
        let run = await rollerctl(["explain"], in: try TemporaryDirectory().path)
        #expect(run.output == CodeExplanation.table)
    }

    @Test(arguments: [["--json"], ["--format", "json"]])
    func programsGetTheSameAsJSON(_ options: [String]) async throws {
        let one = await rollerctl(["explain", "0205"] + options, in: try TemporaryDirectory().path)
        #expect(one.output == DiagnosticCode.undeclaredSetting.explanation.value.prettyJSON)
        let all = await rollerctl(["explain"] + options, in: try TemporaryDirectory().path)
        for code in DiagnosticCode.inOrder { #expect(all.output.contains("\"code\": \"\(code.rawValue)\"")) }
    }

    @Test(arguments: ["RLR9999", "", "RLR02055", "x"]) func anUnknownCodeIsAFailure(_ code: String) async throws {
        let run = await rollerctl(["explain", code], in: try TemporaryDirectory().path)
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: there is no code '\(code)'"))
        #expect(run.output.isEmpty)
    }
}
