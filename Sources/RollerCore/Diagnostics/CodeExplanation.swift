internal import OrderedCollections

/// What there is to know about one code: for `rollerctl explain`, for Docs/lint.md, and for the tests, which try every
/// example.
public struct CodeExplanation: Sendable {
    /// The code.
    public let code: DiagnosticCode
    /// What is wrong, in a few words.
    public let title: String
    /// Why it matters: what would happen if it passed.
    public let why: String
    /// What to do about it.
    public let fix: String
    /// A smallest repository that has it; nil where the repository alone does not tell.
    let example: Example?
    /// Who finds it, where that is not `rollerctl lint` on the repository alone.
    public let foundBy: String?

    /// A mistake in one file of a small repository that is otherwise in order.
    struct Example: Sendable {
        /// The file's path.
        let path: String
        /// What it says; nil for a file that is not there.
        let broken: String?
        /// What it says once it is mended; nil for a file that is gone then.
        let mended: String?
        /// Other files that the example needs, broken or not.
        var others: [String: String] = [:]
        /// What the file is, broken.
        var kind = RepoFile.Kind.file
        /// Tags beside that of the release, until it is mended.
        var tags: [String] = []

        /// Where to look, in words.
        fileprivate var place: String {
            kind == .symlink ? "\(path), a symbolic link to" : tags.isEmpty ? path : "\(path), with a tag \(tags[0])"
        }
    }

    init(
        _ code: DiagnosticCode, _ title: String, why: String, fix: String, foundBy: String? = nil,
        _ path: String, _ broken: String?, mended: String?, others: [String: String] = [:],
        kind: RepoFile.Kind = .file, tags: [String] = []
    ) {
        self.code = code
        self.title = title
        self.why = why
        self.fix = fix
        self.foundBy = foundBy
        example = Example(path: path, broken: broken, mended: mended, others: others, kind: kind, tags: tags)
    }

    init(_ code: DiagnosticCode, _ title: String, why: String, fix: String, foundBy: String) {
        self.code = code
        self.title = title
        self.why = why
        self.fix = fix
        self.foundBy = foundBy
        example = nil
    }

    /// Every code with its title, a line each.
    public static var table: String {
        DiagnosticCode.inOrder.map { code in
            let severity = "\(code.severity)".padded(to: 7)
            return "\(code.rawValue)  \(severity)  \(code.explanation.title)\n"
        }.joined()
    }

    /// This explanation for a terminal: indented examples, lines of at most 80 columns where words allow it.
    public var text: String {
        var text = "\(code.rawValue) (\(code.severity)): \(title)\n\n\(why.wrapped)\n"
        if let foundBy { text += "\nFound by \(foundBy).".wrapped + "\n" }
        if let example {
            let shown = example.broken.map { $0.indented } ?? "    (there is no such file)\n"
            text += "\nFor example, \(example.place):\n\n\(shown)\nof which lint says:\n\n\(output.indented)"
        }
        return text + "\nWhat to do: \(fix)".wrapped + "\n"
    }

    /// This explanation for programs.
    public var value: Value {
        var fields: OrderedDictionary<String, Value> = [
            "code": .string(code.rawValue), "severity": .string(code.severity.rawValue), "title": .string(title),
            "why": .string(why), "fix": .string(fix),
        ]
        if !output.isEmpty { fields["example"] = .string(output) }
        return .map(fields)
    }

    /// This explanation as a section of a page.
    var markdown: String {
        var text = "### \(code.rawValue) \(title)\n\n\(why.wrapped(at: 120))\n"
        if let foundBy { text += "\nFound by \(foundBy).\n" }
        if let example {
            text += example.broken.map { "\n\(example.place):\n\n```\n\($0.visible)```\n" } ?? ""
            text += "\n```\n\(output)```\n"
        }
        return text + "\n*What to do:* \(fix)\n".wrapped(at: 120)
    }

    /// What lint says about the example.
    private var output: String {
        guard let example else { return "" }
        let repository = ExampleRepository(example)
        let findings = repository.findings(of: code)
        return (findings.first { $0.severity == code.severity } ?? findings.first).map {
            $0.text { repository.text(of: $0) } + "\n"
        } ?? ""
    }

    /// The page that has all of them.
    public static var page: String {
        var text = """
            # What lint finds

            This page is made by `ROLLER_RECORD=1 swift test --filter CatalogueTests`; `rollerctl explain CODE` prints the same. Every
            example is tried by the tests: broken, it gives the finding shown; mended, none. They change one file of a small repository
            that has a host `web-01.example.com`, of class `web`, at the release `web@1`.

            An error would stop some host's roll. A warning would stop the next release, or is likely a mistake. A note is about what
            is there and does nothing; `rollerctl lint --min-severity note` shows these.

            | code | severity | what is wrong |
            | --- | --- | --- |

            """
        for code in DiagnosticCode.inOrder {
            text +=
                "| [\(code.rawValue)](#\(code.explanation.anchor)) | \(code.severity) | \(code.explanation.title) |\n"
        }
        var subject = ""
        for code in DiagnosticCode.inOrder {
            if code.subject != subject { text += "\n## \(code.subject)\n" }
            subject = code.subject
            text += "\n\(code.explanation.markdown)"
        }
        return text
    }

    /// The anchor that GitHub and its like make of the heading.
    private var anchor: String {
        let heading = "\(code.rawValue) \(title)".lowercased()
        return String(heading.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" ? $0 : nil })
    }
}

extension DiagnosticCode {
    /// All codes by number.
    public static var inOrder: [DiagnosticCode] { allCases.sorted { $0.rawValue < $1.rawValue } }

    /// What codes of the same hundred are about.
    var subject: String {
        switch rawValue.dropFirst(3).prefix(2) {
        case "00": "Layout"
        case "01": "YAML"
        case "02": "Keys, values and settings"
        case "03": "Packages and locks"
        case "04": "Releases and hosts"
        case "05": "Services"
        case "06": "Files and templates"
        case "07": "People"
        default: "What does nothing"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate var indented: String {
        visible.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
    }

    /// With a sign in place of each tab, and of each character that does not show.
    fileprivate var visible: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0 == "\t" ? "→" : $0.value == 0xfeff || $0.value < 0x20 && $0 != "\n" ? "␣" : $0 }
            ))
    }

    fileprivate var wrapped: String { wrapped(at: 80) }

    /// Broken at blanks, so that lines have at most `width` columns.
    fileprivate func wrapped(at width: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var lines = [""]
            for word in line.split(separator: " ") {
                let last = lines[lines.count - 1]
                if last.isEmpty {
                    lines[lines.count - 1] = String(word)
                } else if last.count + word.count < width {
                    lines[lines.count - 1] += " \(word)"
                } else {
                    lines.append(String(word))
                }
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
