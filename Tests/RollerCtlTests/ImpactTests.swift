import GitRepository
import RollerCore
import Testing

@testable import RollerCtl

/// `rollerctl impact`.
struct ImpactTests {
    @Test func everySectionCountsHosts() async throws {
        let repository = try await TestRepository.withRelease()
        try repository.directory.write([
            "hostclasses/web.yml": """
            packages: {jq: 1.8-1}
            settings: {workers: 4}
            required: {ntp: list}
            services: {web: {systemd: web.service}, log: {systemd: log.service, uses: [bin/log]}}
            access: {login: [ops]}

            """,
            "hostclasses/web.lock.yml": (TestRepository.released["hostclasses/web.lock.yml"] ?? "")?
                .replacing("1.7-1", with: "1.8-1").replacing("000\"", with: "001\""),
            "groups/ops.yml": "gid: 2000\nmembers: [ann]\n", "users/ann.yml": "uid: 2001\n",
        ])
        try await repository.commit()
        try await repository.git("tag", "web@two")
        #expect(await repository.run("pin", "web@two", "web-02.example.com").status == .fine)
        let run = await repository.run("impact")
        #expect(run.status == .fine)
        #expect(
            run.output == """
                1 of 2 hosts get another bundle
                datacenters
                  snc1: 1 of 2 (50.0 %)
                hostclasses
                  web: 1 of 2 (50.0 %)
                services
                  log of web: starts on 1
                  web of web: starts on 1
                access
                  web-02.example.com: + ann login
                downloads
                  jq 1.8-1 for debian-12-x86_64: 100 B to 1 = 100 B

                """)
        #expect(run.errors == "Roller-Hosts: 1\n")
        let json = await repository.run("impact", "HEAD", "--format", "json").output
        #expect(json.contains("\"changed\": 1,"))
        #expect(json.contains("\"download-size\": 100"))
    }

    @Test func peopleComeAndGoWithoutAnyOtherBundle() async throws {
        var files = TestRepository.released
        files["hostclasses/web.yml"] =
            "packages: {jq: 1.7-1}\nsettings: {workers: 4}\nrequired: {ntp: list}\naccess: {login: [ops], sudo: [ops]}\n"
        files["groups/ops.yml"] = "gid: 2000\nmembers: [ann, bob]\n"
        files["users/ann.yml"] = "uid: 2001\n"
        files["users/bob.yml"] = "uid: 2002\n"
        let repository = try await TestRepository(files)
        try await repository.git("tag", "web@2026.11.22-1")
        try repository.directory.write(["users/bob.yml": "uid: 2002\nstate: gone\n"])
        let run = await repository.run("impact")
        #expect(
            run.output == """
                0 of 2 hosts get another bundle
                access
                  2 hosts of web: - bob login, - bob sudo

                """)
    }

    /// The number is not guessed: it is that of the bundles whose digests differ.
    @Test(arguments: 0..<12)
    func theNumberIsThatOfBundlesWithAnotherDigest(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let repository = try await RandomRepository(&random)
        let old = try await repository.digests()
        for _ in 0..<3 { try repository.edit(&random) }
        try await repository.repository.commit()
        let new = try await repository.digests()
        let differing = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.count
        let impact = await repository.repository.run("impact", "HEAD~1..HEAD", "--format", "json")
        #expect(impact.output.contains("\"changed\": \(differing),"), "\(differing): \(impact.output)")
        let diff = await repository.repository.run("diff", "HEAD~1..HEAD", "--stat")
        let words = differing == 0 ? "nothing for any of" : "\(differing) host"
        #expect(diff.errors.hasPrefix(words), "\(diff.errors)")
        #expect(diff.status == (differing == 0 ? .fine : .found))
        // The work tree is the same as the commit here.
        #expect(await repository.repository.run("impact", "HEAD~1", "--format", "json").output == impact.output)
    }
}
