import Crypto
import GitRepository
import LinuxSystem
import RollerCore
import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// The server's own mirror, and what is noticed of it that should not happen.
struct UpstreamTests {
    /// A server that mirrors the test's repository, and fetches when it is asked to.
    private func withMirror(
        secret: String? = nil, _ body: (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.with(
            configure: { options in
                options.upstream = "file://\(options.repository)"
                options.repository = options.store.removingLastComponent().appending("mirror.git")
                if secret != nil { options.webhookSecret = options.store.removingLastComponent().appending("secret") }
            },
            prepare: { repository in
                let root = try Directory.open(repository.path.removingLastComponent())
                if let secret { try root.createFile("secret", permissions: 0o600, bytes: Array("\(secret)\n".utf8)) }
            }, body)
    }

    @Test func aNudgeFetchesWhatIsUpstream() async throws {
        try await withMirror { server in
            try await server.refresh()
            try server.repository.writeHost("web-03", release: "web@1")
            let head = try await server.repository.commit("a third host")
            let answer = try await server.refresh()
            #expect(answer.headers["Roller-Revision"] == head)
            #expect(try answer.json()["upstream"]?["failures"] == .int(0))
            #expect(answer.headers["Roller-Upstream"] == nil)
        }
    }

    @Test func whenTheUpstreamIsAwayTheLastGoodViewGoesOnAndThatIsSaid() async throws {
        try await withMirror { server in
            try await server.refresh()
            let head = try await server.repository.git("rev-parse", "HEAD")
            let folder = try Directory.open(server.root)
            try folder.rename("repository", to: "elsewhere", in: folder, replacing: false)
            let answer = try await server.refresh()
            #expect(answer.headers["Roller-Revision"] == head)
            #expect(answer.headers["Roller-Upstream"] == "failed")
            #expect(try answer.json()["upstream"]?["failures"] == .int(1))
            #expect(answer.text.contains("cannot fetch from the upstream"))
            let metrics = try await server.get("/metrics").text
            #expect(metrics.contains("\nroller_upstream_fetch_failing 1\n"))
            #expect(metrics.contains("\nroller_upstream_fetch_failures_total 1\n"))
            #expect(metrics.contains("\nroller_upstream_last_fetch_timestamp_seconds 1"))
            try folder.rename("elsewhere", to: "repository", in: folder, replacing: false)
            #expect(try await server.refresh().headers["Roller-Upstream"] == nil)
        }
    }

    @Test func aReleaseThatMovedUpstreamIsRefused() async throws {
        try await withMirror { server in
            try await server.refresh()
            try server.repository.write("files/web/etc/motd", "changed behind your back\n")
            try await server.repository.commit("change the class")
            try await server.repository.git("tag", "-f", "web@1")
            let answer = try await server.refresh()
            #expect(try answer.json()["refused"]?["kind"] == .string("moved-tag"))
        }
    }

    @Test func aBranchThatWasRewrittenIsServedAndTold() async throws {
        try await withMirror { server in
            try await server.refresh()
            try server.repository.writeHost("web-03", release: "web@1")
            let from = try await server.repository.commit("a third host")
            try await server.refresh()
            try server.repository.writeHost("web-04", release: "web@1")
            try await server.repository.git("add", "--all")
            try await server.repository.git("commit", "-q", "--amend", "-m", "another past")
            let to = try await server.repository.git("rev-parse", "HEAD")
            let answer = try await server.refresh()
            #expect(answer.headers["Roller-Revision"] == to)
            #expect(try answer.json()["rewritten"]?["from"] == .string(from))
            #expect(try answer.json()["rewritten"]?["to"] == .string(to))
        }
    }

    /// A git that was killed leaves its locks.
    @Test func locksThatNobodyHoldsAreRemoved() async throws {
        try await withMirror { server in
            try await server.refresh()
            let mirror = try Directory.open(server.root.appending("mirror.git"))
            try mirror.createFile("packed-refs.lock", permissions: 0o600, bytes: [])
            try mirror.createFile("refs/heads/main.lock", permissions: 0o600, bytes: [])
            try server.repository.writeHost("web-03", release: "web@1")
            let head = try await server.repository.commit("a third host")
            #expect(try await server.refresh().headers["Roller-Revision"] == head)
        }
    }

    private static let secret = "correct horse battery"
    private static let payload = #"{"ref":"refs/heads/main"}"#

    /// The signature is `openssl dgst -sha256 -hmac` of the payload.
    @Test func aWebhookIsTakenFromWhoKnowsTheSecret() async throws {
        let key = SymmetricKey(data: Array(Self.secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(Self.payload.utf8), using: key)
        let hex = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let other = String(repeating: "0", count: 64)
        let cases: [(headers: [(String, String)], status: Int)] = [
            ([("X-Hub-Signature-256", "sha256=\(hex)")], 202), ([("X-Gitlab-Token", Self.secret)], 202),
            ([], 401), ([("X-Hub-Signature-256", "sha256=\(other)")], 401), ([("X-Hub-Signature-256", hex)], 401),
            ([("X-Hub-Signature-256", "sha256=\(hex)"), ("X-Gitlab-Token", "no")], 202),
            ([("X-Gitlab-Token", "wrong")], 401), ([("X-Hub-Signature-256", "sha256=zz")], 401),
        ]
        try await withMirror(secret: Self.secret) { server in
            for (headers, status) in cases {
                let answer = try await server.send(
                    .post, "/v1/webhook", headers, body: .bytes(Array(Self.payload.utf8)))
                #expect(answer.status == status, "\(headers): \(answer.text)")
            }
        }
    }

    @Test func withoutASecretNoWebhookIsTaken() async throws {
        try await withMirror { server in
            let answer = try await server.send(.post, "/v1/webhook", [("X-Gitlab-Token", "")], body: .bytes([]))
            #expect(answer.status == 401)
        }
    }

    @Test(arguments: [
        "https://user:password@example.com/x", "ext::sh -c true", "--upload-pack=x", "ftp://example.com/x", "relative",
    ])
    func anUpstreamThatCouldDoHarmIsRefused(_ url: String) { #expect(MirrorCommand.problem(with: url) != nil) }

    @Test(arguments: [
        "https://example.com/x.git", "ssh://git@example.com/x", "git@example.com:x", "file:///srv/x", "/srv/x",
    ])
    func upstreamsThatGitFetchesAreTaken(_ url: String) { #expect(MirrorCommand.problem(with: url) == nil) }
}

/// What is remembered of releases.
struct ReleaseTagsTests {
    private func withFile(_ body: (FilePath) throws -> Void) throws {
        let name = "release-tags-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(name, permissions: 0o700)
        defer { _ = try? holder.removeTree(name) }
        try body(FilePath("/tmp").appending(name).appending("seen"))
    }

    private func commit(_ digit: String) throws -> ObjectID {
        try #require(ObjectID(hex: String(repeating: digit, count: 40)))
    }

    @Test func aReleaseThatMovesOverARestartIsNoticed() throws {
        try withFile { file in
            let release = try #require(ReleaseReference("web@1"))
            let first = try ReleaseTags(file: file)
            try first.note(release, at: commit("a"))
            #expect(first.move(branch: "main", to: try commit("c")) == nil)
            try first.save()
            let second = try ReleaseTags(file: file)
            try second.note(release, at: commit("a"))
            #expect(throws: SnapshotError.self) { try second.note(release, at: commit("b")) }
            #expect(second.move(branch: "main", to: try commit("d")) == (try commit("c")))
        }
    }

    @Test(arguments: [
        "release web@1", "release web@1 123", "release web \(String(repeating: "a", count: 40))", "x y z",
    ])
    func aFileThatCannotBeReadIsAnErrorWithItsLine(_ line: String) throws {
        try withFile { file in
            try Directory.open(file.removingLastComponent())
                .createFile("seen", permissions: 0o600, bytes: Array("# seen\n\(line)\n".utf8))
            #expect(throws: SeenError.badLine(2, of: file)) { try ReleaseTags(file: file) }
        }
    }
}
