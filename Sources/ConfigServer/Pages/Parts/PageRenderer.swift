internal import HTTPTypes
internal import NIOCore
internal import RollerCore

/// Makes answers of pages. It holds the one template, read when the server starts.
struct PageRenderer: Sendable {
    private let template: Template

    init() {
        switch Template.parse(PageTemplate.text, file: "page.html") {
        case .success(let template): self.template = template
        case .failure(let errors): preconditionFailure("the template of pages has errors: \(errors.diagnostics)")
        }
    }

    /// Nothing but what this server itself sends may be loaded, run or framed.
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'"

    /// - Throws: `PageError` when the page is too large to be made.
    func answer(_ page: Page, _ standing: Standing, status: HTTPResponse.Status = .ok) throws(PageError) -> Answer {
        let limits = Template.Limits(outputBytes: 16 << 20, steps: 4_000_000)
        switch template.render(page.scope(standing), escaping: .html, limits: limits) {
        case .success(let rendering):
            var answer = Answer(
                View(Array(rendering.text.utf8), type: "text/html; charset=utf-8"), of: page.snapshot?.revision)
            answer.status = status
            answer.headers[.contentSecurityPolicy] = Self.policy
            answer.headers[.referrerPolicy] = "same-origin"
            return answer
        case .failure(let errors): throw PageError(title: page.title, findings: errors.diagnostics)
        }
    }
}

/// A page that cannot be made: it would be too large, or names something that is not there.
struct PageError: RollerError {
    let title: String
    let findings: [Diagnostic]

    var message: String { "cannot make the page '\(title)': \(findings.first?.message ?? "no reason")" }
    var hint: String? { nil }
}

extension HTTPField.Name {
    fileprivate static var referrerPolicy: HTTPField.Name {
        guard let name = HTTPField.Name("Referrer-Policy") else { preconditionFailure("not a header's name") }
        return name
    }
}
