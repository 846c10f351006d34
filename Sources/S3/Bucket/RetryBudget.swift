internal import Synchronization

/// How much trying again a client may still do, over all its tasks. Ten successes pay for one further try.
final class RetryBudget: Sendable {
    private let tenths: Mutex<Int>
    private let full: Int

    init(tries: Int) {
        full = max(0, tries) * 10
        tenths = Mutex(full)
    }

    /// Takes one try; false when there is none left.
    func take() -> Bool {
        tenths.withLock { tenths in
            guard tenths >= 10 else { return false }
            tenths -= 10
            return true
        }
    }

    func succeeded() { tenths.withLock { $0 = min(full, $0 + 1) } }
}
