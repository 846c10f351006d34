import LinuxSystem
import RollerCore

/// Brings a host whose last roll did not end back to one whole generation, before anything else is done. It asks neither
/// the network nor the renderer.
struct Recover {
    let home: RollerHome
    let report: Report

    /// - Returns: The journal for the roll that follows, and what the host remembers.
    func run(_ receipt: inout Receipt) async throws -> (journal: FileJournal, state: HostState) {
        let (journal, reading) = try FileJournal.open(in: home)
        let state = try home.state()
        let live = try home.liveGeneration() ?? .beforeRoller
        switch Recovery.decide(reading, live: live, current: state?.current) {
        case .nothing: break
        case .finishCommit(let plan):
            try TreeSwitch(home: home).nameByGeneration()
            guard state?.current == plan.next else {
                throw RollError.needsRecovery("generation \(plan.next) was committed, and state.json does not say so")
            }
        case .resume(let start):
            report.step("recover", "an earlier roll did not end; back to generation \(start.plan.previous)")
            let machine = Machine(home, committing: state ?? .untouched)
            let end = await RollerCore.run(start, on: machine, journal: journal)
            guard case .rolledBack(let plan, let why, let healthy) = end else {
                throw RollError.needsRecovery("going back to generation \(start.plan.previous) failed")
            }
            // A commit whose last word was never written is undone in the memory too.
            if var state, state.current != plan.previous {
                state.current = plan.previous
                state.bundle = try home.record(of: plan.previous)?.bundle
                try home.write(state)
            }
            report.step(
                "recover",
                "generation \(plan.previous) is live, \(healthy ? "and healthy" : "but not healthy: \(why.message)")")
        case .unclear(let why): throw RollError.needsRecovery(why)
        }
        return (journal, try home.state() ?? .untouched)
    }
}
