import LinuxSystem
import RollerCore

/// Whether a host stands on one whole generation, for those who only look.
enum Standing: Equatable {
    case settled
    /// A roll is at work, and will say itself how it ended.
    case rolling
    /// In words, with what to do.
    case unsettled(String)

    /// Looks without changing anything. The lock is tried only where something is amiss, so that who looks keeps no roll away.
    static func of(_ home: RollerHome) throws -> Standing {
        guard case .unsettled = try look(home) else { return .settled }
        do throws(RollError) {
            let lock = try Lock.take(home, for: "status")
            // Again: a roll may have ended meanwhile.
            let standing = try look(home)
            lock.letGo()
            return standing
        } catch .locked {
            return .rolling
        }
    }

    /// Refuses where the host does not stand on one whole generation; asked by who holds the lock.
    static func requireSettled(_ home: RollerHome) throws(RollError) {
        if case .unsettled(let why) = try look(home) { throw .needsRecovery(why) }
    }

    private static func look(_ home: RollerHome) throws(RollError) -> Standing {
        let state = try home.state()
        do {
            let reading = try FileJournal.open(in: home).reading
            let live = try home.liveGeneration()
            if live == nil, state != nil {
                return .unsettled(
                    "there is nothing at the prefix, and \(state?.current ?? .beforeRoller) was committed last")
            }
            switch Recovery.decide(reading, live: live ?? .beforeRoller, current: state?.current) {
            case .nothing where reading == .damaged:
                return .unsettled("the journal cannot be read, and services may be down; run `roll recover`")
            case .nothing, .finishCommit: return .settled
            case .resume: return .unsettled("a roll did not end; run `roll recover`")
            case .unclear(let why): return .unsettled(why)
            }
        } catch {
            throw .cannotStage(what: "look at the host", cause: error)
        }
    }
}
