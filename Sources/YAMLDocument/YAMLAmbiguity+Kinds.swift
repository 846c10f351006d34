extension YAMLAmbiguity {
    static func booleanWord(_ text: String, is value: Bool) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .booleanWord, reason: "YAML 1.1 reads \(text) as \(value), YAML 1.2 as text",
            hint: "write \(value), or \"\(text)\" in quotes for the text")
    }

    static func leadingZero(_ text: String, octal: Int?, decimal: Int?) -> YAMLAmbiguity {
        let one = octal.map { "the number \($0)" } ?? "text"
        let two = decimal.map { "\($0)" } ?? "a number"
        return YAMLAmbiguity(
            kind: .leadingZero, reason: "YAML 1.1 reads \(shown(text)) as \(one), YAML 1.2 as \(two)",
            hint: hint(text, number: octal ?? decimal))
    }

    static func octalPrefix(_ text: String, _ value: Int?) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .octalPrefix, reason: "YAML 1.1 reads \(shown(text)) as text, YAML 1.2 as an octal number",
            hint: hint(text, number: value))
    }

    static func binary(_ text: String, _ value: Int?) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .binary, reason: "YAML 1.1 reads \(shown(text)) as a binary number, YAML 1.2 as text",
            hint: hint(text, number: value))
    }

    static func signedHexadecimal(_ text: String, _ value: Int) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .signedHexadecimal, reason: "YAML 1.1 reads \(shown(text)) as the number \(value), YAML 1.2 as text",
            hint: hint(text, number: value))
    }

    static func underscore(_ text: String) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .underscore, reason: "YAML 1.1 reads \(shown(text)) as a number, YAML 1.2 as text",
            hint: "write \(inQuotes(text)) for the text, or the number without '_'")
    }

    static func sexagesimal(_ text: String) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .sexagesimal, reason: "some readers of YAML 1.1 take \(shown(text)) for a number in base 60",
            hint: "write \(inQuotes(text))")
    }

    static func timestamp(_ text: String) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .timestamp, reason: "some readers of YAML take \(shown(text)) for a date, others for text",
            hint: "write \(inQuotes(text))")
    }

    static func exponent(_ text: String) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .exponent, reason: "YAML 1.1 reads \(shown(text)) as text, YAML 1.2 as a number",
            hint: "write \(inQuotes(text)) for the text; a number needs a dot and a sign, as in 1.0e+3")
    }

    static func bareFraction(_ text: String) -> YAMLAmbiguity {
        let sign = text.prefix(1)
        return YAMLAmbiguity(
            kind: .bareFraction, reason: "some readers of YAML 1.1 take \(shown(text)) for text, others for a number",
            hint: "write \(inQuotes(text)) for the text, or put a 0 before the dot, as in \(sign)0.5")
    }

    static func beyondInt64(_ text: String) -> YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .beyondInt64, reason: "the number \(shown(text)) does not fit into 64 bits",
            hint: "write \(inQuotes(text)) for the text, or a smaller number")
    }

    static var valueKey: YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .valueKey, reason: "YAML 1.1 gives = a meaning of its own, YAML 1.2 reads it as text",
            hint: "write \"=\" in quotes")
    }

    static var mergeKey: YAMLAmbiguity {
        YAMLAmbiguity(
            kind: .mergeKey, reason: "YAML 1.1 gives << a meaning of its own, YAML 1.2 reads it as text",
            hint: "write \"<<\" in quotes")
    }

    private static func hint(_ text: String, number: Int?) -> String {
        "write \(inQuotes(text)) for the text" + (number.map { ", or \($0) for the number" } ?? "")
    }

    private static func inQuotes(_ text: String) -> String { "\"\(shown(text))\" in quotes" }

    /// Numbers can be as long as a file. All of them are in ASCII without quotes or backslashes.
    private static func shown(_ text: String) -> String { text.utf8.count <= 40 ? text : text.prefix(40) + "..." }
}

extension YAMLProblem {
    /// What is wrong with a key that is not plainly text or a whole number in its shortest form. Nil when nothing is.
    static func ambiguousKey(_ key: YAMLScalar, _ range: YAMLRange) -> YAMLProblem? {
        let shown = key.text.utf8.count <= 40 ? key.text : key.text.prefix(40) + "..."
        let reason: String
        switch key.resolution {
        case .string: return nil
        case .int(let value):
            if String(value) == key.text { return nil }
            reason = "the key \(shown) is read as the number \(value)"
        case .null: reason = key.text.isEmpty ? "the key is missing" : "the key \(shown) is read as null"
        case .bool(let value): reason = "the key \(shown) is read as the boolean \(value)"
        case .float: reason = "the key \(shown) is read as a number"
        case .ambiguous(let ambiguity): reason = "as a key, " + ambiguity.reason
        }
        return YAMLProblem(
            kind: .ambiguousKey, range: range, message: reason,
            hint: key.text.isEmpty ? "write a key before the ':'" : "write the key in quotes: \"\(shown)\"")
    }
}
