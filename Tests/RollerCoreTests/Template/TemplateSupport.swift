import OrderedCollections
import RollerCore

/// What a template makes of some values: the text, or one line a finding, `line:column+length code message`.
enum TemplateOutcome: Equatable {
    case text(String)
    case findings([String])
    case syntax([String])
}

func templateOutcome(
    _ template: String, _ values: OrderedDictionary<String, Value> = [:], escaping: Template.Escaping = .none
) -> TemplateOutcome {
    switch Template.parse(template, file: "t") {
    case .failure(let errors): .syntax(errors.diagnostics.map(templateSummary))
    case .success(let template):
        switch template.render(.map(values), escaping: escaping) {
        case .failure(let errors): .findings(errors.diagnostics.map(templateSummary))
        case .success(let rendering): .text(rendering.text)
        }
    }
}

/// What is wrong with a template, or with its values; empty when it could be rendered.
func templateFindings(
    _ template: String, _ values: Value = .map([:]), limits: Template.Limits = .standard
) -> [Diagnostic] {
    let rendering = Template.parse(template, file: "t").flatMap { $0.render(values, limits: limits) }
    guard case .failure(let errors) = rendering else { return [] }
    return errors.diagnostics
}

func templateSummary(_ finding: Diagnostic) -> String {
    let place = finding.location
    return "\(place.line):\(place.column)+\(place.length) \(finding.code.rawValue) \(finding.message)"
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct TemplateSeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
