/// One finding about the config repository: a value, so that one pass can collect them all.
public struct Diagnostic: Hashable, Sendable {
    /// What is wrong, stable across releases, for `rollerctl explain` and for suppressing by tools.
    public let code: DiagnosticCode
    /// How bad it is.
    public let severity: Severity
    /// Where to look first.
    public let location: SourceLocation
    /// One sentence without a full stop: quotes the value and says what is wrong with the file.
    public let message: String
    /// Something one can do about it.
    public let hint: String?
    /// Other places that belong to the finding, such as the first use of a duplicate key.
    public let related: [RelatedPlace]

    /// A place that helps to understand a finding, and what is there.
    public struct RelatedPlace: Hashable, Sendable {
        /// Where.
        public let location: SourceLocation
        /// What is there, in a few words.
        public let message: String

        /// A place and what is there.
        public init(_ location: SourceLocation, _ message: String) {
            self.location = location
            self.message = message
        }
    }

    /// A finding of any severity.
    public init(
        _ code: DiagnosticCode, severity: Severity? = nil, at location: SourceLocation, _ message: String,
        hint: String? = nil, related: [RelatedPlace] = []
    ) {
        self.code = code
        self.severity = severity ?? code.severity
        self.location = location
        self.message = message
        self.hint = hint
        self.related = related
    }
}

/// How bad a finding is. An error means that some host could not be rolled as the repository says.
public enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
    case note, warning, error

    public static func < (a: Severity, b: Severity) -> Bool {
        switch (a, b) {
        case (.note, .warning), (.note, .error), (.warning, .error): true
        default: false
        }
    }
}

extension Sequence where Element == Diagnostic {
    /// In the order people read them: by file, line and column, then by code.
    public func sortedForReading() -> [Diagnostic] {
        sorted { ($0.location, $0.code.rawValue, $0.message) < ($1.location, $1.code.rawValue, $1.message) }
    }

    /// Each finding once, in the order of their first appearance.
    public func eachOnce() -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return filter { seen.insert($0).inserted }
    }

    /// Whether any finding is an error.
    public var hasErrors: Bool { contains { $0.severity == .error } }
}
