internal import Synchronization

/// Tells the first of several tries from those after it.
final class Tries: Sendable {
    private let any = Mutex(false)

    /// True once.
    func isFirst() -> Bool {
        any.withLock { any in
            defer { any = true }
            return !any
        }
    }
}
