/// A mistake in a text.
public struct YAMLProblem: Hashable, Sendable {
    /// What kind of mistake.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The text is not YAML.
        case syntax
        /// Nothing but blanks and comments.
        case empty
        /// A second document.
        case severalDocuments
        /// `%YAML` or `%TAG`.
        case directive
        /// A key that its mapping already has.
        case duplicateKey
        /// `<<`, of YAML 1.1 alone.
        case mergeKey
        /// A sequence, mapping or alias where a key belongs.
        case nonScalarKey
        /// A plain key that is read as something else than a text or a simple whole number.
        case ambiguousKey
        /// `!!str`, `!name`, `!`.
        case explicitTag
        /// An alias to an anchor that does not stand above it.
        case unknownAlias
        /// An alias inside of what it names.
        case recursiveAlias
        /// An anchor whose name is taken.
        case duplicateAnchor
        /// Aliases that grow the document beyond its limits.
        case aliasBudget
        /// More bytes than `YAMLLimits.bytes`.
        case tooLarge
        /// More nesting than `YAMLLimits.depth`.
        case tooDeep
        /// More values than `YAMLLimits.nodes`, or more text in them than `YAMLLimits.expandedBytes`.
        case tooManyNodes
        /// A tab outside of quotes, block text and comments.
        case tab
        /// A line end of Windows or of old Macs.
        case carriageReturn
        /// A byte order mark.
        case byteOrderMark
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// A character that does not show, or makes a text show as another one.
        case controlCharacter
        /// libyaml could not get memory.
        case outOfMemory
    }

    /// A second place that belongs to a problem.
    public struct Related: Hashable, Sendable {
        /// Where.
        public let range: YAMLRange
        /// What is there: "first used here".
        public let message: String

        /// - Parameters:
        ///   - range: Where.
        ///   - message: What is there.
        public init(range: YAMLRange, message: String) {
            self.range = range
            self.message = message
        }
    }

    /// What kind of mistake.
    public let kind: Kind
    /// Where.
    public let range: YAMLRange
    /// What is wrong with the text, in one line. It holds no character that could steer a terminal.
    public let message: String
    /// What one can do.
    public let hint: String?
    /// A second place to look at.
    public let related: Related?

    /// - Parameters:
    ///   - kind: What kind of mistake.
    ///   - range: Where.
    ///   - message: What is wrong with the text, in one line.
    ///   - hint: What one can do.
    ///   - related: A second place to look at.
    public init(kind: Kind, range: YAMLRange, message: String, hint: String? = nil, related: Related? = nil) {
        self.kind = kind
        self.range = range
        self.message = message
        self.hint = hint
        self.related = related
    }
}

/// Problems in the order found, so many and no more.
struct ProblemList {
    private(set) var problems: [YAMLProblem] = []
    private(set) var unlisted = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func add(_ problem: YAMLProblem) {
        if problems.count < limit { problems.append(problem) } else { unlisted += 1 }
    }
}
