import ArgumentParser
import LinuxSystem
import RollerCore

/// Writes down the exact bytes of every package of a class.
struct LockCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Fixes the bytes of every package of a class, in hostclasses/CLASS.lock.yml.",
        discussion: """
            Reads the manifest of each package that a class pins, for the platforms of its hosts, and writes their \
            digests. Commit what it wrote. Nothing is written unless all classes can be locked; exit status 1 when \
            two packages, or a package and the class, claim one path.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var connection: ServerOptions
    @Argument(help: "The classes. (default: all)", transform: validated)
    var classes: [HostclassName] = []
    @Option(help: ArgumentHelp("The config server that has the packages.", valueName: "url"))
    var server: String?
    @Option(help: ArgumentHelp("Read manifests from this directory, in place of a server.", valueName: "dir"))
    var manifests: String?
    @Flag(help: "Take a package that has other bytes now under the same version; it is refused otherwise.")
    var acceptChanged = false

    func validate() throws {
        guard (server == nil) != (manifests == nil) else { throw ValidationError("say either --server or --manifests") }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try await repository.snapshot(at: nil)
        var maker = LockMaker(source: try source(surroundings))
        var changes: [ClassChange] = []
        var conflicts: [Diagnostic] = []
        for tree in try trees(in: snapshot) {
            let (platforms, needsAll) = try platforms(of: tree.hostclass.name, in: snapshot, surroundings.console)
            let result = try await maker.lock(tree, for: platforms, needsAll: needsAll)
            conflicts += result.conflicts
            changes.append(ClassChange(tree: tree, lock: result.lock))
        }
        guard conflicts.isEmpty else {
            // Two builds of one thing may share thousands of paths; the first of them tell the story.
            let shown = Array(conflicts.prefix(100))
            let texts = try repository.texts(for: shown, at: nil)
            try surroundings.console.print(FindingsReport(findings: shown, texts: texts))
            surroundings.console.note("nothing is locked: \(counted(conflicts.count, "conflict"))")
            return .found
        }
        let swaps = changes.flatMap(\.swaps)
        guard swaps.isEmpty || acceptChanged else { throw LockError.changed(swaps) }
        let root = try Directory.open(repository.workTree(), followingLinks: true)
        for change in changes { try change.write(below: root, surroundings.console) }
        return .fine
    }

    private func source(_ surroundings: Surroundings) throws -> ManifestSource {
        if let manifests { return .directory(surroundings.resolve(manifests)) }
        return .server(try PackageServer(server ?? "", connection, token: nil, in: surroundings))
    }

    private func trees(in snapshot: Snapshot) throws -> [HostclassTree] {
        guard !classes.isEmpty else {
            let broken = snapshot.repo.unreadableClasses(snapshot.findings)
            if let first = broken.first { throw LockError.unreadable(first) }
            return snapshot.repo.hostclasses.values.sorted { $0.hostclass.name < $1.hostclass.name }
        }
        return try classes.map { name in
            if snapshot.repo.unreadableClasses(snapshot.findings).contains(name) { throw LockError.unreadable(name) }
            guard let tree = snapshot.repo.hostclasses[name] else {
                throw UnknownName(
                    "hostclass", name.rawValue, among: snapshot.repo.hostclasses.keys.map(\.rawValue).sorted())
            }
            return tree
        }
    }

    /// What to lock a class for, and whether each package needs a build for each.
    private func platforms(
        of name: HostclassName, in snapshot: Snapshot, _ console: Console
    ) throws -> ([Platform], needsAll: Bool) {
        guard snapshot.hosts(of: name).isEmpty else {
            let platforms = snapshot.platforms(of: name)
            guard !platforms.isEmpty else { throw LockError.noPlatform(name) }
            return (platforms, true)
        }
        let all = snapshot.platforms
        let which = all.isEmpty ? "any" : all.map(\.rawValue).joined(separator: ", ")
        console.note("no host is of class '\(name)' yet: locking what there is for \(which)")
        return (all, false)
    }
}

extension ConfigRepo {
    /// The classes whose own file has errors.
    fileprivate func unreadableClasses(_ findings: [Diagnostic]) -> [HostclassName] {
        findings.filter { $0.severity == .error }.compactMap { finding in
            let file = finding.location.file
            guard file.hasPrefix("hostclasses/"), file.hasSuffix(".yml"), !file.hasSuffix(".lock.yml") else {
                return nil
            }
            return HostclassName(String(file.dropFirst("hostclasses/".count).dropLast(".yml".count)))
        }
    }
}

/// What becomes of one class's lock.
private struct ClassChange {
    let tree: HostclassTree
    let lock: Lock

    private var name: HostclassName { tree.hostclass.name }
    private var changes: [LockChange] { LockChange.all(from: tree.lock, to: lock) }

    /// Packages that changed bytes without changing version.
    var swaps: [String] { changes.filter(\.isSwap).map { "\($0.package): \($0.words)" } }

    /// Writes the lock where it changes, and says what changed.
    func write(below root: borrowing Directory, _ console: Console) throws {
        let path = "hostclasses/\(name).lock.yml"
        let status = try root.status(of: path)
        if lock.packages.isEmpty, status == nil { return console.note("\(name): no packages, so no lock") }
        let bytes = Array(lock.text.utf8)
        if status?.kind == .regular, try root.readFile(path, limit: 16 << 20) == bytes {
            return console.note("\(name): as it was")
        }
        try root.replaceFile(path, permissions: 0o644, bytes: bytes, durable: true)
        console.note("\(name): wrote \(path)")
        for change in changes { console.note("  \(change.package): \(change.words)") }
    }
}
