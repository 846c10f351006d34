import GitRepository
import Glibc
import SystemPackage

/// A repository made by the real git command in a temporary directory, which goes when this value does.
final class TestRepository {
    let directory: String
    var path: FilePath { FilePath(directory) }
    var gitDirectory: FilePath { FilePath(directory).appending(isBare ? "" : ".git") }
    private let isBare: Bool

    init(bare: Bool = false, format: String = "sha1") throws {
        var template = Array("/tmp/git-repository-tests.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CommandFailure(words: "mkdtemp failed: \(errno)") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        isBare = bare
        try git(["init", "-q", "--object-format=\(format)"] + (bare ? ["--bare"] : []))
    }

    deinit { _ = try? Command(["/bin/rm", "-rf", directory]).output() }

    /// What git wrote to its standard output, without the last line feed.
    @discardableResult
    func git(_ arguments: [String], input: [UInt8] = [], environment: [String] = []) throws -> String {
        let fixed = [
            "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
            "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_AUTHOR_DATE=1700000000 +0000",
            "GIT_COMMITTER_NAME=Bob", "GIT_COMMITTER_EMAIL=bob@example.com", "GIT_COMMITTER_DATE=1700000001 +0000",
        ]
        let command = ["/usr/bin/git", "-C", directory, "-c", "init.defaultBranch=main", "-c", "gc.auto=0"] + arguments
        let output = try Command(command, environment: fixed + environment, input: input).output()
        return String(decoding: output.last == UInt8(ascii: "\n") ? output.dropLast() : output, as: UTF8.self)
    }

    func id(_ arguments: String..., input: [UInt8] = []) throws -> ObjectID {
        let text = try git(arguments, input: input)
        guard let id = ObjectID(hex: text) else { throw CommandFailure(words: "no object id: \(text)") }
        return id
    }

    func write(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws {
        let full = FilePath(directory).appending(path)
        try makeDirectory(full.removingLastComponent())
        let file = try FileDescriptor.open(
            full, .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: mode))
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    private func makeDirectory(_ path: FilePath) throws {
        if path.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST { return }
        try makeDirectory(path.removingLastComponent())
        guard path.withPlatformString({ mkdir($0, 0o755) }) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Commits the whole work tree.
    @discardableResult
    func commit(_ message: String = "change") throws -> ObjectID {
        try git(["add", "--all"])
        try git(["commit", "-q", "--allow-empty", "-m", message])
        return try id("rev-parse", "HEAD")
    }

    /// Stores a tree object of these very bytes, whatever git thinks of them.
    func forgedTree(_ entries: [(mode: String, name: [UInt8], id: ObjectID)]) throws -> ObjectID {
        try forgedTree(bytes: entries.flatMap { Array("\($0.mode) ".utf8) + $0.name + [0] + $0.id.bytes })
    }

    func forgedTree(bytes: [UInt8]) throws -> ObjectID {
        try id("hash-object", "-t", "tree", "--literally", "-w", "--stdin", input: bytes)
    }

    func blob(_ text: String) throws -> ObjectID { try id("hash-object", "-w", "--stdin", input: Array(text.utf8)) }

    func commit(tree: ObjectID) throws -> ObjectID { try id("commit-tree", "-m", "forged", "\(tree)") }
}

/// The error that `body` throws. Nil, which no expectation of an error equals, when it throws none.
func gitError<Result: ~Copyable>(_ body: () throws(GitError) -> Result) -> GitError? {
    do throws(GitError) {
        _ = try body()
        return nil
    } catch { return error }
}
