internal import OrderedCollections

/// Findings as SARIF 2.1.0, the format in which code review services take the results of static analysis
/// (docs.oasis-open.org/sarif/sarif/v2.1.0).
public enum Sarif {
    /// The log of one run.
    /// - Parameter version: The version of the tool that looked.
    public static func log(of findings: [Diagnostic], version: String) -> Value {
        let codes = Set(findings.map(\.code)).sorted { $0.rawValue < $1.rawValue }
        let places = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($0.element, $0.offset) })
        let rules = codes.map { code in
            var rule: OrderedDictionary<String, Value> = ["id": .string(code.rawValue)]
            // Names of rules are in Pascal case (section 3.49.7).
            rule["name"] = .string("\(code)".capitalizedFirst)
            let explanation = code.explanation
            rule["shortDescription"] = text(explanation.title)
            rule["fullDescription"] = text(explanation.why)
            rule["help"] = text(explanation.fix)
            rule["defaultConfiguration"] = .map(["level": .string(code.severity.rawValue)])
            return Value.map(rule)
        }
        var run: OrderedDictionary<String, Value> = [
            "tool": .map([
                "driver": .map([
                    "name": .string("rollerctl"), "version": .string(version), "rules": .list(rules),
                ])
            ]),
            // Columns are counted as libyaml counts them.
            "columnKind": .string("unicodeCodePoints"),
        ]
        let bases = bases(of: findings)
        if !bases.isEmpty { run["originalUriBaseIds"] = .map(bases) }
        run["results"] = .list(findings.map { result($0, rule: places[$0.code] ?? 0) })
        return .map([
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .list([.map(run)]),
        ])
    }

    private static func result(_ finding: Diagnostic, rule: Int) -> Value {
        var result: OrderedDictionary<String, Value> = [
            "ruleId": .string(finding.code.rawValue), "ruleIndex": .int(rule),
            "level": .string(finding.severity.rawValue),
            "message": text(finding.message + (finding.hint.map { "\nhint: \($0)" } ?? "")),
            "locations": .list([place(finding.location)]),
        ]
        if !finding.related.isEmpty {
            result["relatedLocations"] = .list(finding.related.map { place($0.location, $0.message) })
        }
        // Without the line: a finding is the same one after lines were added above it.
        let identity = [finding.code.rawValue, finding.location.file, finding.message].joined(separator: "\n")
        result["partialFingerprints"] = .map(["roller/v1": .string(Digest(of: identity).rawValue)])
        return .map(result)
    }

    private static func place(_ location: SourceLocation, _ message: String? = nil) -> Value {
        let (release, path) = location.releaseAndPath
        var physical: OrderedDictionary<String, Value> = [
            "artifactLocation": .map([
                "uri": .string(percentEncoded(path)), "uriBaseId": .string(release ?? root),
            ])
        ]
        if location.line > 0 {
            var region: OrderedDictionary<String, Value> = ["startLine": .int(location.line)]
            if location.column > 0 {
                region["startColumn"] = .int(location.column)
                // The column behind the last one (section 3.30.8).
                region["endColumn"] = .int(location.column + location.length)
            }
            physical["region"] = .map(region)
        }
        var place: OrderedDictionary<String, Value> = ["physicalLocation": .map(physical)]
        if let message { place["message"] = text(message) }
        return .map(place)
    }

    /// A file of a release is at its path below that release, not below the state that is checked out.
    private static func bases(of findings: [Diagnostic]) -> OrderedDictionary<String, Value> {
        let places = findings.flatMap { [$0.location] + $0.related.map(\.location) }
        let releases = Set(places.compactMap { $0.releaseAndPath.release }).sorted()
        return OrderedDictionary(
            uniqueKeysWithValues: releases.map {
                ($0, .map(["description": text("The repository at the release \($0), a git tag.")]))
            })
    }

    private static let root = "%SRCROOT%"

    private static func text(_ text: String) -> Value { .map(["text": .string(text)]) }

    /// A path as a relative reference of RFC 3986: what is not unreserved is written in hexadecimal, so that neither a
    /// colon nor a percent sign means anything.
    private static func percentEncoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            if NameBytes.isAlphanumeric(byte) || "-._~/".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SourceLocation {
    /// The release that the file belongs to, nil for a file of the state itself, and its path there.
    public var releaseAndPath: (release: String?, path: String) {
        guard let colon = file.firstIndex(of: ":"), ReleaseReference(String(file[..<colon])) != nil else {
            return (nil, file)
        }
        return (String(file[..<colon]), String(file[file.index(after: colon)...]))
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
