import LinuxSystem
import Subprocess
import SystemPackage
import Testing

/// A config repository made by the real git command, in a directory that the test's world removes.
struct TestRepository: Sendable {
    let path: FilePath

    struct Failed: Error, CustomStringConvertible { let description: String }

    /// A repository with one class, one datacenter and two hosts on the class's first release.
    static func make(at path: FilePath) async throws -> TestRepository {
        try Directory.open(path.removingLastComponent()).makeDirectory(path.lastComponent?.string ?? "")
        let repository = TestRepository(path: path)
        try await repository.git("init", "-q", "-b", "main")
        try repository.write("roller.yml", "format: 1\n")
        try repository.write("datacenters/snc1.yml", "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.1]}\n")
        try repository.write(
            "hostclasses/web.yml", "settings: {workers: 4, port: 8080}\nrequired: {ntp: list}\n")
        try repository.write("files/web/etc/web.conf.mustache", "workers {{workers}} on {{roller.host}}\n")
        try repository.write("files/web/etc/motd", "hello\n")
        for host in ["web-01", "web-02"] { try repository.writeHost(host, release: "web@1") }
        try await repository.commit("first")
        try await repository.git("tag", "-a", "web@1", "-m", "the first release")
        return repository
    }

    func writeHost(_ name: String, release: String, workers: Int = 8) throws {
        try write(
            "hosts/\(name).example.com.yml",
            "hostclass: \(release)\ndatacenter: snc1\nsettings: {workers: \(workers)}\n")
    }

    func write(_ file: String, _ text: String) throws {
        let root = try Directory.open(path)
        if let slash = file.lastIndex(of: "/") { try root.makeDirectories(String(file[..<slash])) }
        try root.replaceFile(file, permissions: 0o644, bytes: Array(text.utf8), durable: false)
    }

    /// Commits all edits.
    /// - Returns: The commit.
    @discardableResult
    func commit(_ message: String) async throws -> String {
        try await git("add", "--all")
        try await git("commit", "-q", "-m", message)
        return try await git("rev-parse", "HEAD")
    }

    /// What git printed, without the last line feed.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let environment: [Environment.Key: String] = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.com",
            "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000001 +0000",
        ]
        let result = try await Subprocess.run(
            .path("/usr/bin/git"), arguments: Arguments(arguments), environment: .custom(environment),
            workingDirectory: path, input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard case .exited(0) = result.terminationStatus else {
            throw Failed(description: "git \(arguments): \(result.standardError)")
        }
        let output = result.standardOutput
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }
}
