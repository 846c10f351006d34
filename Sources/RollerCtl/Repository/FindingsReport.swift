import OrderedCollections
import RollerCore

/// Findings as people or programs read them.
struct FindingsReport {
    let findings: [Diagnostic]
    /// The texts of the files they speak of.
    let texts: [String: String]

    /// The findings with excerpts, an empty line after each.
    func text(_ paint: (String, Severity) -> String) -> String {
        findings.map { $0.text(source: { texts[$0] }, paint: paint) + "\n\n" }.joined()
    }

    /// One object: the findings in order.
    var json: String {
        let findings = findings.map { finding in
            var fields: OrderedDictionary<String, Value> = [
                "code": .string(finding.code.rawValue), "severity": .string(finding.severity.rawValue),
            ]
            fields.merge(place(finding.location)) { old, _ in old }
            fields["message"] = .string(finding.message)
            if let hint = finding.hint { fields["hint"] = .string(hint) }
            if !finding.related.isEmpty {
                fields["related"] = .list(
                    finding.related.map { related in
                        var fields = place(related.location)
                        fields["message"] = .string(related.message)
                        return .map(fields)
                    })
            }
            return Value.map(fields)
        }
        return String(decoding: Value.map(["findings": .list(findings)]).json(pretty: true), as: UTF8.self)
    }

    private func place(_ location: SourceLocation) -> OrderedDictionary<String, Value> {
        guard location.line > 0 else { return ["file": .string(location.file)] }
        return [
            "file": .string(location.file), "line": .int(location.line), "column": .int(location.column),
            "length": .int(location.length),
        ]
    }

    /// "3 errors, 1 warning in 6 hosts".
    func summary(hosts: Int) -> String { "\(counts) in \(counted(hosts, "host"))" }

    /// "3 errors, 1 warning"; "no findings".
    var counts: String {
        let counts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : counted(count, severity.rawValue)
        }
        return counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
    }
}

extension Console {
    /// Shows findings as data.
    func print(_ report: FindingsReport) throws {
        try print(report.text { paint($0, $1 == .error ? .red : $1 == .warning ? .yellow : .cyan, on: .output) })
    }
}
