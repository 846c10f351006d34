extension TemplateParser {
    /// The offset at which `needle` next occurs. Delimiters are short, so that this is linear.
    func find(_ needle: [UInt8], from start: Int) -> Int? {
        let first = needle[0]
        var offset = start
        while offset < bytes.count {
            if bytes[offset] == first, matches(needle, at: offset) { return offset }
            offset += 1
        }
        return nil
    }

    func matches(_ needle: [UInt8], at offset: Int) -> Bool {
        guard offset + needle.count <= bytes.count else { return false }
        for index in needle.indices where bytes[offset + index] != needle[index] { return false }
        return true
    }

    /// The first offset that is neither space nor tab.
    func skipBlanks(from start: Int) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset].isBlank { offset += 1 }
        return offset
    }

    /// When only blanks follow on the line: the offset behind its line feed, or the end of the file.
    func endOfBlankLine(from start: Int) -> Int? {
        let offset = skipBlanks(from: start)
        if offset == bytes.count { return offset }
        if bytes[offset] == .newline { return offset + 1 }
        if matches([.carriageReturn, .newline], at: offset) { return offset + 2 }
        return nil
    }

    func trim(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    func countScalars(_ range: Range<Int>) -> Int {
        var count = 0
        for offset in range where bytes[offset].startsScalar { count += 1 }
        return count
    }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    /// The tag as written, quoted for a message.
    func quoted(_ tag: Tag) -> String { TemplateFindings.quoted(string(tag.whole)) }
}
