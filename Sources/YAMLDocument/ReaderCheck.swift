/// What libyaml takes and other readers refuse or take for something else, though it is YAML or near it. Each case was
/// found by `Scripts/yaml-differential`, which holds this reader against PyYAML and ruamel.yaml.
extension TreeBuilder {
    /// `[a?b]`: PyYAML ends a plain text inside brackets at a question mark.
    static func questionMark(in scalar: YAMLScalar, _ range: YAMLRange, isInFlow: Bool) -> YAMLProblem? {
        guard isInFlow, scalar.style == .plain, scalar.text.utf8.contains(UInt8(ascii: "?")) else { return nil }
        return YAMLProblem(
            kind: .syntax, range: range, message: "some readers of YAML end a text inside '[ ]' or '{ }' at a '?'",
            hint: "put the text in quotes")
    }
}

extension YAMLScalar {
    var isBlock: Bool { style == .literal || style == .folded }
}

/// A mark at whose place readers disagree on what may stand next to it.
enum NotedMark {
    /// A block text, from its anchor on if it has one.
    case block(YAMLPosition)
    /// `&name` or `*name`.
    case name(YAMLPosition, length: Int)
    /// The value of a pair that stands in a list without braces.
    case pair(YAMLPosition)

    var position: YAMLPosition {
        switch self {
        case .block(let position), .name(let position, _), .pair(let position): position
        }
    }
}

extension ProblemList {
    /// Notes where what surrounds a mark, or the document, makes readers disagree.
    /// - Parameters:
    ///   - marks: In any order.
    ///   - root: The document.
    mutating func add(readingsOf source: SourceText, marks: [NotedMark], root: YAMLNode?) {
        if source.endMarks > 1 { add(.secondEnd(source.end)) }
        // One walk for all, since many marks can stand in one long line.
        var walk = SourceCursor(source)
        for mark in marks.sorted(by: { $0.position < $1.position }) {
            while walk.position < mark.position { walk.advance() }
            var cursor = walk
            switch mark {
            case .block: if let problem = cursor.blockProblem() { add(problem) }
            case .pair: if let problem = cursor.pairProblem { add(problem) }
            case .name(_, let length): if let problem = cursor.nameProblem(length: length) { add(problem) }
            }
        }
        guard let root, let scalar = root.scalar, scalar.isBlock else { return }
        let isBlank = scalar.text.utf8.allSatisfy { $0 == 0x0A }
        if let line = source.mistakenLine(below: root.range.start.line, isBlank: isBlank) {
            add(.lineBelowRootBlock(line))
        }
    }
}

extension SourceText {
    /// How many `...` follow the document, with nothing but blank lines and comments among them.
    fileprivate var endMarks: Int {
        var marks = 0
        var end = bytes.count
        while true {
            let start = bytes[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let line = bytes[start..<end]
            if line.starts(with: "...".utf8) {
                marks += 1
            } else if let first = line.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }),
                first != UInt8(ascii: "#")
            {
                return marks
            }
            if start == 0 { return marks }
            end = start - 1
        }
    }
}

extension SourceText {
    /// The first line that ruamel.yaml takes for a part of a block text that is the whole document, and libyaml for
    /// something behind it: `#` without a blank before it, and `...` when no line of the text has come yet.
    fileprivate func mistakenLine(below first: Int, isBlank: Bool) -> YAMLPosition? {
        var line = 1
        var start = 0
        while start < bytes.count {
            let isMistaken =
                bytes[start] == UInt8(ascii: "#") || isBlank && bytes[start...].starts(with: "...".utf8)
            if line > first, isMistaken { return YAMLPosition(line: line, column: 1) }
            line += 1
            start = lineEnd(from: start).next
        }
        return nil
    }
}

/// A byte of a text and its place. Columns count characters.
private struct SourceCursor {
    private let source: SourceText
    private(set) var position = YAMLPosition.start
    private var index = 0

    init(_ source: SourceText) { self.source = source }

    private var byte: UInt8? { index < source.bytes.count ? source.bytes[index] : nil }
    private var isAtBlank: Bool { byte == 0x20 || byte == 0x09 || isAtLineEnd }
    private var isAtLineEnd: Bool { byte == 0x0A || byte == 0x0D || byte == nil }

    mutating func advance() {
        guard let byte else { return position = YAMLPosition(line: .max, column: 1) }
        index += 1
        if byte == 0x0A {
            position = YAMLPosition(line: position.line + 1, column: 1)
        } else if self.byte.map({ $0 & 0xC0 != 0x80 }) ?? true {
            position = position.advanced(columns: 1)
        }
    }

    /// What is wrong behind `&name`: `&a:b` is the text `:b` to libyaml, and a name with a colon to others.
    mutating func nameProblem(length: Int) -> YAMLProblem? {
        for _ in 0...length { advance() }
        guard !isAtBlank, let byte, !",]}".utf8.contains(byte) else { return nil }
        return .crampedName(position)
    }

    /// What is wrong before the value of a pair in a list: `["a":b]` and `['a' :]`, which ruamel.yaml refuses.
    var pairProblem: YAMLProblem? {
        guard index > 0, source.bytes[index - 1] == UInt8(ascii: ":"), !isAtBlank else { return nil }
        return .crampedPair(position)
    }

    /// What is wrong around the header of a block text.
    mutating func blockProblem() -> YAMLProblem? {
        // Anchors and tags, comments and line ends may stand before the header.
        while let byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ">") {
            if isAtBlank {
                advance()
            } else if byte == UInt8(ascii: "#") {
                while !isAtLineEnd { advance() }
            } else {
                while !isAtBlank { advance() }
            }
        }
        advance()
        var hasDigit = false
        while let byte, "+-0123456789".utf8.contains(byte) {
            hasDigit = hasDigit || byte >= UInt8(ascii: "0")
            advance()
        }
        if byte == UInt8(ascii: "#") { return .crampedComment(position) }
        return hasDigit ? nil : unevenBlankLine()
    }

    /// The first blank line above the first line of a block text that has blanks, though not as many as that line.
    private mutating func unevenBlankLine() -> YAMLProblem? {
        while !isAtLineEnd { advance() }
        var uneven: [YAMLPosition] = []
        while byte != nil {
            advance()
            while byte == 0x20 { advance() }
            guard isAtLineEnd else { return uneven.first { $0.column != position.column }.map { .unevenBlanks($0) } }
            if position.column > 1 { uneven.append(position) }
        }
        return uneven.first.map { .unevenBlanks($0) }
    }
}

extension YAMLProblem {
    fileprivate static func crampedComment(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position),
            message: "no blank stands between '|' or '>' and the comment",
            hint: "put a blank before the '#'")
    }

    fileprivate static func crampedName(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position), message: "no blank follows the name of the anchor or alias",
            hint: "put a blank behind the name, which has letters, digits, '-' and '_' only")
    }

    fileprivate static func unevenBlanks(_ end: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax,
            range: YAMLRange(start: YAMLPosition(line: end.line, column: 1), end: end),
            message:
                "blanks alone stand in a line above the text, where some readers of YAML take its indentation from",
            hint: "remove the blanks from this line")
    }

    fileprivate static func secondEnd(_ end: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .severalDocuments, range: YAMLRange(at: end, columns: 0),
            message: "some readers of YAML take the second '...' for the end of another document",
            hint: "keep one '...', or none")
    }

    fileprivate static func lineBelowRootBlock(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position),
            message: "some readers of YAML take this line for a part of the text above, others do not",
            hint: "indent the line if it is text, or remove it")
    }

    fileprivate static func crampedPair(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position), message: "no blank follows the ':' of a pair in a list",
            hint: "put a blank behind the ':', or write the pair in '{ }'")
    }
}
