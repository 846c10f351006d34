import RollerCore
import Synchronization

/// One line on a terminal that says how far a work is, once it lasts over a second. Elsewhere it says nothing.
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
        guard done >= 0 else { return }
        show {
            guard let total, total > 0 else { return "\(ByteCount(done))" }
            return "\(ByteCount(done)) of \(ByteCount(total)), \(min(100, done * 100 / total)) %"
        }
    }

    /// Shows how far the work is; ten times a second at most.
    func show(_ words: () -> String) {
        guard console.showsProgress else { return }
        let isDue = state.withLock { state in
            guard ContinuousClock.now >= state.nextAt else { return false }
            state.nextAt = .now + .milliseconds(100)
            state.isShown = true
            return true
        }
        guard isDue else { return }
        try? console.write(.errors, "\r\u{1b}[K\(title): \(words())")  // best effort: only for the eye
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

extension Console {
    /// Does work of which nobody can say how far it is, and shows how long it lasts.
    func watching<Result>(_ title: String, _ work: () async throws -> Result) async throws -> Result {
        guard showsProgress else { return try await work() }
        let line = ProgressLine(of: title, on: self)
        let start = ContinuousClock.now
        let ticks = Task {
            while !Task.isCancelled {
                line.show { "\((ContinuousClock.now - start).components.seconds) s" }
                try? await Task.sleep(for: .milliseconds(200))  // cancelled: the loop sees it
            }
        }
        // The line goes only once nobody can write it again.
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
        ticks.cancel()
        await ticks.value
        line.clear()
        return try outcome.get()
    }
}
