import LinuxSystem
import RollerCore
import S3
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// Packages that config servers pass on to each other through a bucket.
@Suite(.enabled(if: BucketServer.isInstalled, "Scripts/s3-servers installs what these run against"))
struct ReplicationTests {
    private static let place = "/v1/packages/tool/1.0-1/any"

    /// Runs `body` with servers over one bucket, each in a datacenter of its own: dc1, dc2 and so on.
    private func with(
        _ service: BucketServer = .moto, servers: Int,
        configure: @escaping @Sendable (inout BucketOptions) -> Void = { _ in },
        _ body: @escaping @Sendable ([TestServer]) async throws -> Void
    ) async throws {
        let name = "replication-tests-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(name, permissions: 0o700)
        defer { _ = try? holder.removeTree(name) }
        try await service.serving(below: FilePath("/tmp").appending(name)) { port, _ in
            try await Self.start(1...servers, [], service, port, configure, body)
        }
    }

    private static func start(
        _ numbers: ClosedRange<Int>, _ running: [TestServer], _ service: BucketServer, _ port: Int,
        _ configure: @escaping @Sendable (inout BucketOptions) -> Void,
        _ body: @escaping @Sendable ([TestServer]) async throws -> Void
    ) async throws {
        guard running.count < numbers.upperBound else { return try await body(running) }
        var options = try service.options(port, "dc\(running.count + 1)")
        configure(&options)
        try await TestServer.with(configure: { $0.bucket = options }) { server in
            try await start(numbers, running + [server], service, port, configure, body)
        }
    }

    private func put(
        _ server: TestServer, _ part: String, _ body: [UInt8], digest: Digest? = nil
    ) async throws -> HTTPResponse {
        var headers = [("Accept", "application/json"), ("Authorization", "Bearer \(TestServer.publisher)")]
        if let digest { headers.append(("Roller-Digest", digest.rawValue)) }
        return try await server.send(.put, "\(Self.place)/\(part)", headers, body: .bytes(body))
    }

    private func publish(_ package: TestPackage, to server: TestServer) async throws -> Int {
        _ = try await put(server, "archive", package.archive, digest: package.digest)
        return try await put(server, "manifest", package.manifest).status
    }

    /// Asks again until the answer has the status, for half a minute.
    private func answer(of server: TestServer, _ path: String, is status: Int) async throws -> HTTPResponse {
        let end = ContinuousClock.now + .seconds(30)
        while true {
            let response = try await server.get(path)
            if response.status == status || ContinuousClock.now > end {
                #expect(response.status == status, "\(response.text)")
                return response
            }
            await Task.yield()
        }
    }

    @Test(arguments: [BucketServer.moto, .rclone])
    func whatIsPublishedOnOneServerIsOnAll(_ service: BucketServer) async throws {
        let package = try TestPackage()
        try await with(service, servers: 3) { servers in
            #expect(try await publish(package, to: servers[0]) == 201)
            for server in servers {
                let manifest = try await answer(of: server, "\(Self.place)/manifest", is: 200)
                #expect(manifest.body == package.manifest)
                #expect(try await server.get("\(Self.place)/archive").body == package.archive)
            }
        }
    }

    @Test func ofTwoPublishersOnTwoServersOneWinsEverywhere() async throws {
        let packages = [try TestPackage(contents: "one\n"), try TestPackage(contents: "other\n")]
        try await with(servers: 2) { servers in
            async let first = publish(packages[0], to: servers[0])
            async let second = publish(packages[1], to: servers[1])
            let statuses = try await [first, second]
            #expect(statuses.sorted() == [201, 409])
            let winner = packages[statuses[0] == 201 ? 0 : 1]
            for server in servers {
                let archive = try await answer(of: server, "\(Self.place)/archive", is: 200)
                #expect(archive.body == winner.archive)
            }
        }
    }

    @Test func anyServerSaysWhereAPackageIs() async throws {
        let package = try TestPackage()
        try await with(servers: 2) { servers in
            #expect(try await publish(package, to: servers[0]) == 201)
            let end = ContinuousClock.now + .seconds(30)
            for server in servers {
                var since: [Value?] = []
                while since.isEmpty || since.contains(nil), ContinuousClock.now < end {
                    let report = try await server.get("/v1/replication?package=tool/1.0-1&format=json").json()
                    guard case .list(let packages)? = report["packages"] else { break }
                    since = ["dc1", "dc2"].map { packages.first?["datacenters"]?[$0]?["since"] }
                }
                #expect(!since.contains(nil))
            }
        }
    }

    @Test func aPackageThatHasNotArrivedIsAskedForAgainAndComes() async throws {
        let package = try TestPackage()
        try await with(servers: 2, configure: { $0.prefetch = .none }) { servers in
            #expect(try await publish(package, to: servers[0]) == 201)
            let end = ContinuousClock.now + .seconds(30)
            var waiting = try await servers[1].get("\(Self.place)/archive")
            while waiting.status == 404, ContinuousClock.now < end {
                waiting = try await servers[1].get("\(Self.place)/archive")
            }
            #expect(waiting.status == 503)
            #expect(waiting.headers["Retry-After"] == "2")
            #expect(waiting.text.contains("kind: replicating"))
            #expect(try await answer(of: servers[1], "\(Self.place)/archive", is: 200).body == package.archive)
        }
    }

    @Test func aBucketThatIgnoresConditionsIsRefused() async throws {
        let error = await #expect(throws: StartError.self) {
            try await with(.rclone, servers: 1, configure: { $0.acceptsUnconditional = false }) { _ in }
        }
        #expect(error.map(explain)?.contains("ignores If-None-Match") == true)
        #expect(error?.hint?.contains("--accept-unconditional-bucket") == true)
    }

    @Test func aLostBucketStopsPublishingAndNothingElse() async throws {
        let (package, later) = (try TestPackage(), try TestPackage(version: "2"))
        let name = "replication-tests-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(name, permissions: 0o700)
        defer { _ = try? holder.removeTree(name) }
        try await BucketServer.moto.serving(below: FilePath("/tmp").appending(name)) { port, end in
            let options = try BucketServer.moto.options(port, "dc1")
            try await TestServer.with(configure: { $0.bucket = options }) { server in
                #expect(try await publish(package, to: server) == 201)
                await end()
                let limit = ContinuousClock.now + .seconds(30)
                var ready = try await server.get("/readyz")
                while ready.headers["Roller-Bucket"] == nil, ContinuousClock.now < limit {
                    ready = try await server.get("/readyz")
                }
                #expect(ready.status == 200)
                #expect(ready.headers["Roller-Bucket"] == "failed")
                #expect(try ready.json()["bucket"]?["failure"] != nil)
                #expect(try await server.get("\(Self.place)/archive").body == package.archive)
                let headers = [("Authorization", "Bearer \(TestServer.publisher)")]
                let place = "/v1/packages/tool/2/any"
                let sent = try await server.send(
                    .put, "\(place)/archive", headers + [("Roller-Digest", later.digest.rawValue)],
                    body: .bytes(later.archive))
                #expect(sent.status == 201)
                let refused = try await server.send(.put, "\(place)/manifest", headers, body: .bytes(later.manifest))
                #expect(refused.status == 503)
                #expect(refused.text.contains("kind: bucket"))
                #expect(try await server.get(place).status == 404)
            }
        }
    }
}
