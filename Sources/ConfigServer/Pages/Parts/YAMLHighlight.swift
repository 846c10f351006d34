internal import RollerCore
internal import YAMLDocument

/// The lines of a YAML file, each in stretches that say what they are. What is told comes from the reader that decides,
/// so that a colour never disagrees with it; a file that it cannot read has no colours.
func highlightedYAML(_ bytes: [UInt8]) -> [[Listing.Token]] {
    let lines = textLines(String(decoding: bytes, as: UTF8.self)).map { Array($0.unicodeScalars) }
    var painter = YAMLPainter(lines: lines)
    if let root = YAMLDocument.parse(bytes).root { painter.paint(root) }
    return painter.tokens
}

private struct YAMLPainter {
    let lines: [[Unicode.Scalar]]
    private var colours: [[Listing.Token.Kind?]]

    init(lines: [[Unicode.Scalar]]) {
        self.lines = lines
        colours = lines.map { Array(repeating: nil, count: $0.count) }
    }

    mutating func paint(_ node: YAMLNode) {
        if let entries = node.mapping {
            for entry in entries {
                colour(entry.key.range, .key)
                paint(entry.value)
            }
        } else if let items = node.sequence {
            for item in items { paint(item) }
        } else if let scalar = node.scalar {
            let isPlain = scalar.style == .plain
            let isNumber = isPlain && (Int(scalar.text) != nil || scalar.text == "true" || scalar.text == "false")
            colour(node.range, isNumber ? .number : .string)
        }
    }

    /// Lines and columns of a range start at 1, and its end is behind the last column.
    private mutating func colour(_ range: YAMLRange, _ kind: Listing.Token.Kind) {
        let (first, last) = (range.start.line - 1, min(range.end.line - 1, lines.count - 1))
        guard first >= 0, first <= last else { return }
        for line in first...last {
            let from = line == first ? range.start.column - 1 : 0
            let to = line == range.end.line - 1 ? range.end.column - 1 : colours[line].count
            guard from >= 0, from < min(to, colours[line].count) else { continue }
            for column in from..<min(to, colours[line].count) { colours[line][column] = kind }
        }
    }

    var tokens: [[Listing.Token]] {
        zip(lines, colours).map { scalars, colours in
            var kinds = colours
            // A number sign outside every value begins a comment, at the start of a line or behind a blank.
            let comment = scalars.indices.first {
                scalars[$0] == "#" && kinds[$0] == nil && ($0 == 0 || scalars[$0 - 1] == " " || scalars[$0 - 1] == "\t")
            }
            if let comment { for column in comment..<kinds.count { kinds[column] = .comment } }
            var tokens: [Listing.Token] = []
            var start = 0
            for column in scalars.indices where column + 1 == scalars.count || kinds[column + 1] != kinds[column] {
                let text = String(String.UnicodeScalarView(scalars[start...column]))
                tokens.append(Listing.Token(text, kinds[column] ?? .plain))
                start = column + 1
            }
            return tokens
        }
    }
}
