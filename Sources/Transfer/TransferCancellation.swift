internal import CLibCurl
internal import Synchronization

/// Stops an exchange from another thread, at once. One for each exchange: it cannot be taken back.
public final class TransferCancellation: Sendable {
    private struct State {
        var isCancelled = false
        /// The multi handle now at work, as an address: a raw pointer may not cross threads, `curl_multi_wakeup` may.
        var working: UInt?
    }

    private let state = Mutex(State())

    /// Not cancelled yet.
    public init() {}

    /// Ends the exchange with `TransferError.cancelled`. May be called on any thread, before, during or after it.
    public func cancel() {
        state.withLock { state in
            state.isCancelled = true
            // Under the lock, so that the handle is alive: `working` is unset under it before the handle is freed.
            if let working = state.working, let multi = UnsafeMutableRawPointer(bitPattern: working) {
                curl_multi_wakeup(multi)
            }
        }
    }

    /// Whether somebody asked to stop.
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func begin(waking multi: UnsafeMutableRawPointer) {
        let address = UInt(bitPattern: multi)
        state.withLock { $0.working = address }
    }

    func end() {
        state.withLock { $0.working = nil }
    }
}
