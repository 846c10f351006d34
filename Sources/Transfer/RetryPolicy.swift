internal import CLibCurl

/// How often to try again, and when. Pure: clock and chance come from the caller.
public struct RetryPolicy: Sendable, Hashable {
    /// How many tries in all.
    public var attempts: Int
    /// The bound of the first wait; it doubles with each further one.
    public var base: Duration
    /// No wait is longer, whatever a server asks for.
    public var cap: Duration

    /// A policy; by default 4 tries with waits of up to 0.5, 1 and 2 s.
    public init(attempts: Int = 4, base: Duration = .milliseconds(500), cap: Duration = .seconds(30)) {
        self.attempts = attempts
        self.base = base
        self.cap = cap
    }

    /// How long to wait after the try numbered `attempt`, from 1 on.
    ///
    /// Full jitter: anything between nothing and a bound that doubles, so that hosts that failed together do not come
    /// back together. A server's Retry-After is the least wait, up to `cap`, with up to `base` of jitter on top.
    /// - Parameter random: Picks a number in the range; `{ Double.random(in: $0) }` outside tests.
    /// - Returns: Between zero and `cap`.
    public func delay(
        attempt: Int, retryAfter: Duration? = nil, random: (ClosedRange<Double>) -> Double
    ) -> Duration {
        let chance = random(0...1)
        if let retryAfter, retryAfter > .zero { return min(cap, retryAfter + base * chance) }
        // 2^30 is past any cap that makes sense, and short of overflowing Duration.
        let doublings = min(max(attempt - 1, 0), 30)
        return min(cap, base * (1 << doublings)) * chance
    }
}

extension HTTPHeaders {
    /// What Retry-After says, as a time from `now`: seconds, or an HTTP date (RFC 9110, 10.2.3). Nil when it is absent
    /// or unreadable; zero for a date that has passed.
    /// - Parameter now: Seconds since 1970.
    public func retryAfter(now: Int64) -> Duration? {
        guard let text = self["Retry-After"] else { return nil }
        if text.isNumber { return Int64(text).map { .seconds($0) } }
        let date = curl_getdate(text, nil)
        guard date >= 0 else { return nil }
        return .seconds(max(0, Int64(date) - now))
    }

    /// When the server says that it answered, in seconds since 1970 by its own clock. Nil when it does not say.
    public var date: Int64? { time("Date") }

    /// When what it sends was changed last, in seconds since 1970. Nil when it does not say.
    public var lastModified: Int64? { time("Last-Modified") }

    private func time(_ name: String) -> Int64? {
        guard let text = self[name], case let time = curl_getdate(text, nil), time >= 0 else { return nil }
        return Int64(time)
    }
}
