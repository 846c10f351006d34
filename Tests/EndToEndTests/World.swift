import LinuxSystem
import Subprocess
import SystemPackage
import Testing
import Transfer

/// A whole installation in a temporary folder: the demo's repository with its packages published and its classes released,
/// a config server over it, and prefixes to roll. Real programs, real git, real HTTP on loopback.
final class World: Sendable {
    let root: FilePath
    /// The port of the demo's web server.
    let port: Int
    /// The address of the config server.
    let server: String
    let host = "web-01.snc1.example.com"

    var repository: FilePath { root.appending("config") }
    var store: FilePath { root.appending("store") }
    var prefix: FilePath { root.appending("host/usr/local") }
    var home: FilePath { root.appending("host/usr/local.roller") }

    private init(root: FilePath, port: Int, server: String) {
        self.root = root
        self.port = port
        self.server = server
    }

    // MARK: Commands

    /// Runs a program that must succeed.
    @discardableResult
    func shell(_ program: String, _ arguments: String..., in directory: FilePath? = nil) async throws -> String {
        let result = try await run(program, arguments, in: directory ?? repository)
        guard result.code == 0 else { throw Failed(result) }
        return result.output
    }

    /// Rolls the host.
    func roll(_ arguments: String..., prefix: FilePath? = nil) async throws -> CommandResult {
        let local: Set = [
            "rollback", "status", "history", "recover", "gc", "hold", "unhold", "keep", "uninstall",
        ]
        let asked = local.isDisjoint(with: arguments) ? ["--server", server, "--host", host] : []
        return try await run("roll", arguments + ["--prefix", (prefix ?? self.prefix).string] + asked, in: root)
    }

    /// A command that failed where it must not.
    struct Failed: Error, CustomStringConvertible {
        let description: String
        init(_ result: CommandResult) { description = "\(result)" }
    }

    // MARK: The repository

    /// Commits all edits.
    func commit(_ message: String) async throws {
        try await shell("git", "add", "-A")
        try await shell("git", "commit", "-qm", message)
    }

    /// Releases a class and puts the host on it; the server serves it when this returns.
    /// - Returns: The release.
    @discardableResult
    func release(_ hostclass: String = "web", pinning hosts: [String]? = nil) async throws -> String {
        try await shell("rollerctl", "release", hostclass)
        let tags = try await shell("git", "tag", "--list", "\(hostclass)@*", "--sort=version:refname")
        let release = tags.split(separator: "\n").last.map(String.init) ?? ""
        try await pin(release, hosts ?? [host])
        return release
    }

    /// Puts hosts on a release; the server serves it when this returns.
    func pin(_ release: String, _ hosts: [String]? = nil) async throws {
        let result = try await run("rollerctl", ["pin", release] + (hosts ?? [host]), in: repository)
        guard result.code == 0 else { throw Failed(result) }
        try await commit("Pin \(release)")
        try await push()
    }

    /// Pushes, and waits until the server serves what was pushed.
    func push() async throws {
        try await shell("git", "push", "-q", "--follow-tags", "origin", "main")
        let response = try await HTTPClient(options: TransferOptions(proxy: .direct)).send(
            HTTPRequest(url: "\(server)/v1/refresh", method: .post))
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }

    /// Writes a file of the repository.
    func write(_ text: String, to path: String) throws {
        let directory = try Directory.open(repository)
        let parent = FilePath(path).removingLastComponent().string
        if !parent.isEmpty { try directory.makeDirectories(parent) }
        try directory.replaceFile(path, permissions: 0o644, bytes: Array(text.utf8), durable: false)
    }

    /// The text of a file.
    func read(_ path: FilePath) throws -> String {
        guard let name = path.lastComponent else { return "" }
        let bytes = try Directory.open(path.removingLastComponent()).readFile(name.string, limit: 16 << 20)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a text in a file of the repository.
    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try read(repository.appending(path))
        guard let range = text.firstRange(of: old) else {
            Issue.record("'\(old)' is not in \(path)")
            return
        }
        try write(text.replacingCharacters(in: range, with: new), to: path)
    }

    // MARK: The service

    /// What the host's web server says at `path`; nil when it does not answer.
    func page(_ path: String = "/") async -> String? {
        var limits = TransferLimits()
        limits.total = .seconds(2)
        guard let client = try? HTTPClient(options: TransferOptions(limits: limits, proxy: .direct)),
            let response = try? await client.send(HTTPRequest(url: "http://127.0.0.1:\(port)\(path)")),
            response.status == 200
        else { return nil }
        return String(decoding: response.body, as: UTF8.self)
    }

    /// The number of the web server's process.
    func webProcess() throws -> String {
        try read(home.appending("keep/var/run/web.pid")).filter(\.isNumber)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}

// MARK: Building one

/// Builds a world, runs `body` in it, and leaves nothing behind: no process, no file.
func withWorld(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
    let root = try makeTemporaryFolder()
    do {
        try await World.play(in: root, body)
    } catch {
        try await World.cleanUp(root)
        throw error
    }
    try await World.cleanUp(root)
}

/// A fresh folder for one test.
func makeTemporaryFolder() throws -> FilePath {
    let parent = try Directory.open("/tmp", followingLinks: true)
    let name = "roller-test-\(UInt64.random(in: .min ... .max))"
    try parent.makeDirectory(name, permissions: 0o755)
    return FilePath("/tmp").appending(name)
}

extension World {
    fileprivate static func cleanUp(_ root: FilePath) async throws {
        // Services by their own stop, then by number, should a test have broken the former.
        let pidFile = root.appending("host/usr/local.roller/keep/var/run/web.pid").string
        _ = try await run(
            "sh", ["-c", "[ ! -f \(pidFile) ] || kill $(cat \(pidFile)) 2>/dev/null || true"], in: "/")
        guard let name = root.lastComponent else { return }
        _ = try Directory.open("/tmp", followingLinks: true).removeTree(name.string)
    }

    fileprivate static func play(in root: FilePath, _ body: @escaping @Sendable (World) async throws -> Void)
        async throws
    {
        let port = try await freePort()
        try await makeRepository(root, port)
        let arguments = [
            "--repository", root.appending("config.git").string, "--store", root.appending("store").string,
            "--tokens", root.appending("tokens").string, "--listen", "127.0.0.1:0", "--port-file",
            root.appending("port").string,
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let log = try FileDescriptor.open(
                    root.appending("server.log"), .writeOnly, options: [.create, .truncate],
                    permissions: FilePermissions(rawValue: 0o644))
                let copy = try log.duplicate()
                var options = PlatformOptions()
                options.teardownSequence = [
                    .send(signal: .terminate, allowedDurationToNextStep: .seconds(5))
                ]
                _ = try await Subprocess.run(
                    .path(builtPrograms.appending("roller-config-server")), arguments: Arguments(arguments),
                    workingDirectory: root, platformOptions: options, input: .none,
                    output: .fileDescriptor(log, closeAfterSpawningProcess: true),
                    error: .fileDescriptor(copy, closeAfterSpawningProcess: true))
            }
            do {
                let server = "http://127.0.0.1:\(try await waitForPort(root))"
                let world = World(root: root, port: port, server: server)
                try await world.publishAndRelease()
                try await body(world)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    /// The demo's repository without its hosts, committed; a bare clone for the server; a token.
    private static func makeRepository(_ root: FilePath, _ port: Int) async throws {
        let script = """
            set -e
            mkdir -p store host/usr/local trees packages
            cp -R \(packageRoot.appending("Demo")) config
            mv config/hosts hosts
            sed -i 's/port: 8088/port: \(port)/' config/hostclasses/web.yml
            git init -q -b main config
            cd config && git add -A && git commit -qm 'Begin' && cd ..
            git clone -q --bare config config.git
            git -C config remote add origin ../config.git
            umask 077
            rollerctl token new publish >token 2>tokens
            rollerctl token new receipts >receipts-token 2>>tokens
            umask 022
            for program in busybox jq tree; do
                mkdir -p trees/$program/bin && cp $(command -v $program) trees/$program/bin/
            done
            rollerctl package build trees/busybox --name busybox --version 1.35.0 --platform debian-12-x86_64 --output packages
            rollerctl package build trees/jq --name jq --version 1.6 --platform debian-12-x86_64 --output packages
            rollerctl package build trees/tree --name tree --version 2.1.0 --platform debian-12-x86_64 --output packages
            """
        let result = try await run("sh", ["-c", script], in: root)
        guard result.code == 0 else { throw Failed(result) }
    }

    private func publishAndRelease() async throws {
        let script = """
            set -e
            rollerctl package publish --server \(server) --token-file ../token ../packages/*.manifest
            rollerctl lock --server \(server)
            git add -A && git commit -qm 'Lock'
            for class in web bastion batch; do rollerctl release $class 1; done
            mkdir hosts
            for host in ../hosts/*.yml; do sed 's/@RELEASE/@1/' $host >hosts/$(basename $host); done
            git add -A && git commit -qm 'Hosts'
            rollerctl lint
            """
        let result = try await run("sh", ["-c", script], in: repository)
        guard result.code == 0 else { throw Failed(result) }
        try await push()
    }

    private static func freePort() async throws -> Int {
        let program = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        let result = try await run("python3", ["-c", program], in: "/")
        guard let port = Int(result.output.filter(\.isNumber)) else { throw Failed(result) }
        return port
    }

    private static func waitForPort(_ root: FilePath) async throws -> Int {
        let directory = try Directory.open(root)
        for _ in 0..<1000 {
            if try directory.status(of: "port") != nil,
                let port = Int(
                    String(decoding: try directory.readFile("port", limit: 64), as: UTF8.self).filter(\.isNumber))
            {
                return port
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let log = String(decoding: try directory.readFile("server.log", limit: 1 << 20), as: UTF8.self)
        throw Failed(CommandResult(command: "roller-config-server", code: -1, output: "", errors: log))
    }
}
