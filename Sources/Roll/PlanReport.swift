import LinuxSystem
import RollerCore

/// What a roll would do, for people and for programs.
struct PlanReport: Codable {
    /// Names the plan; nil when there is nothing to do.
    var plan: PlanID?
    var release: ReleaseReference?
    var bundle: Digest?
    var revision: Revision?
    let from: Generation
    let to: Generation
    /// Paths of the tree, directories left out.
    var added: [String] = []
    var changed: [String] = []
    var removed: [String] = []
    /// What somebody did to the live tree; it leaves with it. Left out of a tree that Roller did not make.
    var drift: [Drift.Finding] = []
    /// Whether the live tree is one that Roller did not make.
    var adopts = false
    var services: [ServicePlan] = []
    /// How long services may be down, if the class says so.
    var downtimeBudget: TimeSpan?
    var contents: [ContentDiff] = []
    /// What had to be fetched for the plan, so that the roll need not.
    var fetched: Fetched?
    var space: Space?
    /// Why a roll would be refused all the same.
    var refused: String?

    struct ServicePlan: Codable {
        let name: ServiceName
        let action: ServiceChange.Action
        let reason: String
        /// Nil when no earlier roll restarted it.
        let expected: ExpectedDowntime?
    }

    struct Fetched: Codable {
        let packages: [PackageName]
        let bytes: ByteCount
    }

    /// What the roll takes on its file system at most, and what is free.
    struct Space: Codable {
        let bytes: ByteCount
        let freeBytes: ByteCount
        let inodes: Int
        /// Nil where the file system has no such limit.
        let freeInodes: Int?
    }

    /// Nothing to do.
    init(nothingToDoAt live: Generation, _ drift: Drift) {
        from = live
        to = live
        if live != .beforeRoller { self.drift = drift.findings }
    }

    /// The plan that a candidate, which was built, stands for.
    init(_ candidate: Apply.Candidate, home: RollerHome, drift: Drift) async throws {
        let explained = candidate.explained
        plan = candidate.inputs?.id
        release = candidate.record.release
        bundle = candidate.record.bundle
        revision = candidate.record.revision
        from = explained.plan.previous
        to = explained.plan.next
        if candidate.previous == nil {
            // Without a record of what is live, the tree itself is what the new one is compared with.
            adopts = explained.plan.previous == .beforeRoller
            let found = try await LiveTree(home: home).compare(with: candidate.record, depth: .changedContents).drift
            (added, changed, removed) = found.asChanges
        } else {
            added = explained.changes.added.map(\.rawValue)
            changed = explained.changes.changed.map(\.rawValue)
            removed = explained.changes.removed.map(\.rawValue)
            self.drift = drift.findings
        }
        let receipts = explained.services.isEmpty ? [] : try home.receipts()
        let expected = ExpectedDowntime.of(explained.services, receipts: receipts)
        services = explained.services.map { change in
            ServicePlan(
                name: change.name, action: change.action, reason: change.reason.text,
                expected: expected.first { $0.service == change.name })
        }
        downtimeBudget = candidate.budget
        let edited = self.drift.filter { $0.kind == .modified }.map(\.path)
        contents = ContentDiffs(home: home, next: candidate.record.generation).of(changed + edited)
        let packages = candidate.fetched.packages
        if !packages.isEmpty { fetched = Fetched(packages: packages.map(\.name), bytes: candidate.fetched.bytes) }
        refused = candidate.obstacle.map { explain($0) }
        let room = candidate.fetched.space
        space = Space(
            bytes: room.need.bytes, freeBytes: room.free, inodes: room.need.inodes, freeInodes: room.freeInodes)
    }
}

extension Drift {
    /// What was found in a live tree by comparing it with the next generation, as what a roll would change.
    fileprivate var asChanges: (added: [String], changed: [String], removed: [String]) {
        var (added, changed, removed): ([String], Set<String>, [String]) = ([], [], [])
        for finding in findings {
            switch finding.kind {
            case .missing: added.append(finding.path)
            case .extra: removed.append(finding.path)
            case .modified, .replaced, .mode, .owner, .target, .attribute: changed.insert(finding.path)
            }
        }
        return (added, changed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, removed)
    }
}
