/// A service as a class declares it: where, and with its texts parsed once for all hosts.
public struct LocatedService: Hashable, Sendable {
    /// The service.
    public let service: Service
    /// Where its name is written.
    public let location: SourceLocation
    /// Where each entry of `service.uses` is written.
    let uses: [SourceLocation]
    /// The templates among its texts, by text.
    let templates: [String: Template]
}

extension FileReader {
    /// A service with its texts parsed; those that cannot be are reported, and taken as they stand.
    mutating func located(_ service: Service, at location: SourceLocation, uses: [SourceLocation]) -> LocatedService {
        var templates: [String: Template] = [:]
        // Most texts hold no tag, and are not worth a parse.
        for text in service.texts where text.contains("{{") && templates[text] == nil {
            switch Template.parse(text, at: location) {
            case .success(let template): templates[text] = template
            case .failure(let errors): findings += errors.diagnostics.map { $0.moved(to: location, from: text) }
            }
        }
        return LocatedService(service: service, location: location, uses: uses, templates: templates)
    }
}

extension Diagnostic {
    /// A finding about a template within a service. The tag's own column would be counted in the text, not in the file:
    /// the service's name is what we know.
    func moved(to location: SourceLocation, from text: String) -> Diagnostic {
        Diagnostic(code, at: location, "\(message), in '\(text)'", hint: hint)
    }
}

extension Service {
    /// Every text that may hold a template.
    fileprivate var texts: [String] {
        var texts = validate ?? []
        if case .commands(let start, let stop, let reload, _) = supervisor { texts += start + stop + (reload ?? []) }
        for check in checks {
            switch check.probe {
            case .http(let text), .tcp(let text): texts.append(text)
            case .run(let words): texts += words
            }
        }
        return texts
    }
}
