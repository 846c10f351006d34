import ArgumentParser
import RollerCore

/// How findings are shown.
enum FindingsFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people: with excerpts.
    case text
    /// For scripts.
    case json
    /// SARIF 2.1.0, for code review services.
    case sarif
    /// Workflow commands of GitHub Actions, which become annotations.
    case github
}

extension Console {
    /// Shows findings as data.
    func print(_ report: FindingsReport, as format: FindingsFormat) throws {
        switch format {
        case .text: try print(report)
        case .json: try print(report.json)
        case .sarif: try print(Sarif.log(of: report.findings, version: RollerCtl.version).prettyJSON)
        case .github: try print(GitHubAnnotations.text(of: report.findings))
        }
    }
}

extension Value {
    /// For programs and for eyes, with a line feed at the end.
    var prettyJSON: String { String(decoding: json(pretty: true), as: UTF8.self) }
}
