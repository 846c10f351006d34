import ArgumentParser
import ConfigSource
import RollerCore

/// Begins a datacenter.
struct NewDatacenter: CtlCommand {
    static let configuration = CommandConfiguration(commandName: "datacenter", abstract: "Begins a datacenter.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "Its name.", transform: validated)
    var name: DatacenterName
    @Option(help: "The platform of its hosts. (default: that of the other datacenters)", transform: validated)
    var platform: Platform?
    @Option(
        name: .customLong("config-server"),
        help: ArgumentHelp("The address of a config server; may be said more than once.", valueName: "url"))
    var configServers: [String] = []

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let others = Set(try await repository.snapshot(at: nil).repo.datacenters.values.compactMap(\.platform))
        guard let platform = platform ?? (others.count == 1 ? others.first : nil) else { throw NewError.noPlatform }
        let file = Skeleton.datacenter(name, platform: platform, configServers: configServers)
        return try repository.add(file, in: surroundings)
    }
}

/// Begins a class.
struct NewHostclass: CtlCommand {
    static let configuration = CommandConfiguration(commandName: "hostclass", abstract: "Begins a class of hosts.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "Its name.", transform: validated)
    var name: HostclassName

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        return try repository.add(Skeleton.hostclass(name), in: surroundings)
    }
}

/// Begins a host.
struct NewHost: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", abstract: "Begins a host.",
        discussion: "What its class requires and its datacenter does not set stands in the file, to be filled in.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "Its full name.", transform: validated)
    var name: HostName
    @Option(help: "Its class, at a release: CLASS@RELEASE.", transform: validated)
    var release: ReleaseReference
    @Option(
        name: .customLong("in"), help: ArgumentHelp("Where it stands.", valueName: "datacenter"), transform: validated)
    var datacenter: DatacenterName

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try await repository.snapshot(at: nil)
        guard let place = snapshot.repo.datacenters[datacenter] else {
            throw UnknownName(
                "datacenter", datacenter.rawValue, among: snapshot.repo.datacenters.keys.map(\.rawValue).sorted())
        }
        let hostclass =
            switch try ConfigSource.release(release, in: repository.git) {
            case .found(let found, _): found.tree.hostclass
            case .unreadable: throw PinError.noClass(release)
            case .missing(let near): throw UnknownName("release", release.rawValue, among: near)
            }
        let missing = hostclass.required.filter { required in
            !place.settings.contains { $0.key == required.key }
        }
        let file = Skeleton.host(name, on: release, in: datacenter, missing: missing)
        let status = try repository.add(file, in: surroundings)
        if status == .fine, !missing.isEmpty {
            surroundings.console.warn("fill in \(missing.map(\.key.rawValue).sorted().joined(separator: ", "))")
        }
        return status
    }
}

/// Begins a person.
struct NewUser: CtlCommand {
    static let configuration = CommandConfiguration(commandName: "user", abstract: "Begins a person.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The login name.", transform: validated)
    var login: LoginName
    @Option(help: "The number of the account. (default: one more than the highest)")
    var uid: Int?
    @Option(help: "What the person is called.")
    var name: String?
    @Option(
        name: .customLong("key"),
        help: ArgumentHelp("The line of a public SSH key; may be said more than once.", valueName: "line"))
    var keys: [String] = []

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let uid = if let uid { uid } else { try await repository.snapshot(at: nil).repo.nextUID }
        return try repository.add(Skeleton.user(login, uid: uid, fullName: name, keys: keys), in: surroundings)
    }
}

/// Begins a group of people.
struct NewGroup: CtlCommand {
    static let configuration = CommandConfiguration(commandName: "group", abstract: "Begins a group of people.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "Its name.", transform: validated)
    var name: GroupName
    @Option(help: "The number of the group. (default: one more than the highest)")
    var gid: Int?
    @Option(
        name: .customLong("member"),
        help: ArgumentHelp("The login name of somebody in it; may be said more than once.", valueName: "login"),
        transform: validated)
    var members: [LoginName] = []

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let gid = if let gid { gid } else { try await repository.snapshot(at: nil).repo.nextGID }
        return try repository.add(Skeleton.group(name, gid: gid, members: members), in: surroundings)
    }
}
