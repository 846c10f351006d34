import LinuxSystem
import SystemPackage
import Testing

@testable import RollerCtl

/// `rollerctl pin`.
struct PinTests {
    @Test func theNamedHostsChangeAndKeepTheirOtherBytes() async throws {
        let repository = try await TestRepository.withRelease()
        try await repository.git("tag", "web@two")
        let run = await repository.run("pin", "web@two", "web-02.example.com", "web-01.example.com")
        #expect(run.status == .fine)
        #expect(
            try repository.directory.text("hosts/web-02.example.com.yml")
                == "# the canary\nhostclass: \"web@two\"  # see #12\ndatacenter: snc1\nsettings: {workers: 8}\n")
        #expect(
            run.errors == """
                hosts/web-02.example.com.yml: web@2026.11.22-1 -> web@two
                hosts/web-01.example.com.yml: web@2026.11.22-1 -> web@two

                """)
        #expect(try await repository.git("diff", "--numstat").split(separator: "\n").count == 2)
    }

    @Test func aReleaseThatIsNotThereIsGuessedAndNothingChanges() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("pin", "web@2026.11.22-2", "web-01.example.com")
        #expect(run.status == .failed)
        #expect(run.errors == "error: there is no release 'web@2026.11.22-2'\nhint: did you mean 'web@2026.11.22-1'?\n")
        #expect(try await repository.git("status", "--porcelain").isEmpty)
    }

    @Test func oneHostThatCannotBeEditedKeepsAllAsTheyWere() async throws {
        let repository = try await TestRepository.withRelease()
        try await repository.git("tag", "web@two")
        try repository.directory.append("tpyo: 1\n", to: "hosts/web-02.example.com.yml")
        let run = await repository.run("pin", "web@two", "web-01.example.com", "web-02.example.com")
        #expect(run.status == .failed)
        #expect(run.errors.contains("a host has no key 'tpyo'"))
        #expect(try repository.directory.text("hosts/web-01.example.com.yml").contains("web@2026.11.22-1"))
    }

    @Test func aHostThatIsNotThereIsGuessed() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("pin", "web@2026.11.22-1", "web-1.example.com")
        #expect(run.status == .failed)
        #expect(run.errors.contains("did you mean 'web-01.example.com'?"))
    }

    @Test func aCommitWillDoWhereTheClassIsThere() async throws {
        let repository = try await TestRepository.withRelease()
        let head = try await repository.git("rev-parse", "HEAD").prefix(40)
        #expect(await repository.run("pin", "web@\(head)", "web-01.example.com").status == .fine)
        #expect(await repository.run("pin", "db@\(head)", "web-01.example.com").status == .failed)
        #expect(await repository.run("lint").status == .fine)
    }

    @Test func anotherClassIsAWarning() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write(["hostclasses/db.yml": "packages: {}\n"])
        try await repository.commit()
        try await repository.git("tag", "db@1")
        let run = await repository.run("pin", "db@1", "web-01.example.com")
        #expect(run.status == .fine)
        #expect(run.errors.contains("warning: 'web-01.example.com' was of the class 'web'"))
    }

    @Test func theFileKeepsItsPermissions() async throws {
        let repository = try await TestRepository.withRelease()
        try await repository.git("tag", "web@two")
        let path = "hosts/web-01.example.com.yml"
        let root = try Directory.open(repository.path)
        try root.replaceFile(path, permissions: 0o640, bytes: try root.readFile(path, limit: 1000), durable: false)
        #expect(await repository.run("pin", "web@two", "web-01.example.com").status == .fine)
        #expect(try root.status(of: path)?.permissions == 0o640)
    }
}
