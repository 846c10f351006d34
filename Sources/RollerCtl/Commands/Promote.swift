import ArgumentParser
import ConfigSource
import GitRepository
import LinuxSystem
import RollerCore

/// Takes a release one wave further.
struct Promote: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts the next wave of hosts on a release, as roller.yml lays down.",
        discussion: """
            `waves: {web: [1, 10%, 50%, 100%]}` in roller.yml says how many hosts of a class are on a release after \
            each wave. Hosts on a later release, or on a commit of their own, are left alone.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The release: CLASS@RELEASE.", transform: validated)
    var release: ReleaseReference
    @Flag(help: "Show what would change, and write nothing.")
    var dryRun = false

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let console = surroundings.console
        try repository.check(release, console)
        let snapshot = try await repository.snapshot(at: nil)
        let name = release.hostclass
        guard let waves = snapshot.repo.root.waves[name], !waves.isEmpty else { throw PinError.noWaves(name) }
        let later = try repository.releases(after: release, in: snapshot)
        let rollout = Rollout(of: release, over: snapshot.hosts(of: name), later: later)
        guard let (number, hosts) = rollout.nextWave(of: waves) else {
            console.note(
                "all \(counted(waves.count, "wave")) of '\(name)' are through: "
                    + "\(rollout.reached.count + rollout.passed.count) of \(counted(rollout.total, "host"))")
            console.note(held: rollout)
            if !rollout.waiting.isEmpty {
                console.note("for the other \(rollout.waiting.count): rollerctl pin \(release) --class \(name)")
            }
            return .fine
        }
        let root = try Directory.open(repository.workTree(), followingLinks: true)
        let edits = try HostEdits(to: release, of: hosts.map(\.name), in: root)
        console.note(
            "wave \(number) of \(waves.count) (\(waves[number - 1]) of \(counted(rollout.total, "host"))): "
                + "\(counted(hosts.count, "host")) to \(release)")
        try edits.carryOut(dryRun ? .show : .write, in: root, console)
        if !rollout.passed.isEmpty {
            console.note("left alone on a later release: \(counted(rollout.passed.count, "host"))")
        }
        console.note(held: rollout)
        return .fine
    }
}

extension ConfigRepository {
    /// The releases in use of the same class that were made after `release`: their commits descend from its.
    fileprivate func releases(
        after release: ReleaseReference, in snapshot: Snapshot
    ) throws -> Set<ReleaseReference> {
        guard case .found(let own, _) = try ConfigSource.release(release, in: git),
            let commit = ObjectID(hex: own.revision.rawValue)
        else { return [] }
        var later: Set<ReleaseReference> = []
        for (reference, lookup) in snapshot.releases where reference.hostclass == release.hostclass {
            guard case .found(let other, _) = lookup, let id = ObjectID(hex: other.revision.rawValue), id != commit
            else { continue }
            // A commit of its own is held, whatever it descends from.
            guard case .release = reference.state else { continue }
            if try git.isAncestor(commit, of: id) { later.insert(reference) }
        }
        return later
    }
}
