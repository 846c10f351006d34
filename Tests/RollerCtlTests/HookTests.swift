import LinuxSystem
import Subprocess
import SystemPackage
import Testing

@testable import RollerCtl

/// Real commits and pushes, with the hooks that `hook install` wrote.
struct HookTests {
    /// A work tree with a bare repository to push to.
    private struct Setting {
        let repository: TestRepository
        let folder: TemporaryDirectory
        var bare: FilePath { folder.path.appending("config.git") }

        init() async throws {
            repository = try await .withRelease()
            folder = try TemporaryDirectory()
            try await repository.git("clone", "--quiet", "--bare", repository.path.string, bare.string)
            try await repository.git("remote", "add", "origin", bare.string)
            let program = try #require(builtRollerctl()).string
            let run = await repository.run(
                "hook", "install", "--pre-receive", "--bare", bare.string, "--program", program)
            try #require(run.status == .fine, "\(run.errors)")
        }

        /// Pushes; what git said, and whether it worked.
        func push(_ arguments: String...) async throws -> (worked: Bool, said: String) {
            try await repository.attempt(["push", "origin"] + arguments)
        }

        func target(of reference: String) async throws -> String {
            try await repository.git("--git-dir", bare.string, "rev-parse", reference)
        }
    }

    private let host = "hosts/web-01.example.com.yml"

    @Test func whereAHookIsWrittenIsSaidPlainly() async throws {
        let setting = try await Setting()
        let run = await rollerctl(
            ["hook", "install", "--pre-receive", "--bare", "./config.git/."], in: setting.folder.path)
        #expect(run.errors == "wrote \(setting.bare)/hooks/pre-receive\n")
    }

    // MARK: pre-receive

    @Test func aGoodPushIsTaken() async throws {
        let setting = try await Setting()
        try setting.repository.directory.append("settings: {workers: 2}\n", to: host)
        try await setting.repository.commit()
        let (worked, said) = try await setting.push("main")
        #expect(worked, "\(said)")
    }

    @Test func aCommitThatDoesNotLintIsRefusedWithItsFindings() async throws {
        let setting = try await Setting()
        let before = try await setting.target(of: "main")
        try setting.repository.directory.append("settings: {wrkers: 2}\n", to: host)
        try await setting.repository.commit()
        let (worked, said) = try await setting.push("main")
        #expect(!worked)
        #expect(said.contains("hosts/web-01.example.com.yml:3:12: error[RLR0205]"), "\(said)")
        #expect(said.contains("settings: {wrkers: 2}"))
        #expect(said.contains("refused: 'main' would have 1 error at commit"))
        #expect(try await setting.target(of: "main") == before)
    }

    @Test func aCommitThatChangesManyHostsIsRefusedUnlessItSaysHowMany() async throws {
        let setting = try await Setting()
        let repository = setting.repository
        try repository.directory.write(["roller.yml": "format: 1\nlimits: {hosts-per-commit: 1}\n"])
        try await repository.commit()
        try repository.directory.write([
            "datacenters/snc1.yml": "platform: debian-12-x86_64\nsettings: {ntp: [10.9.0.1]}\n"
        ])
        try await repository.commit()
        let (worked, said) = try await setting.push("main")
        #expect(!worked)
        #expect(said.contains("the commit touches 2 hosts"), "\(said)")
        #expect(said.contains("Roller-Hosts: 2"), "\(said)")
        try await repository.git("commit", "--amend", "--quiet", "-m", "Other time", "-m", "Roller-Hosts: 2")
        let again = try await setting.push("main")
        #expect(again.worked, "\(again.said)")
    }

    @Test func aReleasePushedTogetherWithTheHostsThatNameItIsFound() async throws {
        let setting = try await Setting()
        try await setting.repository.git("tag", "-a", "-m", "next", "web@2")
        try setting.repository.directory.write([host: "hostclass: web@2\ndatacenter: snc1\n"])
        try await setting.repository.commit()
        #expect(try await setting.push("main").worked == false)
        let (worked, said) = try await setting.push("--atomic", "main", "web@2")
        #expect(worked, "\(said)")
    }

    @Test func aMovedReleaseIsNamed() async throws {
        let setting = try await Setting()
        let before = try await setting.target(of: "web@2026.11.22-1^{commit}")
        try await setting.repository.commit()
        try await setting.repository.git("tag", "--force", "web@2026.11.22-1")
        let (worked, said) = try await setting.push("--force", "refs/tags/web@2026.11.22-1")
        #expect(!worked)
        #expect(said.contains("refused: 'web@2026.11.22-1' is a release, and a release never moves"), "\(said)")
        #expect(try await setting.target(of: "web@2026.11.22-1^{commit}") == before)
    }

    @Test func aDeletedReleaseIsNamed() async throws {
        let setting = try await Setting()
        let (worked, said) = try await setting.push("--delete", "web@2026.11.22-1")
        #expect(!worked)
        #expect(said.contains("refused: 'web@2026.11.22-1' is a release, and a release stays"), "\(said)")
    }

    @Test func aReleaseThatCannotBeReadIsRefused() async throws {
        let setting = try await Setting()
        try setting.repository.directory.write(["hostclasses/web.yml": "packages: [jq]\n"])
        try await setting.repository.commit()
        try await setting.repository.git("tag", "web@2")
        let (worked, said) = try await setting.push("web@2")
        #expect(!worked)
        #expect(said.contains("'web@2' has errors, and a release never moves: web@2:hostclasses/web.yml:1:"), "\(said)")
    }

    @Test func otherBranchesAndTagsMayBeAnything() async throws {
        let setting = try await Setting()
        try await setting.repository.git("switch", "--quiet", "-c", "trial")
        try setting.repository.directory.append("settings: {wrkers: 2}\n", to: host)
        try await setting.repository.commit()
        #expect(try await setting.push("trial").worked)
        try await setting.repository.git("tag", "note")
        #expect(try await setting.push("note").worked)
        #expect(try await setting.push("--delete", "note", "trial").worked)
    }

    @Test func theServedBranchStays() async throws {
        let setting = try await Setting()
        try await setting.repository.git(
            "--git-dir", setting.bare.string, "config", "receive.denyDeleteCurrent", "false")
        let (worked, said) = try await setting.push("--delete", "main")
        #expect(!worked)
        #expect(said.contains("refused: the branch 'main' is served, and would be gone"), "\(said)")
    }

    @Test func anotherBranchCanBeTheServedOne() async throws {
        let setting = try await Setting()
        let program = try #require(builtRollerctl()).string
        let run = await setting.repository.run(
            "hook", "install", "--pre-receive", "--bare", setting.bare.string, "--program", program, "--branch", "live")
        #expect(run.status == .fine)
        try setting.repository.directory.append("settings: {wrkers: 2}\n", to: host)
        try await setting.repository.commit()
        #expect(try await setting.push("main").worked)
        #expect(try await setting.push("main:live").worked == false)
    }

    // MARK: pre-commit

    private func withPreCommit() async throws -> TestRepository {
        let repository = try await TestRepository.withRelease()
        let program = try #require(builtRollerctl()).string
        let run = await repository.run("hook", "install", "--program", program)
        try #require(run.status == .fine, "\(run.errors)")
        return repository
    }

    @Test func aStagedErrorIsNotCommitted() async throws {
        let repository = try await withPreCommit()
        try repository.directory.append("settings: {wrkers: 2}\n", to: host)
        try await repository.git("add", "--all")
        let (worked, said) = try await repository.attempt(["commit", "-m", "x"])
        #expect(!worked)
        #expect(said.contains("hosts/web-01.example.com.yml:3:12: error[RLR0205]"), "\(said)")
        #expect(said.contains("    3 | settings: {wrkers: 2}"))
        #expect(said.contains("not committed: 1 error in what is staged"))
    }

    @Test func whatIsStagedCountsAndNotTheWorkTree() async throws {
        let repository = try await withPreCommit()
        try repository.directory.append("settings: {workers: 2}\n", to: host)
        try await repository.git("add", "--all")
        try repository.directory.append("nonsense\n", to: host)
        let (worked, said) = try await repository.attempt(["commit", "-m", "x"])
        #expect(worked, "\(said)")
        // And the other way round: mended in the work tree alone.
        try await repository.git("add", "--all")
        try await repository.git("show", "HEAD:\(host)")
        try repository.directory.write([host: "hostclass: web@2026.11.22-1\ndatacenter: snc1\n"])
        #expect(try await repository.attempt(["commit", "-m", "y"]).worked == false)
        #expect(try await repository.attempt(["commit", "-a", "-m", "z"]).worked)
    }

    // MARK: Installing

    @Test func aHookOfOnesOwnIsLeftAlone() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([".git/hooks/pre-commit": "#!/bin/sh\necho mine\n"])
        let run = await repository.run("hook", "install")
        #expect(run.status == .failed)
        #expect(run.errors.contains("pre-commit' is there already, and was not written by rollerctl"), "\(run.errors)")
        #expect(run.errors.contains("hint: have it run this too: rollerctl hook run pre-commit || exit 1"))
        #expect(try repository.directory.text(".git/hooks/pre-commit") == "#!/bin/sh\necho mine\n")
    }

    @Test func aHookOfItsOwnIsWrittenAnew() async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await repository.run("hook", "install", "--program", "/old one/it's").status == .fine)
        let old = try repository.directory.text(".git/hooks/pre-commit")
        #expect(old.hasSuffix("\nexec '/old one/it'\\''s' hook run pre-commit\n"), "\(old)")
        #expect(await repository.run("hook", "install").status == .fine)
        #expect(
            try repository.directory.text(".git/hooks/pre-commit").hasSuffix("\nexec rollerctl hook run pre-commit\n"))
        let status = try Directory.open(repository.path).status(of: ".git/hooks/pre-commit")
        #expect(status?.permissions == 0o755)
    }

    @Test func hooksThatGitWouldNotRunAreNotWritten() async throws {
        let repository = try await TestRepository.withRelease()
        try await repository.git("config", "core.hooksPath", "/etc/shared-hooks")
        let run = await repository.run("hook", "install")
        #expect(run.status == .failed)
        #expect(run.errors.contains("git runs the hooks in '/etc/shared-hooks' (core.hooksPath)"), "\(run.errors)")
        #expect(run.errors.contains("hint: have /etc/shared-hooks/pre-commit run this: rollerctl hook run pre-commit"))
    }

    @Test(arguments: [["--pre-receive"], ["--bare", "x"], ["--branch", "main"]])
    func optionsThatMakeNoSenseAreRefused(_ arguments: [String]) async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await rollerctl(["hook", "install"] + arguments, in: repository.path).status == .failed)
    }

    @Test func aPlaceThatIsNoBareRepositoryIsRefused() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("hook", "install", "--pre-receive", "--bare", "hosts")
        #expect(run.status == .failed)
        #expect(run.errors.contains("no git repository at"), "\(run.errors)")
    }

    @Test(arguments: ["x", "a b c", "0 0 refs/heads/main"])
    func whatIsNoUpdateOfAReferenceIsRefused(_ line: String) {
        #expect(throws: HookError.self) { try ReferenceUpdate.read(Array(line.utf8)) }
    }
}

extension TestRepository {
    /// Runs git, and says whether that worked, with all that was printed.
    func attempt(_ arguments: [String]) async throws -> (worked: Bool, said: String) {
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in gitVariables { variables[try #require(Environment.Key(rawValue: name))] = value }
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", path.string] + arguments),
            environment: .inherit.updating(variables), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }
}
