import RollerCore
import Synchronization

/// One line on a terminal that says how far a transfer is, once it lasts over a second. Elsewhere it says nothing.
final class ProgressLine: Sendable {
    private struct State {
        var nextAt: ContinuousClock.Instant
        var isShown = false
    }

    private let title: String
    private let console: Console
    private let state = Mutex(State(nextAt: .now + .seconds(1)))

    init(of title: String, on console: Console) {
        self.title = title
        self.console = console
    }

    /// Shows how much is done; ten times a second at most.
    func show(_ done: Int64, of total: Int64?) {
        guard console.showsProgress, done >= 0 else { return }
        let isDue = state.withLock { state in
            guard ContinuousClock.now >= state.nextAt else { return false }
            state.nextAt = .now + .milliseconds(100)
            state.isShown = true
            return true
        }
        guard isDue else { return }
        var words = "\(title): \(ByteCount(done))"
        if let total, total > 0 { words += " of \(ByteCount(total)), \(min(100, done * 100 / total)) %" }
        try? console.write(.errors, "\r\u{1b}[K\(words)")  // best effort: only for the eye
    }

    /// Takes the line away.
    func clear() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { try? console.write(.errors, "\r\u{1b}[K") }  // best effort: only for the eye
    }
}
