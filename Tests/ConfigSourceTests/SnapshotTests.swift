import ConfigSource
import GitRepository
import LinuxSystem
import RollerCore
import Testing

/// The config repository out of real git repositories.
struct SnapshotTests {
    private func lint(_ snapshot: Snapshot) -> [String] {
        snapshot.lint().map { "\($0.location): \($0.code.rawValue) \($0.message)" }
    }

    private func workers(_ snapshot: Snapshot, of host: String = "a.example.com") throws -> Value? {
        let name = try #require(HostName(host))
        return snapshot.resolve(name)?.host?.bundle.settings["workers"]
    }

    private func workTree(_ repository: TestRepository) throws -> Snapshot {
        let git = try repository.open()
        let files = try ConfigSource.workTreeFiles(of: git, in: try Directory.open(repository.path))
        return try ConfigSource.snapshot(ofWorkTree: files, of: git)
    }

    @Test func aSnapshotIsOfItsCommit() throws {
        let repository = try TestRepository()
        let first = try repository.commit(tag: "web@1")
        try repository.write("hosts/a.example.com.yml", "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 9}\n")
        let second = try repository.commit()
        try repository.write("hosts/a.example.com.yml", "broken: [\n")
        let git = try repository.open()
        let old = try ConfigSource.snapshot(of: git, at: first)
        let new = try ConfigSource.snapshot(of: git, at: second)
        #expect(lint(old) == [])
        #expect(lint(new) == [])
        #expect(old.revision == Revision(first))
        #expect(old.committed == 1_700_000_001)
        #expect(try workers(old) == .int(4))
        #expect(try workers(new) == .int(9))
    }

    /// A host gets the class as released, whatever became of it since.
    @Test func aReleaseIsTheClassAtItsTag() throws {
        let repository = try TestRepository()
        let released = try repository.commit(tag: "web@1")
        try repository.write("hostclasses/web.yml", "settings: {workers: 5, more: 1}\n")
        try repository.write("files/web/etc/web.conf.mustache", "{{more}}\n")
        try repository.write("hosts/b.example.com.yml", "hostclass: web@2\ndatacenter: snc1\n")
        let head = try repository.commit()
        try repository.git("tag", "-a", "-m", "two", "web@2")
        let snapshot = try ConfigSource.snapshot(of: try repository.open(), at: head)
        #expect(lint(snapshot) == [])
        #expect(try workers(snapshot) == .int(4))
        #expect(try workers(snapshot, of: "b.example.com") == .int(5))
        let name = try #require(HostName("a.example.com"))
        let resolved = try #require(snapshot.resolve(name)?.host)
        #expect(resolved.bundle.releaseRevision == Revision(released))
        #expect(resolved.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["workers 4\n"])
    }

    /// As when somebody moves the tag between looking for it and reading it.
    @Test func aReleaseIsReadWhereItWasFound() throws {
        let repository = try TestRepository()
        let first = try repository.commit(tag: "web@1")
        let git = try repository.open()
        let reference = try #require(ReleaseReference("web@1"))
        let commit = try ConfigSource.commit(of: reference, in: git)
        #expect(commit == first)
        try repository.write("hostclasses/web.yml", "settings: {workers: 5}\n")
        try repository.commit()
        try repository.git("tag", "-f", "web@1")
        guard case .found(let release, _) = try ConfigSource.release(reference, at: commit, in: git) else {
            Issue.record("it is not found")
            return
        }
        #expect(release.revision == Revision(first))
        #expect(release.tree.hostclass.settings.map(\.value) == [.int(4)])
    }

    @Test func aReleaseCanBeACommit() throws {
        let repository = try TestRepository()
        let tried = try repository.commit()
        try repository.write("hosts/a.example.com.yml", "hostclass: web@\(tried)\ndatacenter: snc1\n")
        let head = try repository.commit()
        let snapshot = try ConfigSource.snapshot(of: try repository.open(), at: head)
        #expect(lint(snapshot) == [])
        #expect(try workers(snapshot) == .int(4))
    }

    @Test func aMissingTagIsAFindingThatNamesANearOne() throws {
        let repository = try TestRepository()
        try repository.commit(tag: "web@2026.11.22-1")
        try repository.write("hosts/a.example.com.yml", "hostclass: web@2026.11.22-2\ndatacenter: snc1\n")
        let head = try repository.commit(tag: "mail@2026.11.22-2")
        let finding = try #require(try ConfigSource.snapshot(of: try repository.open(), at: head).lint().first)
        #expect(finding.code == .unknownRelease)
        #expect("\(finding.location)" == "hosts/a.example.com.yml:1:12")
        #expect(finding.hint == "did you mean 'web@2026.11.22-1'?")
    }

    /// A commit that is not there, a tree, a blob, a tag of a tree: none is a release, and none keeps the rest from being read.
    @Test(arguments: ["0000000000000000000000000000000000000000", "HEAD^{tree}", "HEAD:roller.yml", "tag"])
    func whatIsNoCommitIsNoRelease(_ what: String) throws {
        let repository = try TestRepository()
        try repository.commit(tag: "web@1")
        let release: String
        if what == "tag" {
            try repository.git("tag", "web@tree", "HEAD^{tree}")
            release = "tree"
        } else {
            release = what.contains("HEAD") ? try repository.git("rev-parse", what) : what
        }
        try repository.write("hosts/b.example.com.yml", "hostclass: web@\(release)\ndatacenter: snc1\n")
        let head = try repository.commit()
        let snapshot = try ConfigSource.snapshot(of: try repository.open(), at: head)
        #expect(snapshot.lint().map(\.code) == [.unknownRelease])
        #expect(try workers(snapshot) == .int(4))
    }

    @Test func aClassThatIsBrokenAtItsTagIsLabelled() throws {
        let repository = try TestRepository()
        try repository.write("hostclasses/web.yml", "settings: {workers: no}\n")
        try repository.write("files/web/etc/web.conf.mustache", "{{workers\n")
        try repository.commit(tag: "web@1")
        try repository.write("hostclasses/web.yml", "settings: {workers: 4}\n")
        try repository.write("files/web/etc/web.conf.mustache", "{{workers}}\n")
        let head = try repository.commit()
        let snapshot = try ConfigSource.snapshot(of: try repository.open(), at: head)
        #expect(
            snapshot.lint().map { "\($0.location) \($0.code.rawValue)" } == [
                "web@1:files/web/etc/web.conf.mustache:1:1 RLR0601", "web@1:hostclasses/web.yml:1:21 RLR0103",
            ])
        #expect(try workers(snapshot) == nil)
    }

    @Test func aReleaseFromBeforeItsClassIsAFinding() throws {
        let repository = try TestRepository()
        try repository.commit(tag: "mail@1")
        try repository.write("hostclasses/mail.yml", "{}\n")
        try repository.write("hosts/m.example.com.yml", "hostclass: mail@1\ndatacenter: snc1\n")
        let head = try repository.commit(tag: "web@1")
        let findings = try ConfigSource.snapshot(of: try repository.open(), at: head).lint()
        #expect(findings.map(\.code) == [.unknownHostclass])
        #expect(findings.first?.message.contains("there is no hostclasses/mail.yml at 'mail@1'") == true)
    }

    /// One release with a file beyond every limit must not keep a whole site from being read.
    @Test func aReleaseThatIsTooLargeIsAFinding() throws {
        let repository = try TestRepository()
        try repository.commit(tag: "web@1")
        try repository.write("files/web/big", String(repeating: "x", count: 17 << 20))
        try repository.commit(tag: "web@big")
        try repository.remove("files/web/big")
        try repository.write("hosts/b.example.com.yml", "hostclass: web@big\ndatacenter: snc1\n")
        let head = try repository.commit()
        let snapshot = try ConfigSource.snapshot(of: try repository.open(), at: head)
        #expect(snapshot.lint().map { "\($0.location)" } == ["web@big:files/web"])
        #expect(try workers(snapshot) == .int(4))
        #expect(try workers(snapshot, of: "b.example.com") == nil)
    }

    @Test func aWorkTreeIsReadAsItStands() throws {
        let repository = try TestRepository()
        try repository.write("hosts/gone.example.com.yml", "hostclass: web@1\ndatacenter: snc1\n")
        try repository.write(".gitignore", "*.swp\n")
        try repository.commit(tag: "web@1")
        try repository.write("hosts/a.example.com.yml", "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 7}\n")
        try repository.write("hosts/new.example.com.yml", "hostclass: web@1\ndatacenter: snc1\n")
        try repository.write("hosts/.new.swp", "not YAML: [")
        try repository.write("files/web/bin/run", "#!/bin/sh\n", mode: 0o755)
        try repository.remove("hosts/gone.example.com.yml")
        let snapshot = try workTree(repository)
        #expect(lint(snapshot) == [])
        #expect(snapshot.revision == nil)
        #expect(try workers(snapshot) == .int(7))
        #expect(snapshot.repo.hosts.keys.map(\.rawValue).sorted() == ["a.example.com", "new.example.com"])
        let web = try #require(HostclassName("web"))
        #expect(snapshot.repo.hostclasses[web]?.files.map(\.isExecutable) == [true, false])
    }

    /// A work tree and its commit say the same.
    @Test func aWorkTreeHasTheFindingsOfItsCommit() throws {
        let repository = try TestRepository()
        try repository.write("hosts/b.example.com.yml", "hostclass: web@3\ndatacenter: snc2\n")
        try repository.write("files/web/é\u{301}.mustache", "{{x\n")
        try repository.link("hosts/c.example.com.yml", to: "b.example.com.yml")
        try repository.link("files/web/dir", to: "etc")
        let before = lint(try workTree(repository))
        let head = try repository.commit(tag: "web@1")
        #expect(before.contains { $0.contains("RLR0005") } && before.contains { $0.contains("RLR0402") })
        let after = lint(try workTree(repository))
        #expect(after == lint(try ConfigSource.snapshot(of: try repository.open(), at: head)))
    }
}
