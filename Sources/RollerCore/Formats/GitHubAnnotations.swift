/// Findings as workflow commands of GitHub Actions, which show them beside the lines of a pull request
/// (docs.github.com, "Workflow commands for GitHub Actions").
public enum GitHubAnnotations {
    /// One line for each finding, with its line feed.
    public static func text(of findings: [Diagnostic]) -> String {
        findings.map { line($0) + "\n" }.joined()
    }

    private static func line(_ finding: Diagnostic) -> String {
        let place = finding.location
        var properties: [(String, String)] = []
        var message = finding.message
        if place.releaseAndPath.release == nil {
            properties.append(("file", place.file))
            if place.line > 0 { properties.append(("line", "\(place.line)")) }
            if place.line > 0, place.column > 0 {
                // The last column that is meant, not the one behind it: by default it is the first one.
                properties += [("col", "\(place.column)"), ("endColumn", "\(place.column + place.length - 1)")]
            }
        } else {
            // A file of a release is not among the files of the pull request, and its lines are others.
            message = "\(place): \(message)"
        }
        properties.append(("title", finding.code.rawValue))
        message += finding.related.map { "\n\($0.location): \($0.message)" }.joined()
        if let hint = finding.hint { message += "\nhint: \(hint)" }
        let list = properties.map { "\($0)=\(escaped($1, ":,"))" }.joined(separator: ",")
        return "::\(command(finding.severity)) \(list)::\(escaped(message, ""))"
    }

    private static func command(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .note: "notice"
        }
    }

    /// As the runner undoes it: nothing of `text` can end the command or begin another one.
    private static func escaped(_ text: String, _ further: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "%") || byte == 0x0a || byte == 0x0d || further.utf8.contains(byte) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
