import LinuxSystem
import RollerCore
import Subprocess
import SystemPackage

@testable import Roll

/// A prefix with its roller directory in a temporary folder, removed when the test is over.
final class TestHost: Sendable {
    let root: FilePath
    let home: RollerHome

    var prefix: FilePath { home.prefix }
    var store: PackageStore { PackageStore(home) }
    var stager: Stager { Stager(home: home, store: store) }
    var commands: CommandRunner { CommandRunner(home: home) }
    var tree: TreeSwitch { TreeSwitch(home: home) }

    /// - Parameter prefix: What stands at the prefix: a directory, unless it is to be missing.
    init(withPrefix: Bool = true) throws {
        let name = "roll-tests-\(UInt64.random(in: .min ... .max))"
        try Directory.open("/tmp", followingLinks: true).makeDirectory(name, permissions: 0o755)
        root = FilePath("/tmp").appending(name)
        if withPrefix { try Directory.open(root).makeDirectory("local", permissions: 0o755) }
        guard let home = try RollerHome.open(prefix: root.appending("local"), creating: true) else {
            preconditionFailure("a home that is made is there")
        }
        self.home = home
    }

    deinit {
        guard let name = root.lastComponent else { return }
        _ = try? Directory.open("/tmp", followingLinks: true).removeTree(name.string)  // nobody is left to be told
    }

    /// Writes a file below the folder, with the folders above it.
    func write(_ text: String, to path: String, permissions: UInt16 = 0o644) throws {
        let directory = try Directory.open(root)
        let parent = FilePath(path).removingLastComponent().string
        if !parent.isEmpty { try directory.makeDirectories(parent) }
        try directory.replaceFile(path, permissions: permissions, bytes: Array(text.utf8), durable: false)
    }

    /// The text of a file below the folder.
    func read(_ path: String) throws -> String {
        String(decoding: try Directory.open(root).readFile(path, limit: 16 << 20), as: UTF8.self)
    }

    func status(_ path: String) throws -> FileStatus? { try Directory.open(root).status(of: path) }

    /// Makes a tree below `generations` that says which generation it is; without a marker for nil.
    func makeTree(_ name: String, is generation: Int?) throws {
        try home.generations.makeDirectory(name, permissions: 0o755)
        if let generation { try mark("local.roller/generations/\(name)", generation) }
    }

    /// Makes the tree of that path below the folder a generation.
    func mark(_ tree: String, _ generation: Int) throws {
        try write("{\"generation\":\(generation)}", to: "\(tree)/.roller/generation.json")
    }

    /// Runs a shell script in the folder; what it wrote.
    @discardableResult
    func shell(_ script: String) async throws -> (code: Int32, output: String) {
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script], workingDirectory: root, input: .none,
            output: .string(limit: 4 << 20), error: .combinedWithOutput)
        switch result.terminationStatus {
        case .exited(let code): return (code, result.standardOutput)
        case .signaled(let signal): return (128 + signal, result.standardOutput)
        }
    }
}

/// A generation of that number.
func generation(_ number: Int) -> Generation {
    guard let generation = Generation(number) else { preconditionFailure("a negative generation") }
    return generation
}

extension TreePath {
    /// A path known to be one.
    init(known text: String) {
        guard let path = TreePath(text) else { preconditionFailure("'\(text)' is no path") }
        self = path
    }
}

/// A name known to follow its rule.
func known<Text: ValidatedText>(_ text: String, as type: Text.Type = Text.self) -> Text {
    guard let value = Text(text) else { preconditionFailure("'\(text)' is not \(Text.rule)") }
    return value
}
