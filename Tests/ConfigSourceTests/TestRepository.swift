import GitRepository
import Glibc
import SystemPackage

/// A config repository made by the real git command in a temporary directory, which goes when this value does.
final class TestRepository {
    let path: FilePath

    struct Failure: Error { let words: String }

    /// With a datacenter, a class `web` and a host that names `web@1`; nothing is committed yet.
    init() throws {
        var template = Array("/tmp/config-source-tests.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(words: "mkdtemp failed: \(errno)") }
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        try git("init", "-q")
        try write("roller.yml", "format: 1\n")
        try write("datacenters/snc1.yml", "platform: debian-12-x86_64\n")
        try write("hostclasses/web.yml", "settings: {workers: 4}\n")
        try write("files/web/etc/web.conf.mustache", "workers {{workers}}\n")
        try write("hosts/a.example.com.yml", "hostclass: web@1\ndatacenter: snc1\n")
    }

    deinit { _ = try? run(["/bin/rm", "-rf", path.string]) }

    func open() throws(GitError) -> GitRepository { try .discover(from: path) }

    /// What git wrote to its standard output, without the last line feed.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let output = try run(["/usr/bin/git", "-C", path.string, "-c", "init.defaultBranch=main"] + arguments)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Commits the whole work tree.
    @discardableResult
    func commit(tag: String? = nil) throws -> ObjectID {
        try git("add", "--all")
        try git("commit", "-q", "--allow-empty", "-m", "change")
        if let tag { try git("tag", tag) }
        let text = try git("rev-parse", "HEAD")
        guard let id = ObjectID(hex: text) else { throw Failure(words: "no object id: \(text)") }
        return id
    }

    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        let full = path.appending(name)
        try makeDirectory(full.removingLastComponent())
        let file = try FileDescriptor.open(
            full, .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: mode))
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    func remove(_ name: String) throws {
        guard unlink(path.appending(name).string) == 0 else { throw Errno(rawValue: errno) }
    }

    func link(_ name: String, to target: String) throws {
        guard symlink(target, path.appending(name).string) == 0 else { throw Errno(rawValue: errno) }
    }

    private func makeDirectory(_ path: FilePath) throws {
        if mkdir(path.string, 0o755) == 0 || errno == EEXIST { return }
        try makeDirectory(path.removingLastComponent())
        guard mkdir(path.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
    }

    private func run(_ command: [String]) throws -> String {
        var template = Array("/tmp/config-source-tests.XXXXXX".utf8CString)
        let output = mkstemp(&template)
        guard output >= 0 else { throw Failure(words: "cannot make a temporary file: \(errno)") }
        unlink(template)
        defer { close(output) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        let environment = [
            "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
            "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_AUTHOR_DATE=1700000000 +0000",
            "GIT_COMMITTER_NAME=Bob", "GIT_COMMITTER_EMAIL=bob@example.com", "GIT_COMMITTER_DATE=1700000001 +0000",
        ]
        let variables = environment.map { strdup($0) } + [nil]
        let words = command.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, command[0], &actions, nil, words, variables)
        guard failure == 0 else { throw Failure(words: "cannot start \(command[0]): \(failure)") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        let size = Int(lseek(output, 0, SEEK_END))
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { $1 = max(0, pread(output, $0.baseAddress, size, 0)) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard status == 0 else { throw Failure(words: "\(command) ended with \(status): \(text)") }
        return text
    }
}
