import ArgumentParser
import ConfigSource
import GitRepository
import RollerCore
import SystemPackage

/// What the installed hooks call. Hidden: it makes no sense outside of git.
struct HookRun: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a hook's check, as git calls it.", shouldDisplay: false)

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "Which hook.")
    var hook: HookName
    @Option(help: "The branch that is served. (default: that of HEAD)")
    var branch: String?

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        switch hook {
        case .preCommit: try await runPreCommit(in: surroundings)
        case .preReceive: try await runPreReceive(in: surroundings)
        }
    }

    /// Lints what would be committed: the index, whatever the work tree has.
    private func runPreCommit(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let command = GitCommand(root: try repository.workTree(), variables: surroundings.childVariables)
        let tree = try await command.run(["write-tree"]).split(separator: "\n").first.map(String.init) ?? ""
        guard let id = ObjectID(hex: tree) else { throw HookError.noTree(tree) }
        let (snapshot, files) = try ConfigSource.snapshot(ofTree: id, of: repository.git)
        let errors = snapshot.lint().filter { $0.severity == .error }
        guard !errors.isEmpty else { return .fine }
        // Files of releases are in git, and those of the state in the index.
        var texts = try repository.texts(for: errors.filter { $0.location.releaseAndPath.release != nil }, at: nil)
        for file in files { texts[file.path] = String(decoding: file.bytes, as: UTF8.self) }
        try surroundings.console.print(FindingsReport(findings: errors, texts: texts))
        surroundings.console.note(
            "not committed: \(counted(errors.count, "error")) in what is staged (git commit --no-verify skips this)")
        return .found
    }

    /// Judges a push before any reference changes.
    private func runPreReceive(in surroundings: Surroundings) async throws -> RunStatus {
        let console = surroundings.console
        let path = surroundings.resolve(surroundings.variables["GIT_DIR"] ?? ".")
        let quarantine = surroundings.variables["GIT_QUARANTINE_PATH"].map { [FilePath($0)] } ?? []
        let git = try GitRepository.open(bare: path, quarantine: quarantine)
        let updates = try ReferenceUpdate.read(try surroundings.input())
        let push = Push(updates: updates, served: try branch ?? git.servedBranch())
        let verdict = try await push.verdict(in: git)
        guard verdict.isRefusal else { return .fine }
        if !verdict.findings.isEmpty {
            let repository = ConfigRepository(git: git)
            let texts = try repository.texts(for: verdict.findings, at: verdict.revision)
            try console.print(FindingsReport(findings: verdict.findings, texts: texts))
        }
        for refusal in verdict.refusals { console.note("refused: \(refusal)".withoutControls) }
        return .found
    }
}

/// The hooks there are.
enum HookName: String, CaseIterable, ExpressibleByArgument {
    case preCommit = "pre-commit"
    case preReceive = "pre-receive"
}

extension GitRepository {
    /// The branch that HEAD names, whether it has a commit yet or not.
    fileprivate borrowing func servedBranch() throws(GitError) -> String {
        do throws(GitError) { return try head().branch ?? "main" } catch .unbornHead(let branch) {
            return branch ?? "main"
        }
    }
}

enum HookError: RollerError {
    case noTree(String)
    case badInput(String)

    var message: String {
        switch self {
        case .noTree(let said): "`git write-tree` gave no object: '\(said)'"
        case .badInput(let line): "git gave a line that is no update of a reference: '\(line)'"
        }
    }
    var hint: String? {
        switch self {
        case .noTree: nil
        case .badInput: "this is for git to call, in a pre-receive hook"
        }
    }
}
