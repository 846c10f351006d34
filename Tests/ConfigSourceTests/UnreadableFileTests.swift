import ConfigSource
import GitRepository
import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing

/// What of a repository is read, and what comes of a file that cannot be.
struct UnreadableFileTests {
    /// Larger than any file that is read.
    private static let large = String(repeating: "x", count: 17 << 20)

    private func snapshots(_ repository: TestRepository) throws -> [Snapshot] {
        let head = try repository.commit(tag: "web@1")
        let git = try repository.open()
        let files = try ConfigSource.workTreeFiles(of: git, in: try Directory.open(repository.path))
        return [
            try ConfigSource.snapshot(of: git, at: head), try ConfigSource.snapshot(ofWorkTree: files, of: git),
        ]
    }

    @Test(arguments: ["README.x", ".cache", ".github/x", "LICENSE"])
    func whatTheLayoutHasNoUseForMayBeLarge(_ path: String) throws {
        let repository = try TestRepository()
        try repository.write(path, Self.large)
        for snapshot in try snapshots(repository) { #expect(snapshot.lint().map(\.message) == []) }
    }

    @Test(arguments: ["files/web/etc/large", "hosts/b.example.com.yml"])
    func aLargeFileIsAFindingAtItsPath(_ path: String) throws {
        let repository = try TestRepository()
        try repository.commit(tag: "web@0")
        try repository.write("hosts/a.example.com.yml", "hostclass: web@0\ndatacenter: snc1\n")
        try repository.write(path, Self.large)
        for snapshot in try snapshots(repository) {
            #expect(snapshot.lint().map(\.location.file) == [path])
            #expect(snapshot.lint().first?.severity == .error)
            #expect(snapshot.repo.hosts.count == 1)
        }
    }

    @Test(arguments: ["hosts/a.example.com.yml", "hosts/b.example.com.yml", "files/web/etc/pipe"])
    func aPipeInAWorkTreeIsAFinding(_ path: String) throws {
        let repository = try TestRepository()
        try repository.commit(tag: "web@1")
        if path == "hosts/a.example.com.yml" { try repository.remove(path) }
        try #require(mkfifo(repository.path.appending(path).string, 0o644) == 0)
        let git = try repository.open()
        let files = try ConfigSource.workTreeFiles(of: git, in: try Directory.open(repository.path))
        let findings = try ConfigSource.snapshot(ofWorkTree: files, of: git).lint()
        #expect(findings.map(\.message) == ["'\(path)' cannot be read: it is a named pipe"])
    }
}
