internal import RollerCore

/// What a change from one commit to another means for all hosts.
struct RangeReport: Sendable {
    /// Hosts by what changes for them, the largest group first.
    let groups: [DiffGroup]
    let impact: Impact
}

/// Compares commits for pages: a few at once, each pair once.
actor RangeReports {
    private struct Pair: Hashable {
        let old: Revision?
        let new: Revision
    }

    private var known: [(pair: Pair, report: RangeReport)] = []
    private var running: [Pair: Task<RangeReport, Never>] = [:]

    /// Reports hold one diff a group, so a few do not weigh much.
    private static let held = 16
    /// How many pairs are compared at once. Each takes a thread, and a second or two for 10,000 hosts.
    private static let most = 2

    /// What lies between two commits.
    /// - Parameter old: Nil for nothing at all, as before the first commit.
    /// - Throws: `SnapshotError.busy` where enough are being compared.
    func report(from old: ServedSnapshot?, to new: ServedSnapshot) async throws(SnapshotError) -> RangeReport {
        let pair = Pair(old: old?.revision, new: new.revision)
        if let place = known.firstIndex(where: { $0.pair == pair }) {
            let found = known.remove(at: place)
            known.append(found)
            return found.report
        }
        if let task = running[pair] { return await task.value }
        guard running.count < Self.most else { throw .busy }
        let task = Task.detached { compare(old, new) }
        running[pair] = task
        let report = await task.value
        running[pair] = nil
        if !known.contains(where: { $0.pair == pair }) { known.append((pair, report)) }
        if known.count > Self.held { known.removeFirst() }
        return report
    }
}

private func compare(_ old: ServedSnapshot?, _ new: ServedSnapshot) -> RangeReport {
    let nothing = Snapshot(
        revision: nil, committed: nil, repo: ConfigRepo.read([]).repo, releases: [:], findings: [])
    let pair = SnapshotPair(
        old: old?.snapshot ?? nothing, old?.files ?? [:], new: new.snapshot, new.files)
    let (diff, impact) = pair.compare(from: old?.revision.short ?? "", to: new.revision.short)
    return RangeReport(groups: diff.groups, impact: impact)
}
