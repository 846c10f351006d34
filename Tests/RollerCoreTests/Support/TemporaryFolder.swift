import Glibc
import SystemPackage

/// A directory for commands to work in, which goes when this value does.
final class TemporaryFolder {
    private let path: FilePath

    struct Failure: Error { let words: String }

    init() throws {
        var template = Array("/tmp/roller-core-tests.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(words: "mkdtemp failed: \(errno)") }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { _ = try? run("/bin/rm", ["-rf", path.string], exits: [0]) }

    func write(_ name: String, _ text: String) throws {
        let file = try FileDescriptor.open(
            path.appending(name), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    func read(_ name: String) throws -> String {
        // patch removes a file that it has emptied.
        guard access(path.appending(name).string, F_OK) == 0 else { return "" }
        let file = try FileDescriptor.open(path.appending(name), .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Runs a program here; what it wrote to its standard output.
    func run(_ program: String, _ arguments: [String], exits: Set<Int32>) throws -> String {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let output = path.appending("stdout").string
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let words = (["/usr/bin/env", "-C", path.string, program] + arguments).map { strdup($0) } + [nil]
        let variables = [strdup("LC_ALL=C"), strdup("PATH=/usr/bin:/bin"), nil]
        defer { (words + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, "/usr/bin/env", &actions, nil, words, variables)
        guard failure == 0 else { throw Failure(words: "cannot start \(program): \(failure)") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        let text = try read("stdout")
        guard status & 0x7f == 0, exits.contains(status >> 8) else {
            throw Failure(words: "\(program) ended with \(status): \(text)")
        }
        return text
    }
}
