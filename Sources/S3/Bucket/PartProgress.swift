internal import Synchronization
internal import Transfer

/// Adds up how far parts have come that are on their way at once.
final class PartProgress: Sendable {
    private let total: Int64
    private let report: (@Sendable (TransferProgress) -> Void)?
    private let moved = Mutex<[Int: Int64]>([:])

    init(total: Int64, report: (@Sendable (TransferProgress) -> Void)?) {
        self.total = total
        self.report = report
    }

    /// Part `number` has come to `bytes`; fewer than before when it is sent again.
    func moved(_ number: Int, to bytes: Int64) {
        guard let report else { return }
        let done = moved.withLock { moved in
            moved[number] = bytes
            return moved.values.reduce(0, +)
        }
        report(TransferProgress(done: done, total: total))
    }
}
