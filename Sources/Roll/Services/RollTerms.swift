import LinuxSystem
import RollerCore

/// What a roll is to heed while it changes the host.
struct RollTerms {
    /// Which units start at boot from its end on, and which no more.
    var enabling: [String] = []
    var disabling: [String] = []
    /// How long services may be away.
    var budget: Duration?
    /// Services that failed their checks before the roll: how long they are away is not for it to answer for.
    var ill: Set<ServiceName> = []
    /// Whether somebody wants the roll to end; asked until the trees are exchanged.
    var endRequest: () -> String? = { nil }

    /// As far as a plan says, for a roll that is taken up again.
    init(_ plan: RollPlan) {
        enabling = plan.enabling
        disabling = plan.disabling
    }

    init() {}
}

/// The signals that ask roll to end; in words, if one came since roll outlives them.
func endRequestBySignal() -> String? {
    let names: [(Signals.Kind, String)] = [(.terminate, "SIGTERM"), (.interrupt, "SIGINT"), (.hangUp, "SIGHUP")]
    let caught = Signals.caught(of: Set(names.map(\.0)))
    return names.first { caught.contains($0.0) }.map { "\($0.1) came before the trees were exchanged" }
}
