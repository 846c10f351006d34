/// How `roll` ends, as scripts and cron see it.
public enum RollExit: Int32, Hashable, Sendable, Codable, CaseIterable {
    /// The host is as the repository says, whether anything had to be changed or not.
    case success = 0
    /// Something nobody thought of.
    case unexpected = 1
    /// With `--detailed-exitcode`: changed, or for a plan: would change. Of `verify`: the live tree differs.
    case changed = 2
    /// The command line makes no sense.
    case usage = 10
    /// The server does not answer, or the configuration is at fault.
    case configOrServer = 11
    /// What came has not the digest that git pins.
    case verification = 12
    /// The candidate could not be built. Services were not touched.
    case staging = 13
    /// The roll failed, and the generation before is live and healthy.
    case rolledBack = 14
    /// The roll failed, and the generation before is live but not healthy.
    case rolledBackUnhealthy = 15
    /// Going back failed too. Both trees are kept.
    case inconsistent = 16
    /// Another roll has the lock, or the host is held.
    case locked = 17
    /// Refused: over budget, rejected before, first roll over files without `--adopt`, a stale plan.
    case refused = 18

    /// How a roll that reached its host ends.
    public init(_ state: RollState) {
        switch state {
        case .committed: self = .success
        case .rolledBack(_, _, healthy: true): self = .rolledBack
        case .rolledBack(_, _, healthy: false): self = .rolledBackUnhealthy
        case .inconsistent: self = .inconsistent
        case .doing, .undoing: preconditionFailure("the roll is not over: \(state)")
        }
    }
}
