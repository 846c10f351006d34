import SystemPackage
import Testing

@testable import RollerCtl

struct NewTests {
    /// Lints, and expects no error.
    private func expectClean(_ repository: TestRepository) async {
        let lint = await repository.run("lint")
        #expect(lint.status == .fine, "\(lint.output)")
    }

    @Test func aNewRepositoryLints() async throws {
        let folder = try TemporaryDirectory()
        let run = await rollerctl(["new", "repo", "config", "--git"], in: folder.path)
        #expect(run.status == .fine, "\(run.errors)")
        let lint = await rollerctl(["lint"], in: folder.path.appending("config"))
        #expect(lint.status == .fine)
        #expect(lint.output == "")
        #expect(try folder.names(in: "config").sorted() == [".git", ".gitattributes", "README.md", "roller.yml"])
    }

    @Test func aRepositoryIsBegunInAnEmptyDirectoryAlone() async throws {
        let folder = try TemporaryDirectory()
        #expect(await rollerctl(["new", "repo"], in: folder.path).status == .fine)
        let again = await rollerctl(["new", "repo"], in: folder.path)
        #expect(again.status == .failed)
        #expect(again.errors.contains("is not empty: it has '.gitattributes'"), "\(again.errors)")
    }

    @Test(arguments: [
        (["datacenter", "ams1"], "datacenters/ams1.yml"),
        (["datacenter", "ams1", "--config-server", "https://config1.ams1.example.com:8443"], "datacenters/ams1.yml"),
        (["hostclass", "db"], "hostclasses/db.yml"),
        (
            ["host", "web-03.example.com", "--release", "web@2026.11.22-1", "--in", "snc1"],
            "hosts/web-03.example.com.yml"
        ),
        (["user", "ann", "--name", "Ann: nobody's #1", "--uid", "2005"], "error"),
        (["user", "ann", "--name", "Ann #1 of 'yes'"], "users/ann.yml"),
        (["group", "dev"], "groups/dev.yml"),
    ])
    func whatIsBegunLints(_ arguments: [String], _ path: String) async throws {
        let repository = try await TestRepository.withRelease()
        let run = await rollerctl(["new"] + arguments, in: repository.path)
        guard path != "error" else {
            #expect(run.status == .found)
            #expect(run.output.contains("users/ann.yml:2:7: error[RLR0204]"), "\(run.output)")
            #expect(try repository.directory.names().contains("users") == false)
            return
        }
        #expect(run.status == .fine, "\(run.output)\(run.errors)")
        #expect(run.errors == "wrote \(path)\n")
        await expectClean(repository)
        let text = try repository.directory.text(path)
        let again = await rollerctl(["new"] + arguments, in: repository.path)
        #expect(again.status == .failed)
        #expect(again.errors.contains("'\(path)' is there already"))
        #expect(try repository.directory.text(path) == text)
    }

    @Test func numbersOfPeopleGoOn() async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await repository.run("new", "user", "ann").status == .fine)
        #expect(await repository.run("new", "user", "bob").status == .fine)
        #expect(await repository.run("new", "group", "dev", "--member", "ann", "--member", "bob").status == .fine)
        #expect(try repository.directory.text("users/ann.yml").hasPrefix("uid: 2000\n"))
        #expect(try repository.directory.text("users/bob.yml").hasPrefix("uid: 2001\n"))
        #expect(try repository.directory.text("groups/dev.yml") == "gid: 2000\nmembers: [ann, bob]\n")
        await expectClean(repository)
    }

    @Test func whatAClassRequiresStandsInTheFileToBeFilledIn() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml":
                "packages: {jq: 1.7-1}\nsettings: {workers: 4}\nrequired: {ntp: list, name: string, \"on\": bool, size: int}\n"
        ])
        try await repository.commit()
        try await repository.git("tag", "web@2")
        let run = await repository.run("new", "host", "web-03.example.com", "--release", "web@2", "--in", "snc1")
        #expect(run.status == .fine, "\(run.output)\(run.errors)")
        #expect(run.errors == "wrote hosts/web-03.example.com.yml\nwarning: fill in name, on, size\n")
        #expect(
            try repository.directory.text("hosts/web-03.example.com.yml") == """
                hostclass: web@2
                datacenter: snc1
                # Required by the class: fill them in.
                settings:
                  name: ""
                  "on": false
                  size: 0

                """)
        await expectClean(repository)
    }

    @Test func anErrorThatANewFileBringsElsewhereIsSaidAndNothingIsWritten() async throws {
        let repository = try await TestRepository.withRelease()
        #expect(await repository.run("new", "user", "zoe", "--uid", "2000").status == .fine)
        let run = await repository.run("new", "user", "ann", "--uid", "2000")
        #expect(run.status == .found)
        #expect(run.errors.contains("'users/ann.yml' is not written: it would bring 1 error"), "\(run.errors)")
        #expect(try repository.directory.names(in: "users") == ["zoe.yml"])
    }

    @Test func unknownNamesAreMetWithTheNearest() async throws {
        let repository = try await TestRepository.withRelease()
        let run = await repository.run("new", "host", "a.example.com", "--release", "web@2026.11.22-1", "--in", "snc2")
        #expect(run.errors.contains("there is no datacenter 'snc2'\nhint: did you mean 'snc1'?"))
        let other = await repository.run(
            "new", "host", "a.example.com", "--release", "web@2026.11.22-2", "--in", "snc1")
        #expect(other.errors.contains("there is no release 'web@2026.11.22-2'\nhint: did you mean 'web@2026.11.22-1'?"))
    }
}
