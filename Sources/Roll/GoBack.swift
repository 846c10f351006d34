import LinuxSystem
import RollerCore

/// An earlier generation becomes the live one, without the network: because somebody says so, or because a trial is over.
struct GoBack {
    let home: RollerHome
    let report: Report
    let watch: Stopwatch

    /// Goes back, and has the next rolls not bring back what was left.
    /// - Parameters:
    ///   - generation: Where to; nil is the one before.
    ///   - reason: Why the bundle that is left counts as rejected.
    func run(
        to generation: Generation?, from recovered: Recover.Recovered, because reason: String, _ lock: borrowing Lock,
        _ receipt: inout Receipt
    ) async throws {
        let state = recovered.state
        let stored = try home.storedGenerations().map(\.generation)
        guard let target = generation ?? stored.filter({ $0 < state.current }).max() else {
            throw RollError.nothingToRollBackTo
        }
        guard stored.contains(target) || target == state.current else { throw RollError.noGeneration(target) }
        let current = home.record(leaving: state.current, report)
        let next = try home.record(of: target)
        let store = PackageStore(home)
        let explained = try ExplainedPlan.from(current, leaving: state.current, to: next, id: receipt.id) {
            try store.manifest($0)
        }
        var after = state
        after.current = target
        after.bundle = next?.bundle
        after.revision = next?.revision
        receipt.host = state.host
        receipt.release = next?.release
        receipt.bundle = next?.bundle
        receipt.revision = next?.revision
        receipt.paths = Receipt.PathCounts(explained.changes)
        try lock.check(home)
        let end = try await Finish(home: home, report: report, watch: watch)
            .carryOut(explained, committing: after, recovered.journal, &receipt)
        guard case .committed = end else { return }
        // After the services run: reading what was changed may take a while, and going back must not.
        tellDamage(to: next?.packages ?? [], in: target)
        do {
            // Its generation may be live once more, without a trial.
            try home.endTrial()
            guard let left = current?.bundle, left != next?.bundle else { return }
            try Rejections(home).add(left, reason: reason, roll: receipt.id)
            if let bundle = next?.bundle { try Rejections(home).remove(bundle) }
        } catch {
            report.warning(
                "cannot remember that the bundle is rejected, so the next roll brings it back: \(explain(error))")
        }
    }

    /// Says which files of the generation are not what they were: somebody wrote to them through a later tree that shares
    /// them. Without the network they cannot be had anew.
    private func tellDamage(to packages: [Bundle.Package], in generation: Generation) {
        for package in packages {
            do {
                guard case .damaged(let paths) = try PackageStore(home).condition(of: package) else { continue }
                report.warning(
                    "files of the package '\(package.name)' were changed on this host, and may be so in generation "
                        + "\(generation): \(paths.prefix(3).map(\.rawValue).joined(separator: ", "))")
            } catch {
                report.warning("cannot look at the package '\(package.name)': \(explain(error))")
            }
        }
    }
}
