/// Reads plain scalars that begin with a digit, a sign or a dot: numbers, what some readers take for one, and text.
struct NumberReading {
    private let text: String
    private let hasSign: Bool
    private let isNegative: Bool
    /// What follows the sign.
    private let body: Substring.UTF8View

    init(_ text: String) {
        self.text = text
        isNegative = text.utf8.first == UInt8(ascii: "-")
        hasSign = isNegative || text.utf8.first == UInt8(ascii: "+")
        body = text.utf8.dropFirst(hasSign ? 1 : 0)
    }

    var resolution: YAMLResolution {
        guard let first = body.first else { return .string }
        if first == UInt8(ascii: ".") { return fraction }
        // Behind a sign even a leading underscore is skipped by some.
        if hasSign, isUnderscore(first) { return underscored }
        guard isDigit(first) else { return .string }
        if body.count > 1, first == UInt8(ascii: "0"), let prefixed { return prefixed }

        let digits = body.prefix(while: isDigit)
        if digits.count == body.count { return decimal }
        let rest = body[digits.endIndex...]
        if !hasSign, rest.first == UInt8(ascii: "-"), isTimestamp { return .ambiguous(.timestamp(text)) }
        guard rest.allSatisfy({ isDigit($0) || Self.numberMarks.contains($0) }) else { return .string }
        if rest.contains(UInt8(ascii: ":")) { return isSexagesimal ? .ambiguous(.sexagesimal(text)) : .string }
        if rest.contains(UInt8(ascii: "_")) { return underscored }
        return float(afterDigits: rest)
    }

    /// All that can follow the first digits of a number in some notation.
    private static let numberMarks: [UInt8] = Array("_.:eE+-".utf8)

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private var decimal: YAMLResolution {
        if body.count > 1, body.first == UInt8(ascii: "0") {
            let isOctal = body.allSatisfy { $0 < UInt8(ascii: "8") }
            return .ambiguous(.leadingZero(text, octal: isOctal ? value(radix: 8) : nil, decimal: value(radix: 10)))
        }
        return value(radix: 10).map { .int($0) } ?? .ambiguous(.beyondInt64(text))
    }

    /// 0x, 0o and 0b. Nil when it is none of these.
    private var prefixed: YAMLResolution? {
        let digits = body.dropFirst(2)
        guard !digits.isEmpty else { return nil }
        switch body[body.index(after: body.startIndex)] {
        case UInt8(ascii: "x"):
            guard digits.allSatisfy({ isUnderscore($0) || isHexadecimal($0) }) else { return nil }
            if digits.contains(where: isUnderscore) { return underscored }
            guard let value = value(of: digits, radix: 16) else { return .ambiguous(.beyondInt64(text)) }
            return hasSign ? .ambiguous(.signedHexadecimal(text, value)) : .int(value)
        case UInt8(ascii: "o"):
            guard digits.allSatisfy({ isUnderscore($0) || (0x30...0x37).contains($0) }) else { return nil }
            return .ambiguous(.octalPrefix(text, value(of: digits, radix: 8)))
        case UInt8(ascii: "b"):
            guard digits.allSatisfy({ isUnderscore($0) || (0x30...0x31).contains($0) }) else { return nil }
            return .ambiguous(.binary(text, value(of: digits, radix: 2)))
        default: return nil
        }
    }

    private func isUnderscore(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// What begins with a dot, behind a sign perhaps.
    private var fraction: YAMLResolution {
        switch String(Substring(body)) {
        case ".inf", ".Inf", ".INF": return .float
        case ".nan", ".NaN", ".NAN": return hasSign ? .string : .float
        default: break
        }
        let digits = body.dropFirst().prefix { isDigit($0) || isUnderscore($0) }
        guard !digits.isEmpty, let exponent = Exponent(body[digits.endIndex...]) else { return .string }
        if digits.contains(where: isUnderscore) { return underscored }
        if hasSign { return .ambiguous(.bareFraction(text)) }
        return exponent == .unsigned ? .ambiguous(.exponent(text)) : .float
    }

    private func float(afterDigits rest: Substring.UTF8View) -> YAMLResolution {
        let hasDot = rest.first == UInt8(ascii: ".")
        let behind = hasDot ? rest.dropFirst().drop(while: isDigit) : rest
        guard let exponent = Exponent(behind) else { return .string }
        switch exponent {
        case .none: return .float
        case .signed: return hasDot ? .float : .ambiguous(.exponent(text))
        case .unsigned: return .ambiguous(.exponent(text))
        }
    }

    /// The end of a number: nothing, `e+3` or `e3`.
    private enum Exponent {
        case none, signed, unsigned

        /// Nil when `rest` is something else.
        init?(_ rest: Substring.UTF8View) {
            guard let first = rest.first else {
                self = .none
                return
            }
            guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return nil }
            let isSigned = rest.dropFirst().first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } ?? false
            let digits = rest.dropFirst(isSigned ? 2 : 1)
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            self = isSigned ? .signed : .unsigned
        }
    }

    /// Digits with `_` between. Text after all when it is no number without them (`1_2-3`), or has them in its exponent.
    private var underscored: YAMLResolution {
        let isHexadecimal = body.dropFirst().first == UInt8(ascii: "x")
        if !isHexadecimal, let exponent = body.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }),
            body[exponent...].contains(where: isUnderscore)
        {
            return .string
        }
        if isHollow { return .ambiguous(.underscore(text)) }
        // By bytes: with a combining mark behind it an underscore is another Character, and would stay for ever.
        let bare = String(decoding: text.utf8.filter { !isUnderscore($0) }, as: UTF8.self)
        return switch NumberReading(bare).resolution {
        case .int, .float, .ambiguous: .ambiguous(.underscore(text))
        case .string, .bool, .null: .string
        }
    }

    /// `+_`, `._`, `0x_`: nothing is left without the underscores, and readers that take them for numbers fail.
    private var isHollow: Bool {
        let digits = body.starts(with: "0x".utf8) ? body.dropFirst(2) : body
        let isExponent = { (byte: UInt8) in byte | 0x20 == UInt8(ascii: "e") }
        return digits.prefix { !isExponent($0) }.allSatisfy { isUnderscore($0) || $0 == UInt8(ascii: ".") }
    }

    /// `1:30`, `190:20:30.15`: groups of at most 59 behind the first.
    private var isSexagesimal: Bool {
        let groups = body.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard groups.count > 1, groups[0].allSatisfy({ isDigit($0) || isUnderscore($0) }) else { return false }
        for (index, group) in groups.enumerated().dropFirst() {
            var digits = group
            if index == groups.count - 1, let dot = group.firstIndex(of: UInt8(ascii: ".")) {
                guard group[dot...].dropFirst().allSatisfy({ isDigit($0) || isUnderscore($0) }) else { return false }
                digits = group[..<dot]
            }
            guard (1...2).contains(digits.count), digits.allSatisfy(isDigit) else { return false }
            if digits.count == 2, let tens = digits.first, tens > UInt8(ascii: "5") { return false }
        }
        return true
    }

    private func value(radix: Int) -> Int? { value(of: body, radix: radix) }

    private func value(of digits: Substring.UTF8View, radix: Int) -> Int? {
        // Sign and digits in one go, since the least Int has no positive twin.
        let bare = String(decoding: digits.filter { !isUnderscore($0) }, as: UTF8.self)
        return Int((isNegative ? "-" : "") + bare, radix: radix)
    }
}

extension NumberReading {
    /// `2026-11-22`, `2026-1-2`, and both with a time and a zone behind, as yaml.org/type/timestamp has it.
    private var isTimestamp: Bool {
        var rest = body
        guard takeDigits(&rest, 4...4), take("-", &rest), takeDigits(&rest, 1...2), take("-", &rest),
            takeDigits(&rest, 1...2)
        else { return false }
        if rest.isEmpty { return true }
        guard take("T", &rest) || take("t", &rest) || takeBlanks(&rest) else { return false }
        takeBlanks(&rest)
        guard takeDigits(&rest, 1...2), take(":", &rest), takeDigits(&rest, 1...2), take(":", &rest),
            takeDigits(&rest, 1...2)
        else { return false }
        if take(".", &rest) { rest = rest.drop(while: isDigit) }
        takeBlanks(&rest)
        if rest.isEmpty || take("Z", &rest) { return rest.isEmpty }
        guard take("+", &rest) || take("-", &rest), takeDigits(&rest, 1...2) else { return false }
        if rest.isEmpty { return true }
        _ = take(":", &rest)
        return takeDigits(&rest, 2...2) && rest.isEmpty
    }

    private func take(_ mark: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard let first = rest.first, UInt32(first) == mark.value else { return false }
        rest.removeFirst()
        return true
    }

    private func takeDigits(_ rest: inout Substring.UTF8View, _ count: ClosedRange<Int>) -> Bool {
        let digits = rest.prefix(count.upperBound).prefix(while: isDigit)
        rest = rest[digits.endIndex...]
        return digits.count >= count.lowerBound
    }

    @discardableResult
    private func takeBlanks(_ rest: inout Substring.UTF8View) -> Bool {
        let before = rest.startIndex
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return rest.startIndex != before
    }
}
