import ArgumentParser
import ConfigSource
import GitRepository
import RollerCore

/// Makes a release of a class: a git tag.
struct ReleaseCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Releases a class as it is committed: makes the git tag CLASS@VERSION.",
        discussion: """
            The class, its lock and its files must be committed and without errors. Makes an annotated tag, whose \
            name goes to standard output. No host changes by it: `rollerctl pin` puts hosts on a release.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The class.", transform: validated)
    var hostclass: HostclassName
    @Argument(help: "The version. (default: YYYY.MM.DD-N, the next of the day in UTC)", transform: validated)
    var version: ReleaseVersion?
    @Flag(help: "Commit the class's own files first, and nothing else.")
    var commit = false
    @Option(
        defaultAsFlag: "origin",
        help: ArgumentHelp("Push the branch and the tag, to origin or to this remote.", valueName: "remote"))
    var push: String?
    @OptionGroup var connection: ServerOptions
    @Option(
        help: ArgumentHelp(
            "First wait until these datacenters have the packages: names with commas, or all. Needs --server.",
            valueName: "datacenters"),
        transform: WaitedDatacenters.argument)
    var wait: WaitedDatacenters?
    @Option(help: ArgumentHelp("The config server that says where packages are.", valueName: "url"))
    var server: String?
    @Option(help: ArgumentHelp("How long to wait, as in 10m.", valueName: "time"), transform: validated)
    var timeout: TimeSpan = .seconds(600)

    func validate() throws {
        guard (wait == nil) == (server == nil) else { throw ValidationError("--wait and --server belong together") }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let console = surroundings.console
        let command = GitCommand(root: try repository.workTree(), variables: surroundings.childVariables)
        let branch = try repository.git.head().branch
        if push != nil, branch == nil { throw ReleaseError.detached }

        let release = try release(in: repository.git, on: UTCDay(at: surroundings.now()))
        guard try repository.git.tag(release.rawValue) == nil else { throw ReleaseError.exists(release) }

        let dirty = try await command.uncommitted(HostclassTree.paths(of: hostclass))
        if !commit, !dirty.isEmpty { throw ReleaseError.uncommitted(hostclass, dirty) }
        let head = try repository.git.head().commit
        let snapshot = try await repository.snapshot(at: commit ? nil : head.description)
        let findings = try findings(in: snapshot)
        guard !findings.hasErrors else {
            let texts = try repository.texts(for: findings, at: snapshot.revision)
            try console.print(FindingsReport(findings: findings, texts: texts))
            let errors = findings.count { $0.severity == .error }
            console.note("'\(hostclass)' is not released: \(counted(errors, "error"))")
            return .found
        }
        guard try await packagesArrive(in: snapshot, surroundings) else {
            console.note("'\(hostclass)' is not released: its packages are not where they were waited for")
            return .found
        }
        var target = head
        if commit, try await commitClass(release, dirty, with: command, console) {
            target = try repository.git.head().commit
            // A hook, a filter of git's or an editor may have had a hand in it: what is tagged must be what was checked.
            let committed = try await repository.snapshot(at: target.description).repo.hostclasses[hostclass]
            guard committed == snapshot.repo.hostclasses[hostclass] else {
                throw ReleaseError.committedOther(hostclass)
            }
        }
        let message = "Release \(hostclass) \(release.version)"
        try await command.run(["tag", "-a", "-m", message, release.rawValue, "\(target)"])
        try console.print("\(release)\n")
        console.note("tagged commit \(String(target.description.prefix(12))) as \(release)")
        if let push, let branch { try await publish(release, branch, to: push, with: command, console) }
        return .fine
    }

    /// Waits for the packages of the class's lock, if that was asked for.
    private func packagesArrive(in snapshot: Snapshot, _ surroundings: Surroundings) async throws -> Bool {
        guard let wait, let server, let tree = snapshot.repo.hostclasses[hostclass], let lock = tree.lock else {
            return true
        }
        let packageServer = try PackageServer(server, connection, token: nil, in: surroundings)
        let waiting = ReplicationWait(
            server: packageServer, datacenters: wait, limit: timeout, surroundings: surroundings)
        var isComplete = true
        for package in lock.packages {
            for build in package.builds {
                let id = PackageID(name: package.name, version: package.version, platform: build.platform)
                if try await !waiting.run(for: id) { isComplete = false }
            }
        }
        return isComplete
    }

    private func release(
        in git: borrowing GitRepository, on day: UTCDay
    ) throws -> ReleaseReference {
        let version =
            if let version { version } else {
                nextRelease(of: hostclass, on: day, after: try git.tags(matching: "\(hostclass)@").map(\.name))
            }
        // 40 hexadecimal digits after the @ mean a commit.
        guard let release = ReleaseReference("\(hostclass)@\(version)"), case .release = release.state else {
            throw ReleaseError.looksLikeCommit(version)
        }
        return release
    }

    /// What is wrong with the class or with the repository as a whole. What is wrong with a host is not looked at, since
    /// the release may be what the host is waiting for, and releases that are made already cannot be mended.
    private func findings(in snapshot: Snapshot) throws -> [Diagnostic] {
        let own = snapshot.findings.filter { !$0.location.file.contains("@") }
        guard let tree = snapshot.repo.hostclasses[hostclass] else {
            guard own.hasErrors, own.contains(where: { $0.location.file == "hostclasses/\(hostclass).yml" }) else {
                throw UnknownName(
                    "hostclass", hostclass.rawValue, among: snapshot.repo.hostclasses.keys.map(\.rawValue).sorted())
            }
            return own
        }
        return (own + tree.lockFindings(for: snapshot.platforms(of: hostclass))).sortedForReading()
    }

    /// Commits what is not committed of the class; false where there is nothing of that.
    private func commitClass(
        _ release: ReleaseReference, _ dirty: [String], with command: GitCommand, _ console: Console
    ) async throws -> Bool {
        guard !dirty.isEmpty else {
            console.note("nothing to commit: the class's files are as in the last commit")
            return false
        }
        // Only what is not staged: git does not know a path any more whose removal is.
        let unstaged = try await command.unstaged(dirty)
        if !unstaged.isEmpty { try await command.run(["add", "--all", "--"] + unstaged) }
        // With paths, git commits these alone and leaves what else is staged as it is.
        try await command.run(["commit", "--quiet", "-m", "Release \(hostclass) \(release.version)", "--"] + dirty)
        console.note("committed \(dirty.joined(separator: ", "))")
        return true
    }

    private func publish(
        _ release: ReleaseReference, _ branch: String, to remote: String, with command: GitCommand, _ console: Console
    ) async throws {
        let references = ["refs/heads/\(branch)", "refs/tags/\(release)"]
        do {
            try await command.run(["push", "--quiet", "--atomic", "--", remote] + references)
        } catch {
            throw ReleaseError.notPushed(release, to: remote, references, cause: error)
        }
        console.note("pushed \(branch) and \(release) to \(remote)")
    }
}

extension ReleaseReference {
    /// What follows the `@`.
    fileprivate var version: Substring { rawValue.drop { $0 != "@" }.dropFirst() }
}

/// Why a class is not released.
enum ReleaseError: RollerError {
    case exists(ReleaseReference)
    case uncommitted(HostclassName, [String])
    case committedOther(HostclassName)
    case detached
    case looksLikeCommit(ReleaseVersion)
    case notPushed(ReleaseReference, to: String, [String], cause: GitCommandError)

    var message: String {
        switch self {
        case .exists(let release): "the release '\(release)' exists already, and a release never moves"
        case .uncommitted(let name, let paths):
            "files of '\(name)' are not committed:" + paths.map { "\n  \($0)" }.joined()
        case .committedOther(let name): "what git committed of '\(name)' is not what stood in the work tree"
        case .detached: "no branch is checked out, so there is none to push"
        case .looksLikeCommit(let version): "'\(version)' would mean a commit"
        case .notPushed(let release, let remote, _, _): "'\(release)' is made, but cannot be pushed to '\(remote)'"
        }
    }

    var cause: (any Error)? {
        if case .notPushed(_, _, _, let cause) = self { cause } else { nil }
    }

    var hint: String? {
        switch self {
        case .exists: "leave the version out, and the next free one of the day is taken"
        case .uncommitted: "commit them, or let --commit commit exactly these"
        case .committedOther: "look at the commit: a hook or a filter (.gitattributes) changed it; nothing is tagged"
        case .detached: "`git switch` to a branch"
        case .looksLikeCommit: "use a shorter version"
        case .notPushed(_, let remote, let references, _):
            "when that is mended: git push --atomic \(remote) \(references.joined(separator: " "))"
        }
    }
}
