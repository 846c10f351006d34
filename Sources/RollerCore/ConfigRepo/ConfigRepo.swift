/// The config repository at one state: what its files say, before anything is resolved for a host.
public struct ConfigRepo: Sendable {
    /// What holds for all of the repository.
    public private(set) var root = RepoRoot.plain
    /// The datacenters, by name.
    public private(set) var datacenters: [DatacenterName: Datacenter] = [:]
    /// The hosts, by name.
    public private(set) var hosts: [HostName: Host] = [:]
    /// The classes as they stand at this state. What a host gets is not this but the release it names.
    public private(set) var hostclasses: [HostclassName: HostclassTree] = [:]
    /// The groups of people that have a file.
    public private(set) var groups: Set<GroupName> = []
    /// The users whose files could be read, by login name; leavers too.
    public var users: [LoginName: User] { people.users }
    /// The groups whose files could be read, by name.
    public var userGroups: [GroupName: UserGroup] { people.groups }
    var people = People()

    /// Reads a whole repository.
    /// - Parameter files: Every file of the state, as git or the work tree has it; the order does not matter.
    /// - Returns: What could be read, and everything that is wrong, sorted. Of a file with errors there is what could be
    ///   made out, so that further checks can be run on it; `Snapshot.resolve` makes no bundle of it.
    public static func read(_ files: [RepoFile]) -> (repo: ConfigRepo, findings: [Diagnostic]) {
        let reading = RepoReading(files)
        return (reading.repo, reading.findings)
    }

    /// Takes over what other files of the same state say.
    /// - Parameter rest: What they say, without roller.yml.
    mutating func add(_ rest: ConfigRepo) {
        datacenters.merge(rest.datacenters) { _, new in new }
        hosts.merge(rest.hosts) { _, new in new }
        hostclasses.merge(rest.hostclasses) { _, new in new }
        groups.formUnion(rest.groups)
        people.add(rest.people)
    }

    /// Reads one file that is no part of a class.
    mutating func read(_ file: RepoFile, as place: RepoPlace) -> [Diagnostic] {
        var reader = FileReader(file: file.path)
        switch place {
        case .root: root = RepoRoot.read(file.bytes, &reader) ?? root
        case .datacenter(let name):
            datacenters[name] = Datacenter.read(name, file.bytes, &reader)
        case .host(let name):
            hosts[name] = Host.read(name, file.bytes, &reader)
        case .group(let name):
            groups.insert(name)
            people.groups[name] = UserGroup.read(name, file.bytes, &reader)
        case .user(let name):
            people.userFiles.insert(name)
            people.users[name] = User.read(name, file.bytes, &reader)
        case .home(let user, _): people.homes[user, default: []].insert(file.path)
        case .hostclass, .lock, .classFile, .ignored: break
        }
        return reader.findings
    }

    /// Forgets what the file at `path`, which is no part of a class, said.
    mutating func forget(_ path: String, at place: RepoPlace) {
        switch place {
        case .root: root = .plain
        case .datacenter(let name): datacenters[name] = nil
        case .host(let name): hosts[name] = nil
        case .group(let name):
            groups.remove(name)
            people.groups[name] = nil
        case .user(let name):
            people.userFiles.remove(name)
            people.users[name] = nil
        case .home(let user, _):
            people.homes[user]?.remove(path)
            if people.homes[user]?.isEmpty == true { people.homes[user] = nil }
        case .hostclass, .lock, .classFile, .ignored: break
        }
    }

    /// Reads a class anew; without files it is gone.
    /// - Parameter files: All its files.
    mutating func readHostclass(_ name: HostclassName, _ files: [RepoFile]) -> [Diagnostic] {
        guard files.contains(where: { $0.path == "hostclasses/\(name).yml" }) else {
            hostclasses[name] = nil
            return files.map {
                Diagnostic(
                    .unexpectedFile, at: SourceLocation(file: $0.path), "there is no hostclass '\(name)'",
                    hint: "add hostclasses/\(name).yml, or remove the file")
            }
        }
        let isReadable = { (file: RepoFile) in
            file.kind == .file || file.kind == .executable || file.path.hasPrefix("files/")
        }
        let (tree, findings) = HostclassTree.read(name, from: files.filter(isReadable))
        hostclasses[name] = tree
        return findings + files.filter { !isReadable($0) }.map(ConfigRepo.notPlain)
    }

    /// What files contradict that are each right by themselves.
    /// - Parameter known: The classes that have a file of any kind.
    func checkTogether(classes known: some Collection<HostclassName>) -> [Diagnostic] {
        checkAccess() + checkProtected() + people.check() + checkWaves(Set(known))
    }

    /// Groups that a class or a host names and that have no file.
    private func checkAccess() -> [Diagnostic] {
        (hostclasses.values.map(\.hostclass.access) + hosts.values.map(\.access)).flatMap { access in
            (access.login + access.sudo).filter { !groups.contains($0.name) }.map {
                Diagnostic(
                    .unknownGroup, at: $0.location, "there is no group '\($0.name)'",
                    hint: nearestName(to: $0.name.rawValue, among: groups.map(\.rawValue).sorted()).map {
                        "did you mean '\($0)'?"
                    }
                        ?? "add groups/\($0.name).yml")
            }
        }
    }

    /// Accounts that are to be left alone, and that have a file which says what they are to be.
    private func checkProtected() -> [Diagnostic] {
        root.protectedAccounts.filter { people.userFiles.contains($0.name) }.map { account in
            Diagnostic(
                .reservedAccount, at: account.location,
                "'\(account.name)' is protected, and users/\(account.name).yml says what it is to be",
                hint: "remove one of the two")
        }
    }

    /// Classes that roller.yml names and that have no file.
    private func checkWaves(_ known: Set<HostclassName>) -> [Diagnostic] {
        root.waveLocations.filter { !known.contains($0.key) }.map { name, location in
            Diagnostic(
                .unknownHostclass, at: location, "there is no hostclass '\(name)'",
                hint: nearestName(to: name.rawValue, among: known.map(\.rawValue).sorted())
                    .map { "did you mean '\($0)'?" } ?? "add hostclasses/\(name).yml, or remove its waves")
        }
    }

    /// The finding about a file that is there and cannot be read.
    static func unreadable(_ path: String, _ why: String) -> Diagnostic {
        Diagnostic(
            .notAPlainFile, at: SourceLocation(file: path), "'\(path)' cannot be read: \(why)",
            hint: path.hasPrefix("files/") ? "make a package of what is large" : "make it a small plain file")
    }

    static func notPlain(_ file: RepoFile) -> Diagnostic {
        Diagnostic(
            .notAPlainFile, at: SourceLocation(file: file.path),
            "'\(file.path)' is \(file.kind == .symlink ? "a symbolic link" : "a submodule")",
            hint: "make it a plain file")
    }

    static let missingRoot = Diagnostic(
        .notARepository, at: SourceLocation(file: RepoRoot.path),
        "there is no roller.yml, so this is no config repository",
        hint: "write `format: 1` into roller.yml at the root")
}
