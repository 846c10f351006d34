import ArgumentParser
import ConfigSource
import LinuxSystem
import RollerCore
import SystemPackage

/// Begins files of a repository.
struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begins a file of the repository, or a repository: one that lints as it is.",
        discussion: "Nothing that is there is ever overwritten.",
        subcommands: [
            NewRepo.self, NewDatacenter.self, NewHostclass.self, NewHost.self, NewUser.self, NewGroup.self,
        ])
}

extension ConfigRepository {
    /// Writes a new file, if the repository has no more errors with it than without.
    func add(_ file: RepoFile, in surroundings: Surroundings) throws -> RunStatus {
        let console = surroundings.console
        let root = try Directory.open(workTree(), followingLinks: true)
        guard try root.status(of: file.path) == nil else { throw NewError.exists(file.path) }
        let files = try ConfigSource.workTreeFiles(of: git, in: root)
        let before = Set(try ConfigSource.snapshot(ofWorkTree: files, of: git).lint())
        let after = try ConfigSource.snapshot(ofWorkTree: files + [file], of: git).lint()
        let errors = after.filter { $0.severity == .error && !before.contains($0) }
        guard errors.isEmpty else {
            var texts = try texts(for: errors, at: nil)
            texts[file.path] = String(decoding: file.bytes, as: UTF8.self)
            try console.print(FindingsReport(findings: errors, texts: texts))
            console.note("'\(file.path)' is not written: it would bring \(counted(errors.count, "error"))")
            return .found
        }
        try root.create(file)
        console.note("wrote \(file.path)")
        return .fine
    }
}

extension Directory {
    /// Writes a file that is not there yet.
    func create(_ file: RepoFile) throws {
        if let slash = file.path.lastIndex(of: "/") { try makeDirectories(String(file.path[..<slash])) }
        try createFile(file.path, permissions: 0o644, bytes: file.bytes)
    }
}

/// Begins a repository.
struct NewRepo: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "repo", abstract: "Begins a config repository in an empty directory.")

    @Argument(help: ArgumentHelp("The directory; made if it is not there.", valueName: "dir"))
    var directory = "."
    @Flag(help: "Run `git init` there too.")
    var git = false

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let path = surroundings.resolve(directory)
        if !path.lexicallyNormalized().isEmpty, let name = path.lastComponent, name.kind == .regular {
            try Directory.open(path.removingLastComponent().orCurrent, followingLinks: true)
                .makeDirectories(name.string)
        }
        let root = try Directory.open(path, followingLinks: true)
        let names = try root.entries().map(\.name).filter { $0 != ".git" }
        guard names.isEmpty else { throw NewError.notEmpty(path, names.sorted()[0]) }
        for file in Skeleton.repository { try root.create(file) }
        for file in Skeleton.repository { surroundings.console.note("wrote \(file.path)") }
        if git {
            try await GitCommand(root: path, variables: surroundings.childVariables)
                .run(["init", "--quiet", "--initial-branch=main"])
            surroundings.console.note("made a git repository with the branch main")
        } else if try root.status(of: ".git") == nil {
            surroundings.console.note("next: git init --initial-branch=main")
        }
        return .fine
    }
}

extension FilePath {
    /// The current directory where nothing is left of a path.
    fileprivate var orCurrent: FilePath { isEmpty ? FilePath(".") : self }
}

/// Why nothing is begun.
enum NewError: RollerError {
    case exists(String)
    case notEmpty(FilePath, String)
    case noPlatform

    var message: String {
        switch self {
        case .exists(let path): "'\(path)' is there already"
        case .notEmpty(let path, let name): "'\(path)' is not empty: it has '\(name)'"
        case .noPlatform: "no other datacenter says which platform a new one has"
        }
    }

    var hint: String? {
        switch self {
        case .exists: "edit it, or remove it first"
        case .notEmpty: "name an empty directory, or one that is not there yet"
        case .noPlatform: "say --platform debian-12-x86_64, or what it is"
        }
    }
}
