import ArgumentParser
import LinuxSystem
import RollerCore

/// Puts hosts on a release.
struct Pin: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts hosts on a release, by changing that one value in their files.",
        discussion: """
            Every other byte stays: comments, order, quotes. Nothing is written unless all hosts can be. With --class \
            the hosts are chosen: those that are not on the release yet, in an order that is always the same, so that \
            the same command again goes on where it ended.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The release: CLASS@RELEASE, or CLASS@ and a full commit.", transform: validated)
    var release: ReleaseReference
    @Argument(help: "The hosts' full names.", transform: validated)
    var hosts: [HostName] = []
    @Option(
        name: .customLong("class"), help: ArgumentHelp("Choose among the hosts of this class.", valueName: "class"),
        transform: validated)
    var hostclass: HostclassName?
    @Option(
        name: .customLong("in"), help: ArgumentHelp("Only those in this datacenter.", valueName: "datacenter"),
        transform: validated)
    var datacenter: DatacenterName?
    @Option(
        help: ArgumentHelp("So many of them: 5, or 10% of all. (default: all)", valueName: "n|n%"), transform: wave)
    var count: RepoRoot.Wave?
    @Flag(help: "Show what would change, and write nothing.")
    var dryRun = false

    func validate() throws {
        guard hosts.isEmpty != (hostclass == nil) else {
            throw ValidationError("name either hosts or --class")
        }
        guard hostclass != nil || (datacenter == nil && count == nil) else {
            throw ValidationError("--in and --count go with --class")
        }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let console = surroundings.console
        try repository.check(release, console)
        let root = try Directory.open(repository.workTree(), followingLinks: true)
        let chosen = if let hostclass { try await choose(from: repository, of: hostclass, console) } else { hosts }
        try HostEdits(to: release, of: chosen, in: root).carryOut(dryRun ? .show : .write, in: root, console)
        return .fine
    }

    private func choose(
        from repository: borrowing ConfigRepository, of hostclass: HostclassName, _ console: Console
    ) async throws -> [HostName] {
        guard hostclass == release.hostclass else { throw PinError.otherClass(release, hostclass) }
        let snapshot = try await repository.snapshot(at: nil)
        if let datacenter, snapshot.repo.datacenters[datacenter] == nil {
            throw UnknownName(
                "datacenter", datacenter.rawValue, among: snapshot.repo.datacenters.keys.map(\.rawValue).sorted())
        }
        let hosts = snapshot.hosts(of: hostclass).filter { datacenter == nil || $0.datacenter == datacenter }
        let rollout = Rollout(of: release, over: hosts)
        let chosen = rollout.next(count ?? .percent(100))
        let place = datacenter.map { " in \($0)" } ?? ""
        console.note(
            "\(counted(chosen.count, "host")) of \(rollout.total) of '\(hostclass)'\(place);"
                + " \(rollout.reached.count) on \(release) already, \(rollout.waiting.count - chosen.count) to go")
        console.note(held: rollout)
        return chosen.map(\.name)
    }

    private static func wave(_ text: String) throws -> RepoRoot.Wave {
        guard let wave = RepoRoot.Wave(text) else {
            throw ValidationError("use a number of hosts, as in 5, or a share of them, as in 10%")
        }
        return wave
    }
}

extension Console {
    /// Says which hosts a roll-out leaves alone.
    func note(held rollout: Rollout) {
        guard let first = rollout.held.first else { return }
        let others = rollout.held.count > 1 ? " and \(counted(rollout.held.count - 1, "other"))" : ""
        note("left alone on a commit of their own: \(first.name)\(others)")
    }
}
