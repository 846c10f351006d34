/// Reads YAML strictly: one document, and nothing in it that two readers of YAML would take differently.
public enum YAMLDocument {
    /// Reads a text. Mistakes are values: all findings of one pass come back together, in the order of the text.
    /// - Parameters:
    ///   - bytes: The text, as UTF-8.
    ///   - limits: What the document may ask for.
    public static func parse(_ bytes: [UInt8], limits: YAMLLimits = .standard) -> YAMLParse {
        bytes.withUnsafeBufferPointer { parse($0, limits: limits) }
    }

    /// Reads a text.
    /// - Parameters:
    ///   - text: The text.
    ///   - limits: What the document may ask for.
    public static func parse(_ text: String, limits: YAMLLimits = .standard) -> YAMLParse {
        var text = text
        return text.withUTF8 { parse($0, limits: limits) }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, limits: YAMLLimits) -> YAMLParse {
        var problems = ProblemList(limit: limits.problems)
        guard bytes.count <= min(limits.bytes, 1 << 30) else {
            problems.add(.tooLarge(bytes.count, limit: limits.bytes))
            return YAMLParse(root: nil, problems: problems)
        }
        let scan = SourceScan(bytes, problems: &problems)
        guard scan.isReadable else { return YAMLParse(root: nil, problems: problems) }
        var builder = TreeBuilder(limits: limits, notesScalars: scan.hasTabs, problems: problems)
        let text = UnsafeBufferPointer(rebasing: bytes.dropFirst(scan.byteOrderMarkLength))
        let ending = builder.read(text)
        return YAMLParse(root: builder.finish(ending, text: text), problems: builder.problems)
    }
}

/// What reading a text gave.
public struct YAMLParse: Hashable, Sendable {
    /// The document. Nil when it is empty, or when a problem ended the reading. When there are problems, a root shows as
    /// much of the document as could be made out, so that further checks can be run on it: entries with a key that is
    /// a duplicate, a merge key or no scalar are left out, and a bad alias is an empty scalar.
    public let root: YAMLNode?
    /// All that is wrong with the text, in its order. Empty means that the text may be used.
    public let problems: [YAMLProblem]
    /// How many more there are than the limits let be listed.
    public let unlistedProblems: Int

    init(root: YAMLNode?, problems: ProblemList) {
        self.root = root
        self.problems = problems.problems.enumerated()
            .sorted { ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset) }.map(\.element)
        unlistedProblems = problems.unlisted
    }
}

extension YAMLProblem {
    static func tooLarge(_ count: Int, limit: Int) -> YAMLProblem {
        YAMLProblem(
            kind: .tooLarge, range: YAMLRange(at: .start, columns: 0),
            message: "the file has \(count) bytes, and \(limit) are allowed", hint: "split the file")
    }
}
