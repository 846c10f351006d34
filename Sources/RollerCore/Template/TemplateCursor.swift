/// A position in the bytes of a template that knows its line and column. It only moves forward, over each byte once, so
/// that a template of many tags on one line costs no more than one of many lines.
struct TemplateCursor {
    private(set) var offset = 0
    private(set) var line: Int
    /// In Unicode scalars, from 1.
    private(set) var column: Int
    /// The offset at which the line begins.
    private(set) var lineStart = 0
    /// Whether only spaces and tabs stand between the line's start and here.
    private(set) var lineIsBlank = true

    init(at start: SourceLocation) {
        line = max(1, start.line)
        column = max(1, start.column)
    }

    mutating func advance(to target: Int, in bytes: [UInt8]) {
        while offset < target {
            let byte = bytes[offset]
            offset += 1
            if byte == .newline {
                line += 1
                column = 1
                lineStart = offset
                lineIsBlank = true
            } else if byte.startsScalar {
                column += 1
                lineIsBlank = lineIsBlank && byte.isBlank
            }
        }
    }

    /// The place of `length` scalars that begin here.
    func place(length: Int) -> Template.Place {
        Template.Place(line: line, column: column, length: length)
    }
}

extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let dot = UInt8(ascii: ".")

    /// Whether it is a space or a tab.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    /// Whether it is the first byte of a Unicode scalar in UTF-8, not a continuation.
    var startsScalar: Bool { self & 0b1100_0000 != 0b1000_0000 }
    /// Whether a template's names may hold it (a dot parts them and is not meant here).
    var isNamePart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
