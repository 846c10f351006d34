/// What a Content-Range header says (RFC 9110, 14.4): `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10`.
struct ContentRange: Hashable {
    /// The bytes that follow; nil when none can be given (416).
    var span: ClosedRange<Int64>?
    /// Size of the whole; nil when it is not said.
    var total: Int64?

    /// Nil for anything else, spans that end before they begin or beyond the whole included.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, String(words[0]).equalsIgnoringASCIICase("bytes") else { return nil }
        let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        if halves[1] != "*" {
            guard let number = Self.number(halves[1]) else { return nil }
            total = number
        }
        if halves[0] == "*" {
            if total == nil { return nil }
            return
        }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else {
            return nil
        }
        if let total, last >= total { return nil }
        span = first...last
    }

    private static func number(_ text: Substring) -> Int64? {
        text.isNumber ? Int64(text) : nil
    }
}
