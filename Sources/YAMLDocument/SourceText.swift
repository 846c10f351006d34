/// The text of a document by line and column, for the few places that a problem asks about.
struct SourceText {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The bytes must be UTF-8, with line ends LF, CR LF or CR, and outlive the value.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The place behind the last character.
    var end: YAMLPosition {
        var position = YAMLPosition.start
        var start = 0
        while start < bytes.count {
            let (end, next) = lineEnd(from: start)
            guard end < next else {
                return position.advanced(columns: bytes[start..<end].count { $0 & 0xC0 != 0x80 })
            }
            position = YAMLPosition(line: position.line + 1, column: 1)
            start = next
        }
        return position
    }

    /// The line that holds `position`, without its end. Empty behind the last line.
    func line(at position: YAMLPosition) -> Substring.UnicodeScalarView {
        var number = 1
        var start = 0
        while number < position.line, start < bytes.count {
            start = lineEnd(from: start).next
            number += 1
        }
        let text = String(decoding: bytes[start..<lineEnd(from: start).end], as: UTF8.self)
        return Substring(text).unicodeScalars
    }

    /// The character at `position`. Nil at the end of its line.
    func scalar(at position: YAMLPosition) -> Unicode.Scalar? {
        line(at: position).dropFirst(position.column - 1).first
    }

    /// The place of a line's first character that is no blank. Nil for a blank line.
    func firstWord(inLineOf position: YAMLPosition) -> YAMLPosition? {
        guard let offset = line(at: position).enumerated().first(where: { $0.element != " " && $0.element != "\t" })
        else { return nil }
        return YAMLPosition(line: position.line, column: offset.offset + 1)
    }

    /// The place of the first tab among the blanks that a line begins with.
    func indentingTab(inLineOf position: YAMLPosition) -> YAMLPosition? {
        let blanks = line(at: position).prefix { $0 == " " || $0 == "\t" }
        return blanks.enumerated().first { $0.element == "\t" }
            .map { YAMLPosition(line: position.line, column: $0.offset + 1) }
    }

    /// Where the line with the byte at `start` ends, and where the next one begins.
    func lineEnd(from start: Int) -> (end: Int, next: Int) {
        guard let end = bytes[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return (bytes.count, bytes.count)
        }
        let isPair = bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
        return (end, end + (isPair ? 2 : 1))
    }
}
