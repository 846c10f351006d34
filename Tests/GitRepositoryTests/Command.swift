import Glibc

struct CommandFailure: Error { let words: String }

/// A program that was started.
final class Command {
    private let command: [String]
    private let stdout: Int32
    private let child: pid_t
    private var status: Int32?

    /// Starts `command`, an absolute path and arguments, with `input` to read.
    init(_ command: [String], environment: [String] = ["PATH=/usr/bin:/bin"], input: [UInt8] = []) throws {
        // Its data are in unlinked files: no pipe can fill up, and there is nothing to poll.
        let stdin = try Self.temporaryFile()
        defer { close(stdin) }
        guard input.withUnsafeBytes({ pwrite(stdin, $0.baseAddress, $0.count, 0) }) == input.count else {
            throw CommandFailure(words: "cannot write the input: \(errno)")
        }
        let stdout = try Self.temporaryFile()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        posix_spawn_file_actions_adddup2(&actions, stdout, 1)
        posix_spawn_file_actions_adddup2(&actions, stdout, 2)
        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, command[0], &actions, nil, arguments, variables)
        self.command = command
        self.stdout = stdout
        self.child = child
        guard failure == 0 else {
            status = failure
            throw CommandFailure(words: "cannot start \(command[0]): \(failure)")
        }
    }

    deinit {
        if status == nil {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
        close(stdout)
    }

    var isRunning: Bool {
        guard status == nil else { return false }
        var now: Int32 = 0
        if waitpid(child, &now, WNOHANG) == child { status = now }
        return status == nil
    }

    /// Waits for its end; what it wrote to its standard output and error. Throws when it exits with anything but 0.
    func output() throws -> [UInt8] {
        if status == nil {
            var end: Int32 = 0
            while waitpid(child, &end, 0) == -1, errno == EINTR {}
            status = end
        }
        let size = Int(lseek(stdout, 0, SEEK_END))
        let output = [UInt8](unsafeUninitializedCapacity: size) { $1 = max(0, pread(stdout, $0.baseAddress, size, 0)) }
        guard status == 0 else {
            let words = String(decoding: output, as: UTF8.self)
            throw CommandFailure(words: "\(command) ended with \(status ?? 0): \(words)")
        }
        return output
    }

    private static func temporaryFile() throws -> Int32 {
        var template = Array("/tmp/git-repository-tests.XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw CommandFailure(words: "cannot make a temporary file: \(errno)") }
        unlink(template)
        return file
    }
}
