import LinuxSystem
import OrderedCollections
import RollerCore
import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// What differs, as the server says it.
struct DiffViewTests {
    /// A second release, with another file, and one host on it with another value.
    private static func secondRelease(_ repository: TestRepository) async throws {
        try repository.write("users/ann.yml", "uid: 2001\n")
        try repository.write("groups/web.yml", "gid: 3001\nmembers: [ann]\n")
        try await repository.commit("people")
        try repository.write("files/web/etc/motd", "good day\n")
        try repository.write(
            "hostclasses/web.yml",
            """
            settings: {workers: 4, port: 8080}
            required: {ntp: list}
            access: {login: [web]}
            services: {web: {systemd: web.service, uses: [etc/motd]}}

            """)
        try await repository.commit("a new class")
        try await repository.git("tag", "web@2")
        try repository.writeHost("web-01", release: "web@2", workers: 9)
        try await repository.commit("web-01 takes web@2")
        try repository.write("datacenters/snc1.yml", "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.9]}\n")
        try await repository.commit("another clock")
    }

    @Test func aRangeSaysWhatItDoesToHosts() async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            let answer = try await server.get("/v1/diff/main~2..main~1?format=json").json()
            #expect(answer["changed"] == .int(1))
            #expect(answer["hosts"] == .int(2))
            guard case .list(let groups)? = answer["groups"], let group = groups.first else {
                Issue.record("no groups")
                return
            }
            #expect(group["hosts"] == .list([.string("web-01.example.com")]))
            let impact = try #require(answer["impact"])
            #expect(impact["changed"] == .int(1))
            guard case .list(let services)? = impact["services"], case .list(let access)? = impact["access"] else {
                Issue.record("no services, or no access")
                return
            }
            #expect(services.first?["service"] == .string("web"))
            #expect(access.count == 1)
        }
    }

    /// The two ways to ask must agree to the letter, whatever they read and keep.
    @Test(arguments: ["main~3..main", "main~2..main~1", "main~1..main", "main..main~3", "main..main"])
    func theServerAndRollerctlSayTheSame(_ range: String) async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            let full = try await server.get("/v1/diff/\(range)?format=json").json()
            for (command, key) in [("diff", String?.none), ("impact", "impact")] {
                let said = try await Self.rollerctl(
                    [command, range, "--format", "json"], in: server.repository.path)
                let theirs = try readJSON(Array(said.utf8), as: Value.self)
                let ours = try #require(key.map { full[$0] } ?? full)
                guard case .map(let fields) = theirs else {
                    Issue.record("no map")
                    return
                }
                // What the two sides are called is the asker's own.
                for (name, value) in fields where !["from", "to"].contains(name) {
                    #expect(ours[name] == value, "\(command) \(name)")
                }
            }
        }
    }

    private static func rollerctl(_ arguments: [String], in folder: FilePath) async throws -> String {
        let program = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .appending(".build/debug/rollerctl")
        let result = try await Subprocess.run(
            .path(program), arguments: Arguments(arguments), workingDirectory: folder, input: .none,
            output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
        guard case .exited(let code) = result.terminationStatus, code <= 1 else {
            throw TestRepository.Failed(description: "rollerctl \(arguments): \(result.standardError)")
        }
        return result.standardOutput
    }

    @Test func textIsForTerminals() async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            let byAccept = try await server.get("/v1/diff/main~2..main~1", ("Accept", "text/plain"))
            #expect(byAccept.headers["Content-Type"] == "text/plain; charset=utf-8")
            #expect(byAccept.text.contains("== web-01.example.com: changed\n"))
            #expect(byAccept.text.contains("+good day\n"))
            #expect(byAccept.text.contains("1 of 2 hosts get another bundle\n"))
            let byName = try await server.get("/v1/diff/main~2..main~1?format=text")
            #expect(byName.body == byAccept.body)
            #expect(byName.headers["ETag"] == byAccept.headers["ETag"])
            let stat = try await server.get("/v1/diff/main~2..main~1?format=text&details=stat")
            #expect(!stat.text.contains("+good day"))
            let same = try await server.get("/v1/diff/main..main?format=text")
            #expect(same.text == "nothing for any of 2 hosts\n")
            let yaml = try await server.get("/v1/diff/main~2..main~1", ("Accept", "*/*"))
            #expect(yaml.headers["Content-Type"] == "application/yaml")
        }
    }

    @Test func anEmptySideIsWhatIsServed() async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            let head = try await server.repository.git("rev-parse", "HEAD")
            let answer = try await server.get("/v1/diff/main~1..?format=json")
            #expect(try answer.json()["to"] == .string(head))
            #expect(answer.headers["Roller-Revision"] == head)
        }
    }

    @Test func branchesWithSlashesCanBeCompared() async throws {
        try await TestServer.with(prepare: { repository in
            try await Self.secondRelease(repository)
            try await repository.git("branch", "feature/clock", "main~1")
        }) { server async throws in
            let answer = try await server.get("/v1/diff/feature/clock..main?format=json")
            #expect(try answer.json()["changed"] == .int(2))
        }
    }

    @Test(arguments: [
        ("/v1/diff/main", 400), ("/v1/diff/main...main", 400), ("/v1/diff/a..b..c", 400), ("/v1/diff/nope..main", 404),
        ("/v1/diff/main..main?format=xml", 400), ("/v1/diff/main..main?details=some", 400),
        ("/v1/diff/main..main?at=main", 400), ("/v1/hosts/web-01.example.com/diff/web-09.example.com", 404),
        ("/v1/hostclasses/web@1/diff/web@9", 404), ("/v1/hostclasses/web@1/diff/wob", 404),
    ])
    func whatCannotBeComparedIsRefused(_ path: String, _ status: Int) async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            #expect(try await server.get(path).status == status)
        }
    }

    @Test func twinsDifferInWhatTheirFilesSay() async throws {
        try await TestServer.with(prepare: { repository in
            try repository.writeHost("web-02", release: "web@1", workers: 9)
            try await repository.commit("web-02 is another")
        }) { server async throws in
            let path = "/v1/hosts/web-01.example.com/diff/web-02.example.com"
            let answer = try await server.get("\(path)?format=json").json()
            guard case .list(let settings)? = answer["diff"]?["settings"] else {
                Issue.record("no settings")
                return
            }
            #expect(settings.count == 1)
            let text = try await server.get(path, ("Accept", "text/plain")).text
            #expect(text.contains("-workers 8 on web-01.example.com\n+workers 9 on web-02.example.com\n"))
            let before = try await server.get("\(path)?format=text&at=main~1").text
            #expect(!before.contains("workers 9"))
        }
    }

    @Test func releasesOfAClassAreCompared() async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            for other in ["web@2", "web"] {
                let text = try await server.get("/v1/hostclasses/web@1/diff/\(other)?format=text").text
                #expect(text.hasPrefix("web@1 -> \(other)\n"))
                #expect(text.contains("-hello\n+good day\n"))
            }
        }
    }

    /// Nobody waits for those who compare: what is beyond the queue is told to come again.
    @Test func tooManyAtOnceAreToldToComeAgain() async throws {
        try await TestServer.with(prepare: Self.secondRelease) { server async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<60 {
                    // Each another question, so that none is known already.
                    group.addTask {
                        let sides = number.isMultiple(of: 2) ? "main~3..main" : "main..main~3"
                        return try await server.get("/v1/diff/\(sides)?format=\(["json", "yaml", "text"][number % 3])")
                            .status
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(statuses.isSubset(of: [200, 503]))
            #expect(try await server.get("/v1/diff/main~3..main").status == 200)
        }
    }
}
