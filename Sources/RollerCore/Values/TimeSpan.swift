/// A length of time as it is written in files: `250ms`, `10s`, `5m`, `4h` or `2d`.
public struct TimeSpan: ValidatedText {
    public static let rule = "a whole number and a unit: 250ms, 10s, 5m, 4h or 2d"
    public let rawValue: String
    /// The length itself.
    public let duration: Duration

    public init?(rawValue: String) {
        let digits = rawValue.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number <= 1_000_000 else { return nil }
        switch rawValue[digits.endIndex...] {
        case "ms": duration = .milliseconds(number)
        case "s": duration = .seconds(number)
        case "m": duration = .seconds(number * 60)
        case "h": duration = .seconds(number * 3600)
        case "d": duration = .seconds(number * 86400)
        default: return nil
        }
        self.rawValue = rawValue
    }

    private init(text: String, duration: Duration) {
        rawValue = text
        self.duration = duration
    }

    /// Whole seconds.
    public static func seconds(_ number: Int) -> TimeSpan {
        TimeSpan(text: "\(number)s", duration: .seconds(number))
    }
}
