extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// For people: `3.2 ms`, `1.24 s`, `2 min 5 s`, `3 h 10 min`, `4 d 2 h`.
    public var brief: String {
        if self < .zero { return "-" + (Duration.zero - self).brief }
        let micro = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        switch micro {
        case ..<1_000_000: return "\(micro / 1000).\(micro / 100 % 10) ms"
        case ..<60_000_000:
            let hundredths = micro / 10_000
            let rest = hundredths % 100
            return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
        case ..<3_600_000_000: return "\(micro / 60_000_000) min \(micro / 1_000_000 % 60) s"
        case ..<86_400_000_000: return "\(micro / 3_600_000_000) h \(micro / 60_000_000 % 60) min"
        default: return "\(micro / 86_400_000_000) d \(micro / 3_600_000_000 % 24) h"
        }
    }
}
