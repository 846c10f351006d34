/// A place in a text. Lines and columns start at 1; columns count Unicode scalars, as libyaml's marks do.
public struct YAMLPosition: Hashable, Comparable, Sendable {
    // 32 bits hold any place in a text that `YAMLLimits` lets through, and keep nodes small.
    private let storedLine: Int32
    private let storedColumn: Int32

    /// The line, from 1.
    public var line: Int { Int(storedLine) }
    /// The column, from 1, in Unicode scalars.
    public var column: Int { Int(storedColumn) }

    /// - Parameters:
    ///   - line: The line, from 1.
    ///   - column: The column, from 1, in Unicode scalars.
    public init(line: Int, column: Int) {
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
    }

    /// Earlier in the text.
    public static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
        (left.storedLine, left.storedColumn) < (right.storedLine, right.storedColumn)
    }

    /// The first place of every text.
    public static let start = YAMLPosition(line: 1, column: 1)

    func advanced(columns: Int) -> YAMLPosition { YAMLPosition(line: line, column: column + columns) }
}

/// A stretch of text. `end` is the first place behind it.
public struct YAMLRange: Hashable, Sendable {
    /// The first place inside.
    public let start: YAMLPosition
    /// The first place behind.
    public let end: YAMLPosition

    /// - Parameters:
    ///   - start: The first place inside.
    ///   - end: The first place behind.
    public init(start: YAMLPosition, end: YAMLPosition) {
        self.start = start
        self.end = end
    }

    /// `columns` scalars of one line, from `start` on.
    init(at start: YAMLPosition, columns: Int = 1) {
        self.init(start: start, end: start.advanced(columns: columns))
    }
}
