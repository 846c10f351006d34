extension YAMLProblem {
    static func invalidUTF8(_ byte: UInt8, at position: YAMLPosition) -> YAMLProblem {
        YAMLProblem(
            kind: .invalidUTF8, range: YAMLRange(at: position),
            message: "the byte 0x\(hexadecimal(UInt32(byte), digits: 2)) is not UTF-8", hint: "save the file as UTF-8")
    }

    static func byteOrderMark(_ message: String) -> YAMLProblem {
        YAMLProblem(
            kind: .byteOrderMark, range: YAMLRange(at: .start, columns: 0), message: message,
            hint: "save the file as UTF-8 without a byte order mark")
    }

    static func carriageReturn(at position: YAMLPosition, lines: Int) -> YAMLProblem {
        YAMLProblem(
            kind: .carriageReturn, range: YAMLRange(at: position),
            message: lines == 1
                ? "the line ends in a carriage return" : "\(lines) lines, from this one on, end in a carriage return",
            hint: "save the file with Unix line ends (LF)")
    }

    static func control(_ scalar: Unicode.Scalar, at position: YAMLPosition) -> YAMLProblem {
        let what =
            switch scalar.value {
            case 0x00: "a NUL character"
            case 0x1B: "an escape character"
            case 0x85, 0x2028, 0x2029: "a line separator that only some readers of YAML take for a line end"
            case 0xFEFF: "a byte order mark inside the text"
            case 0x202A...0x202E, 0x2066...0x2069: "a control that makes text show in another order than it is read"
            case 0xFFFE, 0xFFFF: "no character"
            default: "a control character"
            }
        let code = hexadecimal(scalar.value, digits: 4)
        // Inside "..." every one of them but NUL can be written as an escape, where it shows.
        return YAMLProblem(
            kind: .controlCharacter, range: YAMLRange(at: position), message: "U+\(code) is \(what)",
            hint: scalar.value == 0 ? "remove it" : "remove it, or write \\u\(code) inside double quotes")
    }

    static func escapedNUL(in scalar: YAMLScalar, range: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .controlCharacter, range: range, message: "the text \(quoted(scalar.text)) holds a NUL character",
            hint: "remove it; no path, argument or environment variable can hold one")
    }
}

/// `value` in upper-case hexadecimal, with leading zeros up to `digits`.
func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// `text` for a message: in quotes, on one line, not endless, and with nothing in it that could steer a terminal.
func quoted(_ text: String) -> String {
    let longest = 60
    var result = "'"
    for scalar in text.unicodeScalars.prefix(longest) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            result += scalar == "\n" ? "\\n" : scalar == "\t" ? "\\t" : "\\u{\(hexadecimal(scalar.value, digits: 4))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + (text.unicodeScalars.dropFirst(longest).isEmpty ? "'" : "...'")
}
