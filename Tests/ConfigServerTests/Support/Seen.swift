import RollerCore
import Synchronization

/// What one task saw while another made changes.
final class Seen: Sendable {
    private struct State {
        var pairs: [(revision: String, value: Value?)] = []
        var isDone = false
    }

    private let state = Mutex(State())

    var pairs: [(revision: String, value: Value?)] { state.withLock { $0.pairs } }
    var isDone: Bool { state.withLock { $0.isDone } }

    func note(_ revision: String, _ value: Value?) { state.withLock { $0.pairs.append((revision, value)) } }
    func finish() { state.withLock { $0.isDone = true } }
}
