/// The steps of a roll, in their order. Up to `sync` nothing on the host has changed.
public enum RollStep: String, Hashable, Sendable, Codable, CaseIterable {
    case fetch, download, verify, unpack, stage, render, validate, sync
    case stop, swap, start, check, commit
}

/// The steps of going back, in their order.
public enum UndoStep: String, Hashable, Sendable, Codable, CaseIterable {
    case stop, swap, start, check
}

/// Why a roll did not go through.
public struct RollFailure: Hashable, Sendable, Codable {
    /// The step that failed; nil when the roll was cut off and found unfinished later.
    public let step: RollStep?
    /// What went wrong, for people.
    public let message: String

    /// A step and what went wrong in it.
    public init(_ step: RollStep?, _ message: String) {
        self.step = step
        self.message = message
    }

    /// The failure of a roll that was killed or lost its machine.
    public static let interrupted = RollFailure(nil, "the roll was interrupted")
}
