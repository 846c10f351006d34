import ArgumentParser
import OrderedCollections
import RollerCore

/// Tells about the codes of findings.
struct Explain: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells what a code of `lint` means: why it matters, an example, and what to do.",
        discussion: "Without a code, lists all of them.")

    @Argument(help: "A code, as in RLR0205; the letters may be left out.")
    var code: String?

    @Option(help: "How the answer is shown.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        guard let code else {
            switch format {
            case .text: try surroundings.console.print(CodeExplanation.table)
            case .json:
                let codes = DiagnosticCode.inOrder.map(\.explanation.value)
                try surroundings.console.print(Value.map(["codes": .list(codes)]).prettyJSON)
            }
            return .fine
        }
        let digits = code.drop { !$0.isNumber }
        let text = "RLR" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard let known = DiagnosticCode(rawValue: text) else {
            throw UnknownName("code", code, among: DiagnosticCode.inOrder.map(\.rawValue))
        }
        switch format {
        case .text: try surroundings.console.print(known.explanation.text)
        case .json: try surroundings.console.print(known.explanation.value.prettyJSON)
        }
        return .fine
    }
}
