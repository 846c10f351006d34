internal import YAMLDocument
internal import OrderedCollections

/// Reads the YAML of one file into values, and collects what is wrong with it.
///
/// Every `read…` gives nil where it has added a finding; callers go on, so that one pass shows every mistake.
struct FileReader {
    /// The file's path, for findings.
    let file: String
    /// What was found so far.
    var findings: [Diagnostic] = []
    /// Where something was left out of what was parsed; what is missing there needs no second finding.
    private var gaps: Set<YAMLPosition> = []
    /// Whether the text goes on behind what was parsed.
    private var isCutOff = false

    init(file: String) { self.file = file }

    /// Parses `bytes`; nil when there is no document to read.
    mutating func parse(_ bytes: [UInt8]) -> YAMLNode? {
        let parse = YAMLDocument.parse(bytes)
        findings.append(contentsOf: parse.problems.map { Diagnostic($0, file: file) })
        for problem in parse.problems {
            switch problem.kind {
            case .unknownAlias, .recursiveAlias: gaps.insert(problem.range.start)
            case .severalDocuments: isCutOff = true
            default: break
            }
        }
        if parse.unlistedProblems > 0, let last = findings.last {
            findings.append(
                Diagnostic(
                    last.code, severity: .note, at: last.location,
                    "\(parse.unlistedProblems) more problems of this file are not shown"))
        }
        return parse.root
    }

    /// The place of `range` in this file, as far as it lies on one line.
    func location(_ range: YAMLRange) -> SourceLocation {
        SourceLocation(range, file: file)
    }

    mutating func add(
        _ code: DiagnosticCode, at range: YAMLRange, _ message: String, hint: String? = nil,
        related: [Diagnostic.RelatedPlace] = []
    ) {
        guard !gaps.contains(range.start) else { return }
        findings.append(Diagnostic(code, at: location(range), message, hint: hint, related: related))
    }

    // MARK: Maps with known keys

    /// The entries of a map whose keys are known; keys that begin with `x-` are free.
    /// - Parameter what: What the map is, with its article: "a host".
    mutating func fields(
        of node: YAMLNode, as what: String, known: [String], required: [String] = []
    ) -> Fields? {
        guard case .mapping(let entries) = node.content else {
            add(
                .wrongType, at: node.range, "\(what) is a map of keys, and this is \(node.kindInWords)",
                hint: "write `key: value` lines; the keys are \(known.joined(separator: ", "))")
            return nil
        }
        var found: [String: YAMLEntry] = [:]
        for entry in entries where !entry.key.text.hasPrefix("x-") {
            if known.contains(entry.key.text) {
                if found[entry.key.text] == nil { found[entry.key.text] = entry }
            } else {
                add(
                    .unknownKey, at: entry.key.range, "\(what) has no key '\(entry.key.text)'",
                    hint: nearestName(to: entry.key.text, among: known).map { "did you mean '\($0)'?" }
                        ?? "the keys are \(known.joined(separator: ", ")); x-\(entry.key.text) would be a note")
            }
        }
        for key in required where found[key] == nil && !isCutOff {
            add(.missingKey, at: node.range.firstLine, "\(what) needs the key '\(key)'", hint: "add `\(key): …`")
        }
        return Fields(entries: found)
    }

    /// The entries of a map whose keys are names of a kind; bad ones are reported and left out.
    mutating func named<Name: ValidatedText>(
        _ node: YAMLNode, as what: String, keys: Name.Type, of kind: String
    ) -> [(name: Name, key: YAMLKey, value: YAMLNode)] {
        guard case .mapping(let entries) = node.content else {
            if !isEmptyScalar(node) {
                add(
                    .wrongType, at: node.range, "\(what) is a map, and this is \(node.kindInWords)",
                    hint: "write `{}` for none, or `name: value` lines")
            } else {
                add(.wrongType, at: node.range, "\(what) has no value", hint: "write `{}` for none")
            }
            return []
        }
        var seen: Set<String> = []
        return entries.compactMap { entry in
            guard !entry.key.text.hasPrefix("x-"), seen.insert(entry.key.text).inserted else { return nil }
            guard let name = Name(entry.key.text) else {
                add(.badName, at: entry.key.range, "'\(entry.key.text)' cannot name \(kind)", hint: "use \(Name.rule)")
                return nil
            }
            return (name, entry.key, entry.value)
        }
    }

    private func isEmptyScalar(_ node: YAMLNode) -> Bool {
        guard case .scalar(let scalar) = node.content else { return false }
        return scalar.resolution == .null
    }
}

/// The entries of a map with known keys.
struct Fields {
    fileprivate let entries: [String: YAMLEntry]

    /// The value below `key`, if it is there.
    subscript(key: String) -> YAMLNode? { entries[key]?.value }

    /// The key as written, for findings about it.
    func key(_ key: String) -> YAMLKey? { entries[key]?.key }
}

extension SourceLocation {
    /// A range of a YAML file; one that spans lines is shown by its first.
    init(_ range: YAMLRange, file: String) {
        let length = range.start.line == range.end.line ? range.end.column - range.start.column : 1
        self.init(file: file, line: range.start.line, column: range.start.column, length: length)
    }
}

extension YAMLRange {
    /// The beginning of the range, for what is wrong with the whole of it.
    var firstLine: YAMLRange { YAMLRange(start: start, end: start) }
}

extension Diagnostic {
    /// A finding of the YAML layer, with Roller's code for it.
    init(_ problem: YAMLProblem, file: String) {
        let code: DiagnosticCode =
            switch problem.kind {
            case .duplicateKey: .yamlDuplicateKey
            case .ambiguousKey: .yamlAmbiguousScalar
            case .mergeKey, .severalDocuments, .nonScalarKey, .explicitTag, .directive: .yamlForbidden
            case .tooDeep, .tooLarge, .tooManyNodes, .aliasBudget, .recursiveAlias: .yamlTooLarge
            case .byteOrderMark, .invalidUTF8, .controlCharacter, .carriageReturn: .yamlText
            case .syntax, .empty, .unknownAlias, .duplicateAnchor, .tab, .outOfMemory: .yamlSyntax
            }
        self.init(
            code, at: SourceLocation(problem.range, file: file), problem.message, hint: problem.hint,
            related: problem.related.map { [RelatedPlace(SourceLocation($0.range, file: file), $0.message)] } ?? [])
    }
}
