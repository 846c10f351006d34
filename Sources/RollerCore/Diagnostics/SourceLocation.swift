/// A place in a file of the config repository: where a value was written, or where something is wrong.
public struct SourceLocation: Hashable, Sendable, Comparable {
    /// The path from the repository's root, `/` between components.
    public let file: String
    /// The line, from 1. 0 means the file as a whole.
    public let line: Int
    /// The column in Unicode scalars, from 1. 0 means the line or the file as a whole.
    public let column: Int
    /// How many scalars of that line the place covers; at least 1.
    public let length: Int

    /// A place that covers `length` scalars of one line.
    public init(file: String, line: Int, column: Int, length: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
        self.length = max(1, length)
    }

    /// A whole file, where no line can be named (it is missing, or must not be there).
    public init(file: String) {
        self.init(file: file, line: 0, column: 0)
    }

    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.file, a.line, a.column, a.length) < (b.file, b.line, b.column, b.length)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, as compilers write it; `file` alone where there is no line.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}
