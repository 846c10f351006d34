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

extension ProblemList {
    /// Notes what the marks around a document make readers disagree on.
    /// - Parameter blocks: Where the document's block texts stand, anchors included, in the order of the text.
    mutating func add(readingsOf source: SourceText, blocks: [YAMLRange], rootIsBlock: Bool) {
        if source.endMarks > 1 {
            add(
                YAMLProblem(
                    kind: .severalDocuments, range: YAMLRange(at: source.end, columns: 0),
                    message: "some readers of YAML take the second '...' for the end of another document",
                    hint: "keep one '...', or none"))
        }
        guard let first = blocks.first else { return }
        var blocks = blocks[...]
        var line = 1
        var start = 0
        while start < source.bytes.count {
            while let block = blocks.first, block.start.line == line {
                blocks.removeFirst()
                if let comment = source.crampedComment(behindBlockHeaderFrom: start, block.start) {
                    add(.crampedComment(comment))
                }
            }
            if rootIsBlock, line > first.start.line, source.bytes[start] == UInt8(ascii: "#") {
                add(.commentBelowRootBlock(YAMLPosition(line: line, column: 1)))
                return
            }
            line += 1
            start = source.lineEnd(from: start).next
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

    /// The `#` that follows a `|` or `>`, or its digits and signs, without a blank between.
    /// - Parameters:
    ///   - start: The first byte of the line in which the block text begins.
    ///   - position: Where it begins: at its header, or at the anchor before that.
    fileprivate func crampedComment(behindBlockHeaderFrom start: Int, _ position: YAMLPosition) -> YAMLPosition? {
        var cursor = Cursor(source: self, position: YAMLPosition(line: position.line, column: 1), index: start)
        while cursor.position < position { cursor.advance() }
        // Anchors and tags, comments and line ends may stand before the header.
        while let byte = cursor.byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ">") {
            switch byte {
            case 0x20, 0x09, 0x0D, 0x0A: cursor.advance()
            case UInt8(ascii: "#"): while let byte = cursor.byte, byte != 0x0A { cursor.advance() }
            default: while let byte = cursor.byte, ![0x20, 0x09, 0x0D, 0x0A].contains(byte) { cursor.advance() }
            }
        }
        cursor.advance()
        while let byte = cursor.byte, "+-0123456789".utf8.contains(byte) { cursor.advance() }
        return cursor.byte == UInt8(ascii: "#") ? cursor.position : nil
    }

    /// A byte and its place. Columns count characters.
    private struct Cursor {
        let source: SourceText
        var position: YAMLPosition
        var index: Int

        var byte: UInt8? { index < source.bytes.count ? source.bytes[index] : nil }

        mutating func advance() {
            guard let byte else { return position = YAMLPosition(line: .max, column: 1) }
            index += 1
            if byte == 0x0A {
                position = YAMLPosition(line: position.line + 1, column: 1)
            } else if self.byte.map({ $0 & 0xC0 != 0x80 }) ?? true {
                position = position.advanced(columns: 1)
            }
        }
    }
}

extension YAMLProblem {
    fileprivate static func crampedComment(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position), message: "no blank stands between '|' or '>' and the comment",
            hint: "put a blank before the '#'")
    }

    fileprivate static func commentBelowRootBlock(_ position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: YAMLRange(at: position),
            message: "some readers of YAML take this line for a comment, others for a part of the text above",
            hint: "indent the line if it is text, or remove it")
    }

    /// `["a":b]`, which ruamel.yaml refuses, where `{"a":b}` is fine.
    static func crampedPair(_ value: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .syntax, range: value, message: "some readers of YAML want a blank between the ':' and this value",
            hint: "put a blank behind the ':', or write the pair in '{ }'")
    }
}
