import ArgumentParser
import RollerCore

/// Tells about the codes of findings.
struct Explain: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells what a code of `lint` means: why it matters, an example, and what to do.",
        discussion: "Without a code, lists all of them.")

    @Argument(help: "A code, as in RLR0205; the letters may be left out.")
    var code: String?

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        guard let code else {
            try surroundings.console.print(CodeExplanation.table)
            return .fine
        }
        let digits = code.drop { !$0.isNumber }
        let text = "RLR" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard let known = DiagnosticCode(rawValue: text) else {
            throw UnknownName("code", code, among: DiagnosticCode.inOrder.map(\.rawValue))
        }
        try surroundings.console.print(known.explanation.text)
        return .fine
    }
}
