/// Tells a slow transfer from a stalled one.
///
/// The mark moves on whenever as much has moved since as the rate asks for in a whole window, so neither a stop nor a
/// trickle outlasts one window, and a transfer above the rate never trips. (libcurl's own limit counts whole seconds.)
struct StallWatch {
    private let rate: Int64
    private let window: Duration
    private let enough: Int64
    /// The rate that we keep to ourselves.
    private let ceiling: Int64?
    private var began: Duration?
    private var mark: (moved: Int64, at: Duration)?

    init(_ limits: TransferLimits) {
        ceiling = limits.maxBytesPerSecond.map { max(1, $0) }
        rate = max(0, min(limits.stall.bytesPerSecond, ceiling.map { $0 / 2 } ?? .max))
        window = limits.stall.window
        enough = max(1, Int64(exactly: (Double(rate) * window.inSeconds).rounded(.up)) ?? .max)
    }

    /// - Parameters:
    ///   - moved: Bytes so far, both ways.
    ///   - now: Time since the exchange began.
    mutating func look(moved: Int64, at now: Duration) throws(TransferError) {
        began = began ?? now
        guard let mark, moved - mark.moved < enough, !isAhead(moved: moved, at: now) else { return mark = (moved, now) }
        if now - mark.at >= window { throw .stalled(below: rate, for: window) }
    }

    /// Whether more has moved than our own rate allows by now: then it is we who wait, not the server.
    private func isAhead(moved: Int64, at now: Duration) -> Bool {
        guard let ceiling, let began else { return false }
        return Double(moved) > Double(ceiling) * (now - began).inSeconds
    }

    /// How many milliseconds one may sleep before the next look. Data, libcurl's own timers and a cancellation wake the
    /// sleeper sooner.
    func patience(at now: Duration) -> Int32 {
        guard let mark else { return 1000 }
        let left = (mark.at + window - now).components
        guard left.seconds < 60 else { return 60_000 }
        return max(1, Int32(left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000) + 1)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
