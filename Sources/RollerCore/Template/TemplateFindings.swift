/// Collects what is wrong with a template, up to a bound: a file full of errors must not cost more than one full of text.
struct TemplateFindings {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    /// More than anyone reads. The first of them are what one mends before running lint again.
    static let maximum = 1_000

    var isFull: Bool { diagnostics.count >= Self.maximum }
    var errors: TemplateErrors { TemplateErrors(diagnostics: diagnostics.sortedForReading()) }

    init(file: String) { self.file = file }

    mutating func add(
        _ code: DiagnosticCode, at place: Template.Place, _ message: String, hint: String? = nil,
        related: [(Template.Place, String)] = []
    ) {
        guard !isFull else { return }
        diagnostics.append(
            Diagnostic(
                code, at: place.location(in: file), message, hint: hint,
                related: related.map { .init($0.0.location(in: file), $0.1) }))
        guard isFull else { return }
        let last = place.location(in: file)
        diagnostics.append(
            Diagnostic(code, severity: .note, at: last, "more than \(Self.maximum) findings; the rest is not shown"))
    }

    /// `text` between single quotes, shortened where it would fill the screen.
    static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(81)
        guard scalars.count > 80 else { return "'\(text)'" }
        return "'\(String(String.UnicodeScalarView(scalars.dropLast())))…'"
    }
}
