/// Where a scalar stands in which tabs may be: in quotes, or a block.
struct NotedScalar {
    let range: YAMLRange
    let style: YAMLScalar.Style

    /// Whether `position` is in the text itself: the line of `|` or `>` is not.
    func holds(_ position: YAMLPosition) -> Bool {
        guard range.start <= position, position < range.end else { return false }
        let isBlock = style == .literal || style == .folded
        return !isBlock || position.line > range.start.line
    }
}

extension ProblemList {
    /// Notes the first tab of each line that stands outside of quotes, block texts and comments. YAML forbids tabs in
    /// indentation; elsewhere libyaml takes them for blanks, where PyYAML stops.
    /// - Parameter before: Where to end, because what follows has not been read. Nil for the whole text.
    mutating func add(tabsIn source: SourceText, outside scalars: [NotedScalar], before: YAMLPosition?) {
        var walk = TabWalk(scalars)
        var line = 1
        var start = 0
        while start < source.bytes.count {
            let (end, next) = source.lineEnd(from: start)
            if let tab = walk.firstTab(in: source.bytes[start..<end], line: line) {
                if let before, tab >= before { return }
                add(.tab(at: tab, indents: source.indentingTab(inLineOf: tab) == tab))
            }
            line += 1
            start = next
        }
    }
}

/// Goes through a text line by line, and knows which scalar comes next.
private struct TabWalk {
    private var scalars: ArraySlice<NotedScalar>

    init(_ scalars: [NotedScalar]) { self.scalars = scalars[...] }

    mutating func firstTab(in bytes: Slice<UnsafeBufferPointer<UInt8>>, line: Int) -> YAMLPosition? {
        var column = 0
        var tab: YAMLPosition?
        var previous: UInt8 = 0x20
        for byte in bytes where byte & 0xC0 != 0x80 {
            defer { previous = byte }
            column += 1
            let position = YAMLPosition(line: line, column: column)
            if isInside(position) { continue }
            if byte == UInt8(ascii: "#"), previous == 0x20 || previous == 0x09 { break }
            if byte == 0x09, tab == nil { tab = position }
        }
        return tab
    }

    private mutating func isInside(_ position: YAMLPosition) -> Bool {
        while let next = scalars.first, next.range.end <= position { scalars.removeFirst() }
        return scalars.first?.holds(position) ?? false
    }
}

extension YAMLProblem {
    static func tab(at position: YAMLPosition, indents: Bool) -> YAMLProblem {
        YAMLProblem(
            kind: .tab, range: YAMLRange(at: position),
            message: indents ? "the line is indented with a tab" : "a tab stands between the words",
            hint: indents ? "indent with spaces" : "use spaces, or put the text in quotes")
    }
}
