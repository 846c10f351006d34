import ArgumentParser
import GitRepository
import LinuxSystem
import RollerCore
import SystemPackage

/// Writes hooks that lint.
struct HookInstall: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Writes git hooks that lint, into a work tree or on a server.",
        discussion: """
            pre-commit lints what is staged. pre-receive, in the bare repository that people push to, refuses a push \
            that leaves the served branch with an error, and one that moves or removes a release. A hook that is \
            there already and was not written by this command is left alone.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Flag(help: "In this work tree, before each commit. The default where neither is named.")
    var preCommit = false
    @Flag(help: "In a bare repository, before a push is taken.")
    var preReceive = false
    @Option(help: ArgumentHelp("The bare repository, for --pre-receive.", valueName: "dir"))
    var bare: String?
    @Option(help: ArgumentHelp("The branch that is served, for --pre-receive. (default: that of HEAD)"))
    var branch: String?
    @Option(help: ArgumentHelp("What the hook calls.", valueName: "path"))
    var program = "rollerctl"

    func validate() throws {
        guard preReceive == (bare != nil) else {
            throw ValidationError("--pre-receive and --bare go together: hooks of a server are in a bare repository")
        }
        guard preReceive || branch == nil else { throw ValidationError("--branch goes with --pre-receive") }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        if preCommit || !preReceive {
            let repository = try ConfigRepository.open(repository, in: surroundings)
            try await install(.preCommit, in: try repository.workTree(), ["pre-commit"], surroundings)
        }
        if let bare {
            let path = surroundings.resolve(bare)
            _ = try GitRepository.open(bare: path)  // says what it is, if it is none
            let words = ["pre-receive"] + (branch.map { ["--branch", $0] } ?? [])
            try await install(.preReceive, in: path, words, surroundings)
        }
        return .fine
    }

    private func install(
        _ hook: HookName, in root: FilePath, _ words: [String], _ surroundings: Surroundings
    ) async throws {
        let command = GitCommand(root: root, variables: surroundings.childVariables)
        let elsewhere = try await command.run(["config", "--default", "", "--get", "core.hooksPath"]).firstLine
        let line = ([program, "hook", "run"] + words).map(quoted).joined(separator: " ")
        guard elsewhere.isEmpty else { throw InstallError.hooksElsewhere(hook, elsewhere, line) }
        let common = root.pushing(FilePath(try await command.run(["rev-parse", "--git-common-dir"]).firstLine))
            .withoutDots
        let directory = try Directory.open(common, followingLinks: true)
        try directory.makeDirectories("hooks")
        let path = "hooks/\(hook.rawValue)"
        let text = "#!/bin/sh\n\(Self.marker)\nexec \(line)\n"
        if let status = try directory.status(of: path) {
            guard status.kind == .regular,
                String(decoding: try directory.readFile(path, limit: 1 << 20), as: UTF8.self).contains(Self.marker)
            else { throw InstallError.taken(common.appending("hooks").appending(hook.rawValue), hook, line) }
        }
        try directory.replaceFile(path, permissions: 0o755, bytes: Array(text.utf8), durable: true)
        surroundings.console.note("wrote \(common.appending("hooks").appending(hook.rawValue))")
    }

    /// Tells the hooks of this command from others.
    private static let marker = "# Written by `rollerctl hook install`, which may write it anew."
}

/// A word as a shell takes it.
private func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "/._-".utf8.contains($0)
    }
    return isPlain && !word.isEmpty
        ? word
        : "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
}

extension FilePath {
    /// The same place, without the components that are a dot. Two dots stay: what they undo may be a link.
    fileprivate var withoutDots: FilePath {
        FilePath(root: root, components.filter { $0.kind != .currentDirectory })
    }
}

extension String {
    /// What a program printed, without the line break.
    fileprivate var firstLine: String { split(separator: "\n").first.map(String.init) ?? "" }
}

/// Why a hook is not written.
private enum InstallError: RollerError {
    case taken(FilePath, HookName, String)
    case hooksElsewhere(HookName, String, String)

    var message: String {
        switch self {
        case .taken(let path, _, _): "'\(path)' is there already, and was not written by rollerctl"
        case .hooksElsewhere(_, let path, _): "git runs the hooks in '\(path)' (core.hooksPath)"
        }
    }

    var hint: String? {
        switch self {
        case .taken(_, let hook, let line): "have it run this too: \(chain(hook, line))"
        case .hooksElsewhere(let hook, let path, let line):
            "have \(path)/\(hook.rawValue) run this: \(chain(hook, line))"
        }
    }

    /// What to write into a hook of one's own. What git gives a pre-receive hook to read, it gives once.
    private func chain(_ hook: HookName, _ line: String) -> String {
        switch hook {
        case .preCommit: "\(line) || exit 1"
        case .preReceive: "updates=$(cat); printf '%s\\n' \"$updates\" | \(line) || exit 1"
        }
    }
}
