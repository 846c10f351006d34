import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// Which commit is served, and what is said of one that is not.
struct SnapshotTests {
    @Test func aCommitIsServedOnceItIsLookedAt() async throws {
        try await TestServer.with { server in
            try server.repository.writeHost("web-03", release: "web@1")
            let head = try await server.repository.commit("a third host")
            #expect(try await server.get("/v1/hosts/web-03.example.com").status == 404)
            let answer = try await server.refresh()
            #expect(try answer.json()["revision"] == .string(head))
            #expect(answer.headers["Roller-Revision"] == head)
            #expect(try await server.get("/v1/hosts/web-03.example.com").status == 200)
        }
    }

    @Test func theBranchIsLookedAtWithoutBeingAsked() async throws {
        try await TestServer.with(configure: { $0.poll = .milliseconds(10) }) { server in
            let head = try await server.repository.commit(try addHost(server.repository))
            for _ in 0..<1000 where try await server.get("/readyz").headers["Roller-Revision"] != head {}
            #expect(try await server.get("/readyz").headers["Roller-Revision"] == head)
        }
    }

    private func addHost(_ repository: TestRepository) throws -> String {
        try repository.writeHost("web-03", release: "web@1")
        return "a third host"
    }

    @Test func aCommitWithErrorsKeepsTheLastGoodOneServed() async throws {
        try await TestServer.with { server in
            let good = try await server.repository.git("rev-parse", "HEAD")
            try server.repository.writeHost("web-01", release: "web@nope")
            let bad = try await server.repository.commit("a release that is not there")
            try await server.refresh()
            let host = try await server.get("/v1/hosts/web-01.example.com")
            #expect(host.status == 200)
            #expect(host.text.contains("web@1"))
            #expect(host.headers["Roller-Revision"] == good)
            #expect(host.headers["Roller-Stale"] == bad)
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            let refused = try #require(try ready.json()["refused"])
            #expect(refused["kind"] == .string("findings"))
            #expect(refused["revision"] == .string(bad))
            #expect(ready.text.contains("hosts/web-01.example.com.yml"))
            #expect(ready.text.contains("web@nope"))
            #expect(try await server.get("/healthz").status == 200)

            try server.repository.writeHost("web-01", release: "web@1", workers: 16)
            let fixed = try await server.repository.commit("fixed")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 200)
            let after = try await server.get("/v1/hosts/web-01.example.com")
            #expect(after.headers["Roller-Revision"] == fixed)
            #expect(after.headers["Roller-Stale"] == nil)
        }
    }

    @Test func aReleaseThatIsTaggedAfterItsHostsWereMovedIsSeen() async throws {
        try await TestServer.with { server in
            try server.repository.writeHost("web-01", release: "web@2")
            let head = try await server.repository.commit("web@2, before its tag")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 503)
            try await server.repository.git("tag", "web@2")
            try await server.refresh()
            #expect(try await server.get("/readyz").headers["Roller-Revision"] == head)
            #expect(try await server.get("/readyz").status == 200)
        }
    }

    @Test func aReleaseThatMovedIsNoticedAndNotServed() async throws {
        try await TestServer.with { server in
            let bundle = try await server.get("/v1/hosts/web-01.example.com/bundle")
            let was = try await server.repository.git("rev-parse", "HEAD")
            try server.repository.write("files/web/etc/motd", "changed behind your back\n")
            let now = try await server.repository.commit("change the class")
            try await server.repository.git("tag", "-f", "web@1")
            try await server.refresh()
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(try ready.json()["refused"]?["kind"] == .string("moved-tag"))
            #expect(ready.text.contains("web@1"))
            let after = try await server.get("/v1/hosts/web-01.example.com/bundle")
            #expect(after.body == bundle.body)
            #expect(after.headers["Roller-Revision"] == was)
            #expect(after.headers["Roller-Stale"] == now)
            #expect(try await server.get("/v1/hosts?at=HEAD").status == 409)
            #expect(try await server.get("/v1/hostclasses/web@1").status == 409)

            try await server.repository.git("tag", "-f", "web@1", was)
            try await server.refresh()
            #expect(try await server.get("/readyz").headers["Roller-Revision"] == now)
        }
    }

    /// A tag alone can move, without any commit.
    @Test func aMovedTagIsNoticedWithoutANewCommit() async throws {
        try await TestServer.with { server in
            try server.repository.write("files/web/etc/motd", "changed\n")
            let head = try await server.repository.commit("change the class")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 200)
            try await server.repository.git("tag", "-f", "web@1")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 503)
            #expect(try await server.get("/v1/hosts").headers["Roller-Revision"] == head)
        }
    }

    @Test func withoutAGoodCommitThereIsNoSnapshotAndItSaysWhy() async throws {
        try await TestServer.with(prepare: { repository in
            try repository.write("hosts/web-01.example.com.yml", "hostclass: [\n")
            try await repository.commit("broken")
        }) { server in
            for path in ["/v1/hosts", "/v1/hosts/web-01.example.com/bundle", "/v1/hostclasses"] {
                let answer = try await server.get(path, ("Accept", "application/json"))
                #expect(answer.status == 503)
                #expect(answer.headers["Retry-After"] != nil)
                #expect(try answer.json()["kind"] == .string("no-snapshot"))
                #expect(answer.text.contains("hosts/web-01.example.com.yml"))
            }
            #expect(try await server.get("/readyz").status == 503)
            #expect(try await server.get("/healthz").status == 200)
            #expect(try await server.get("/").status == 200)
            #expect(try await server.get("/metrics").text.contains("roller_snapshot_ready 0\n"))
            #expect(try await server.get("/v1/hosts?at=HEAD~1").status == 200)
        }
    }

    @Test func aBranchThatIsNotThereYetIsWaitedFor() async throws {
        try await TestServer.with(configure: { $0.branch = "production" }) { server in
            #expect(try await server.get("/readyz").json()["refused"]?["kind"] == .string("no-branch"))
            try await server.repository.git("branch", "production")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 200)
            try await server.repository.git("branch", "-D", "production")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 503)
            #expect(try await server.get("/v1/hosts").status == 200)
            try await server.repository.git("branch", "production")
            try await server.refresh()
            #expect(try await server.get("/readyz").status == 200)
        }
    }

    @Test func anyCommitCanBeAskedFor() async throws {
        try await TestServer.with { server in
            let first = try await server.repository.git("rev-parse", "HEAD")
            try server.repository.writeHost("web-01", release: "web@1", workers: 1)
            try await server.repository.commit("fewer workers")
            try await server.refresh()
            for revision in [first, String(first.prefix(10)), "HEAD~1", "main~1", "web@1", "web%401"] {
                let answer = try await server.get("/v1/hosts/web-01.example.com?at=\(revision)")
                #expect(answer.status == 200, "\(revision): \(answer.text)")
                #expect(answer.headers["Roller-Revision"] == first)
                #expect(answer.text.contains("workers: 8"))
            }
            #expect(try await server.get("/v1/hosts/web-01.example.com").text.contains("workers: 1"))
        }
    }

    @Test(arguments: ["", "%5E%7Bcommit%7D", "~1"])
    func aCommitThatIsNotThereIsNotFound(_ steps: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.get("/v1/hosts?at=\(String(repeating: "0", count: 40))\(steps)")
            #expect(answer.status == 404, "\(answer.text)")
            #expect(answer.text.contains("kind: revision"))
        }
    }

    /// The label is that of the commit which the request was answered from, however long the answer took.
    @Test func anAnswerIsLabelledWithTheCommitThatItWasMadeFrom() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            let was = try #require(try await server.get("/readyz").headers["Roller-Revision"])
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT /v1/packages/tool/1.0-1/any/archive HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Authorization: Bearer \(TestServer.publisher)\r\nRoller-Digest: \(package.digest)\r\n"
                    + "Content-Length: \(package.archive.count)\r\n\r\n")
            #expect(try await connection.receiveHead().hasPrefix("HTTP/1.1 100"))
            try server.repository.writeHost("web-03", release: "web@1")
            let now = try await server.repository.commit("a third host")
            #expect(try await server.refresh().headers["Roller-Revision"] == now)
            try await connection.send(package.archive)
            let head = try await connection.receiveHead().lowercased()
            #expect(head.contains("roller-revision: \(was)"), "\(head)")
        }
    }

    @Test func anOldCommitWithErrorsCanBeLookedAtAndNotRolled() async throws {
        try await TestServer.with { server in
            try server.repository.writeHost("web-01", release: "web@nope")
            try await server.repository.commit("bad")
            #expect(try await server.get("/v1/hosts/web-01.example.com?at=HEAD").text.contains("web@nope"))
            let bundle = try await server.get("/v1/hosts/web-01.example.com/bundle?at=HEAD&format=json")
            #expect(bundle.status == 422)
            #expect(bundle.text.contains("web@nope"))
        }
    }

    /// Every answer comes from one commit, whatever is pushed while it is made.
    @Test func answersNeverMixCommits() async throws {
        try await TestServer.with { server in
            var expected: [String: Int] = [:]
            expected[try await server.repository.git("rev-parse", "HEAD")] = 8
            try await withThrowingTaskGroup { tasks in
                let seen = Seen()
                tasks.addTask {
                    while !seen.isDone {
                        let answer = try await server.get("/v1/hosts/web-01.example.com/bundle?format=json")
                        seen.note(
                            answer.headers["Roller-Revision"] ?? "", try Bundle.read(answer.body).settings["workers"])
                    }
                }
                for workers in 20..<30 {
                    try server.repository.writeHost("web-01", release: "web@1", workers: workers)
                    expected[try await server.repository.commit("\(workers) workers")] = workers
                    try await server.refresh()
                }
                seen.finish()
                try await tasks.waitForAll()
                for (revision, workers) in seen.pairs { #expect(expected[revision].map(Value.int) == workers) }
                #expect(!seen.pairs.isEmpty)
            }
        }
    }

    @Test func aTagOfNoCommitIsAFindingAndNotAFailureOfTheServer() async throws {
        try await TestServer.with { server in
            try await server.repository.git("tag", "web@3", "HEAD^{tree}")
            try server.repository.writeHost("web-01", release: "web@3")
            try await server.repository.commit("a release that is a tree")
            try await server.refresh()
            #expect(try await server.get("/readyz").json()["refused"]?["kind"] == .string("findings"))
            #expect(try await server.get("/v1/hostclasses/web@3").status == 404)
        }
    }

    @Test func aReleaseThatCannotBeReadSaysWhy() async throws {
        try await TestServer.with { server in
            try server.repository.write("hostclasses/web.yml", "packages: [\n")
            try await server.repository.commit("broken")
            try await server.repository.git("tag", "web@4")
            let answer = try await server.get("/v1/hostclasses/web@4")
            #expect(answer.status == 422)
            #expect(answer.text.contains("web@4:hostclasses/web.yml"))
        }
    }

    @Test func refreshingFromThisMachineNeedsNoToken() async throws {
        try await TestServer.with { server in
            let answer = try await server.refresh()
            #expect(answer.status == 200)
        }
    }
}
