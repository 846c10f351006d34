/// What the bytes of a text show before YAML is read: characters that do not belong, each with its exact place.
///
/// libyaml would find some of these too, but without a place (its mark stands at 0:0), one at a time, and not those that
/// readers disagree on: U+0085, U+2028 and U+2029 end a line in YAML 1.1 (libyaml too) and not in YAML 1.2 (5.4).
struct SourceScan {
    /// Whether libyaml would count lines in it as we do and reach its end.
    private(set) var isReadable = true
    /// Whether there is a tab anywhere.
    private(set) var hasTabs = false
    /// Bytes to leave out at the start.
    private(set) var byteOrderMarkLength = 0

    private let bytes: UnsafeBufferPointer<UInt8>
    private var line = 1
    /// A byte of the line whose column is known: counting goes on from there, so that many problems in one long line
    /// take no more time than one.
    private var counted = (index: 0, column: 1)
    private var firstCarriageReturn: YAMLPosition?
    private var carriageReturns = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, problems: inout ProblemList) {
        self.bytes = bytes
        var index = skipByteOrderMark(&problems)
        counted.index = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x20, byte < 0x7F {
                index += 1
            } else if byte == 0x0A {
                index += 1
                beginLine(at: index)
            } else if byte < 0x80 {
                noteControl(byte, at: index, &problems)
                index += 1
                if byte == 0x0D, index == bytes.count || bytes[index] != 0x0A { beginLine(at: index) }
            } else {
                let length = UTF8Sequence.length(in: bytes, at: index)
                guard length > 0 else {
                    problems.add(.invalidUTF8(byte, at: position(of: index)))
                    isReadable = false
                    return  // what follows is in some other encoding; positions in it would mislead
                }
                noteSpecial(UTF8Sequence.scalar(in: bytes, at: index, length: length), at: index, &problems)
                index += length
            }
        }
        if let firstCarriageReturn { problems.add(.carriageReturn(at: firstCarriageReturn, lines: carriageReturns)) }
    }

    /// Columns are counted only where a problem stands; the bytes up to there are known to be UTF-8.
    private mutating func position(of index: Int) -> YAMLPosition {
        let columns = bytes[counted.index..<index].count { $0 & 0xC0 != 0x80 }
        counted = (index, counted.column + columns)
        return YAMLPosition(line: line, column: counted.column)
    }

    private mutating func beginLine(at index: Int) {
        line += 1
        counted = (index, 1)
    }

    private mutating func skipByteOrderMark(_ problems: inout ProblemList) -> Int {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            problems.add(.byteOrderMark("the file begins with a byte order mark"))
            byteOrderMarkLength = 3
        } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            problems.add(.byteOrderMark("the file is in UTF-16 or UTF-32, by its byte order mark"))
            isReadable = false
            return bytes.count
        }
        return byteOrderMarkLength
    }

    private mutating func noteControl(_ byte: UInt8, at index: Int, _ problems: inout ProblemList) {
        switch byte {
        case 0x09: hasTabs = true
        case 0x0D:
            carriageReturns += 1
            if firstCarriageReturn == nil { firstCarriageReturn = position(of: index) }
        default:
            problems.add(.control(Unicode.Scalar(byte), at: position(of: index)))
            isReadable = false
        }
    }

    private mutating func noteSpecial(_ scalar: Unicode.Scalar, at index: Int, _ problems: inout ProblemList) {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069:
            problems.add(.control(scalar, at: position(of: index)))
        case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
            problems.add(.control(scalar, at: position(of: index)))
            isReadable = false
        default: break
        }
    }
}

/// UTF-8 by table 3-7 of the Unicode Standard: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
    /// The bytes of the well-formed character at `index`; 0 when there is none.
    static func length(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch bytes[index] {
            case 0x00...0x7F: (1, 0x80...0xBF)
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0x80...0xBF)
            }
        guard length > 1 else { return length }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for trailing in bytes[(index + 2)..<(index + length)] where trailing & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The character at `index`, which is well-formed and has `length` bytes.
    static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at index: Int, length: Int) -> Unicode.Scalar {
        let lead = UInt32(bytes[index]) & (length == 1 ? 0x7F : 0xFF >> UInt32(length + 1))
        let value = bytes[(index + 1)..<(index + length)].reduce(lead) { $0 << 6 | UInt32($1 & 0x3F) }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
