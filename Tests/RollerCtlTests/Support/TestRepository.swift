import Subprocess
import SystemPackage
import Testing

/// A config repository in a temporary directory, with a work tree.
final class TestRepository: Sendable {
    let directory: TemporaryDirectory
    var path: FilePath { directory.path }

    /// A repository with these files committed.
    init(_ files: [String: String?] = TestRepository.plain) async throws {
        directory = try TemporaryDirectory()
        try await git("init", "--quiet", "--initial-branch=main")
        try directory.write(files)
        try await commit()
    }

    /// One class with one package, one datacenter, two hosts.
    static let plain: [String: String?] = [
        "roller.yml": "format: 1\n",
        "datacenters/snc1.yml": "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.1]}\n",
        "hostclasses/web.yml": "packages: {jq: 1.7-1}\nsettings: {workers: 4}\nrequired: {ntp: list}\n",
        "files/web/etc/web.conf.mustache": "workers {{workers}}\n",
        "files/web/etc/ntp.conf.mustache": "{{#ntp}}server {{.}}\n{{/ntp}}",
        "hosts/web-01.example.com.yml": "hostclass: web@2026.11.22-1\ndatacenter: snc1\n",
        "hosts/web-02.example.com.yml":
            "# the canary\nhostclass: \"web@2026.11.22-1\"  # see #12\ndatacenter: snc1\nsettings: {workers: 8}\n",
    ]

    /// The same with its lock.
    static var released: [String: String?] {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let build = "{archive: \"\(digest)\", size: 100, manifest: \"\(digest)\"}"
        return plain.merging([
            "hostclasses/web.lock.yml":
                "lock: 1\npackages: {jq: {version: 1.7-1, platforms: {debian-12-x86_64: \(build)}}}\n"
        ]) { _, new in new }
    }

    /// A repository without any fault: locked, and released as its hosts name it.
    static func withRelease() async throws -> TestRepository {
        let repository = try await TestRepository(released)
        try await repository.git("tag", "web@2026.11.22-1")
        return repository
    }

    /// Commits all there is.
    func commit() async throws {
        try await git("add", "--all")
        try await git("commit", "--quiet", "--allow-empty", "-m", "change")
    }

    /// Runs git and returns what it printed.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in gitVariables { variables[try #require(Environment.Key(rawValue: name))] = value }
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", path.string] + arguments),
            environment: .inherit.updating(variables),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "git \(arguments): \(result.standardError)")
        return result.standardOutput
    }

    /// Runs rollerctl in the repository.
    func run(_ arguments: String..., variables: [String: String] = [:], now: Int64 = noon) async -> Run {
        await rollerctl(arguments, in: path, variables: variables, now: now)
    }
}
