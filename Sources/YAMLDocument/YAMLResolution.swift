/// What readers of YAML take a scalar for.
public enum YAMLResolution: Hashable, Sendable {
    /// Nothing, `~`, `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A number with a fraction or exponent, or `.inf` or `.nan`. What it means as text (`6.10`) is in the scalar.
    case float
    /// Text.
    case string
    /// Readers of YAML 1.1 and of YAML 1.2 take it for different things, or some readers refuse it.
    case ambiguous(YAMLAmbiguity)
}

/// Why a plain scalar is read differently by different readers, and what to write instead.
public struct YAMLAmbiguity: Hashable, Sendable {
    /// What the scalar looks like.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `yes`, `no`, `on`, `off`, `y`, `n`.
        case booleanWord
        /// `0644`, octal in YAML 1.1; `08`.
        case leadingZero
        /// `0o17`, octal in YAML 1.2.
        case octalPrefix
        /// `0b101`.
        case binary
        /// `-0x1F`.
        case signedHexadecimal
        /// `1_000`.
        case underscore
        /// `1:30`, in base 60.
        case sexagesimal
        /// `2026-11-22`, with or without a time.
        case timestamp
        /// `1e3`, where YAML 1.1 wants a dot and a sign.
        case exponent
        /// `-.5`.
        case bareFraction
        /// A whole number that 64 bits do not hold.
        case beyondInt64
        /// `=`.
        case valueKey
        /// `<<`.
        case mergeKey
    }

    /// What the scalar looks like.
    public let kind: Kind
    /// What is wrong, in one line: "YAML 1.1 reads 0644 as the number 420, YAML 1.2 as 644".
    public let reason: String
    /// What to write: `write "0644" in quotes for the text, or 420 for the number`.
    public let hint: String

    /// - Parameters:
    ///   - kind: What the scalar looks like.
    ///   - reason: What is wrong, in one line.
    ///   - hint: What to write.
    public init(kind: Kind, reason: String, hint: String) {
        self.kind = kind
        self.reason = reason
        self.hint = hint
    }
}

extension YAMLScalar {
    /// How YAML reads it. Quoted and block scalars are always `.string`. Plain ones go by what the core schema of YAML
    /// 1.2.2 (10.3.2) and the types of YAML 1.1 (yaml.org/type, as PyYAML and libyaml's other users have them) agree on.
    public var resolution: YAMLResolution {
        guard style == .plain else { return .string }
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return NumberReading(text).resolution
        default:
            // The longest word is "false"; all that is longer is text.
            return text.utf8.count <= 5 ? word : .string
        }
    }

    private var word: YAMLResolution {
        switch text {
        case "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        case "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": .ambiguous(.booleanWord(text, is: true))
        case "no", "No", "NO", "off", "Off", "OFF", "n", "N": .ambiguous(.booleanWord(text, is: false))
        case "<<": .ambiguous(.mergeKey)
        case "=": .ambiguous(.valueKey)
        default: .string
        }
    }
}
