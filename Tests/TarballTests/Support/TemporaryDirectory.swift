import Glibc
import LinuxSystem
import SystemPackage

/// A directory of its own for one test, removed with all that is in it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/tarball-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { _ = try? run("/bin/rm", ["-rf", path]) }

    func open(_ name: String = "") throws -> Directory { try Directory.open(FilePath(self / name)) }

    /// Makes and opens a directory.
    func make(_ name: String) throws -> Directory {
        try open().makeDirectories(name)
        return try open(name)
    }

    func write(_ bytes: [UInt8], to name: String) throws -> FilePath {
        try open().createFile(name, permissions: 0o644, bytes: bytes)
        return FilePath(self / name)
    }

    func read(_ name: String) throws -> [UInt8] { try open().readFile(name, limit: 1 << 30) }

    static func / (directory: TemporaryDirectory, name: String) -> String {
        name.isEmpty ? directory.path : "\(directory.path)/\(name)"
    }

    /// Every path below `name` with its type, permissions, links, size, whole seconds of its time, target, and digest.
    func listing(_ name: String = "") throws -> String {
        let script = """
            cd "$1" && find . -mindepth 1 -printf '%P %y %m %n %Ts %l\\n' | sort && find . -type f -exec sha256sum {} + | sort
            """
        return try run("/bin/sh", ["-c", script, "sh", self / name])
    }
}

struct CommandFailure: Error {
    let command: String
    let status: Int32
    let output: String
}

/// Runs a program and returns what it printed, both streams together.
@discardableResult
func run(_ program: String, _ arguments: [String], input: String = "/dev/null") throws -> String {
    var template = Array("/tmp/tarball-output-XXXXXX".utf8CString)
    let output = mkstemp(&template)
    guard output >= 0 else { throw Errno(rawValue: errno) }
    defer {
        close(output)
        unlink(template)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    // By way of env, which looks for the program in the PATH below instead of the caller's.
    var argv: [UnsafeMutablePointer<CChar>?] = (["env", program] + arguments).map { strdup($0) }
    argv.append(nil)
    let environment: [String] = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
    envp.append(nil)
    defer { for pointer in argv + envp { free(pointer) } }
    var child = pid_t()
    let failure = posix_spawn(&child, "/usr/bin/env", &actions, nil, argv, envp)
    guard failure == 0 else { throw Errno(rawValue: failure) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    let descriptor = FileDescriptor(rawValue: output)
    _ = try descriptor.seek(offset: 0, from: .start)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard status == 0 else { throw CommandFailure(command: program, status: status, output: text) }
    return text
}

/// The compressed form of `bytes`, by the system's own programs.
func compressed(_ bytes: [UInt8], by program: String, _ arguments: [String] = []) throws -> [UInt8] {
    let scratch = try TemporaryDirectory()
    let input = try scratch.write(bytes, to: "in")
    try run(
        "/bin/sh",
        ["-c", "\(program) -c \(arguments.joined(separator: " ")) < \"$1\" > \"$1.out\"", "sh", input.string])
    return try scratch.read("in.out")
}
