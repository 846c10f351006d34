import LinuxSystem
import RollerCore

/// Sees to the promise of a trial: every roll and every recovery begins with it, so that neither a reboot nor the death of
/// the timer breaks it.
struct TrialEnd {
    let home: RollerHome
    let report: Report
    /// Seconds since 1970.
    let now: Int

    /// Goes back when a trial's time is over.
    /// - Returns: How the host stands then, and the trial that still goes on, if one does.
    func run(
        _ recovered: Recover.Recovered, _ lock: borrowing Lock
    ) async throws -> (recovered: Recover.Recovered, trial: Trial?) {
        guard let trial = try home.trial(of: recovered.state.current, report) else { return (recovered, nil) }
        guard try trial.remaining(at: now) <= .zero else { return (recovered, trial) }
        report.step("trial", "nobody kept generation \(trial.generation); back to \(trial.back)")
        var receipt = Receipt(id: rollID(now), started: now)
        let watch = Stopwatch()
        do {
            try await GoBack(home: home, report: report, watch: watch).run(
                to: trial.back, from: recovered, because: "nobody kept it in its trial", lock, &receipt)
        } catch {
            receipt.host = recovered.state.host
            receipt.exit = rollExit(of: error)
            receipt.failure = explain(error)
            write(receipt, watch)
            throw error
        }
        write(receipt, watch)
        if receipt.exit == .inconsistent { throw RollError.needsRecovery(receipt.failure ?? "the trial's end failed") }
        if receipt.exit != .success {
            report.warning("generation \(trial.generation) stays live: going back failed, and its trial is over")
            try home.endTrial()
        }
        return (try await Recover(home: home, report: report).run(), nil)
    }

    /// It is sent with the next roll's: this may be a boot without network.
    private func write(_ receipt: Receipt, _ watch: Stopwatch) {
        var receipt = receipt
        receipt.version = RollerVersion.text
        receipt.steps = watch.steps
        receipt.milliseconds = watch.elapsed.milliseconds
        do {
            try home.keep(receipt)
            if receipt.host != nil { _ = try Outbox(home).add(receipt) }
        } catch {
            report.warning("cannot write down how the trial ended: \(explain(error))")
        }
    }
}
