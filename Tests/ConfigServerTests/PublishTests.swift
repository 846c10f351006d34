import LinuxSystem
import OrderedCollections
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// How packages come into the store, and how not.
struct PublishTests {
    private static let place = "/v1/packages/tool/1.0-1/any"

    private func put(
        _ server: TestServer, _ path: String, _ body: [UInt8], digest: Digest? = nil,
        token: String? = TestServer.publisher
    ) async throws -> HTTPResponse {
        var headers = [("Accept", "application/json")]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        if let digest { headers.append(("Roller-Digest", digest.rawValue)) }
        return try await server.send(.put, path, headers, body: .bytes(body))
    }

    private func publish(_ server: TestServer, _ package: TestPackage) async throws -> [Int] {
        [
            try await put(server, "\(Self.place)/archive", package.archive, digest: package.digest).status,
            try await put(server, "\(Self.place)/manifest", package.manifest).status,
        ]
    }

    /// Nothing is visible of the package, and nothing of it is left below `packages/`.
    private func expectNothing(_ server: TestServer, leftovers: Int = 0) async throws {
        #expect(try await server.get(Self.place).status == 404)
        #expect(try await server.get("\(Self.place)/archive").status == 404)
        #expect(try await server.get("/v1/packages").text == "[]\n")
        let pending = try Directory.open(server.store.appending("pending")).entries()
        #expect(pending.count == leftovers, "\(pending)")
    }

    @Test func aPackageExistsOnceItsManifestIsThere() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            let sent = try await put(server, "\(Self.place)/archive", package.archive, digest: package.digest)
            #expect(sent.status == 201)
            try await expectNothing(server, leftovers: 1)
            #expect(try await put(server, "\(Self.place)/manifest", package.manifest).status == 201)

            let manifest = try await server.get(Self.place)
            #expect(manifest.body == package.manifest)
            #expect(manifest.headers["Content-Type"] == "text/plain; charset=utf-8")
            #expect(manifest.headers["ETag"] == "\"\(Digest(of: package.manifest).hex)\"")
            #expect(try await server.get("\(Self.place)/manifest").body == package.manifest)
            let archive = try await server.get("\(Self.place)/archive")
            #expect(archive.body == package.archive)
            #expect(archive.headers["Roller-Digest"] == package.digest.rawValue)
            #expect(try await server.get("/v1/packages").text == "- tool\n")
            #expect(
                try await server.get("/v1/packages/tool?format=json").json()
                    == .list([.map(["platforms": .list([.string("any")]), "version": .string("1.0-1")])]))
            #expect(try Directory.open(server.store.appending("pending")).entries().isEmpty)
        }
    }

    @Test func theSameBytesAgainAreFine() async throws {
        let package = try TestPackage()
        try await TestServer.with { server async throws in
            #expect(try await publish(server, package) == [201, 201])
            #expect(try await publish(server, package) == [200, 200])
        }
    }

    /// How the bytes of an archive can be lost.
    enum Damage: CaseIterable {
        case otherBytes, cutShort, gone
    }

    @Test(arguments: Damage.allCases)
    func aDamagedArchiveIsMendedByPublishingItAgain(_ damage: Damage) async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            #expect(try await publish(server, package) == [201, 201])
            let place = try Directory.open(server.store.appending("packages/tool/1.0-1/any"))
            var bytes = package.archive
            switch damage {
            case .otherBytes: bytes[bytes.count / 2] ^= 1
            case .cutShort: bytes.removeLast()
            case .gone: break
            }
            try place.remove("archive")
            if damage != .gone { try place.createFile("archive", permissions: 0o644, bytes: bytes) }
            #expect(try await publish(server, package) == [201, 200])
            let served = try await server.get("\(Self.place)/archive")
            #expect(served.status == 200)
            #expect(served.body == package.archive)
            #expect(try await publish(server, package) == [200, 200])
            #expect(try Directory.open(server.store.appending("pending")).entries().isEmpty)
        }
    }

    @Test func anArchiveSentTwiceBeforeItsManifestIsFine() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            for _ in 0..<2 {
                let sent = try await put(server, "\(Self.place)/archive", package.archive, digest: package.digest)
                #expect(sent.status == 201)
            }
            #expect(try await put(server, "\(Self.place)/manifest", package.manifest).status == 201)
        }
    }

    @Test func otherBytesUnderTheSameNameAreRefusedWithBothDigests() async throws {
        let (first, second) = (try TestPackage(), try TestPackage(contents: "other\n"))
        try await TestServer.with { server in
            _ = try await publish(server, first)
            for answer in [
                try await put(server, "\(Self.place)/archive", second.archive, digest: second.digest),
                try await put(server, "\(Self.place)/manifest", second.manifest),
            ] {
                #expect(answer.status == 409)
                #expect(try answer.json()["existing"]?["archive"] == .string(first.digest.rawValue))
                #expect(try answer.json()["offered"]?["archive"] == .string(second.digest.rawValue))
            }
            #expect(try await server.get(Self.place).body == first.manifest)
            #expect(try await server.get("\(Self.place)/archive").body == first.archive)
        }
    }

    @Test func withoutTheRightTokenNothingIsTaken() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            for (token, status) in [(nil, 401), ("wrong", 401), (TestServer.refresher, 403)] {
                let archive = try await put(
                    server, "\(Self.place)/archive", package.archive, digest: package.digest, token: token)
                #expect(archive.status == status)
                #expect((archive.headers["WWW-Authenticate"] == "Bearer") == (status == 401))
                let manifest = try await put(server, "\(Self.place)/manifest", package.manifest, token: token)
                #expect(manifest.status == status)
            }
            try await expectNothing(server)
        }
    }

    @Test func anArchiveThatIsNotWhatWasAnnouncedIsRefused() async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            let wrong = try await put(server, "\(Self.place)/archive", package.archive, digest: Digest(of: "other"))
            #expect(wrong.status == 422)
            #expect(try wrong.json()["kind"] == .string("digest"))
            #expect(try await put(server, "\(Self.place)/archive", package.archive).status == 400)
            try await expectNothing(server)
            let manifest = try await put(server, "\(Self.place)/manifest", package.manifest)
            #expect(manifest.status == 422)
            #expect(try manifest.json()["kind"] == .string("archive-missing"))
        }
    }

    @Test(arguments: [
        ("/v1/packages/other/1.0-1/any", "manifest"), ("/v1/packages/tool/1.0-2/any", "manifest"),
        ("/v1/packages/tool/1.0-1/debian-12-x86_64", "manifest"),
    ])
    func aManifestOfAnotherPackageIsRefused(_ place: String, _ kind: String) async throws {
        let package = try TestPackage()
        try await TestServer.with { server in
            _ = try await put(server, "\(place)/archive", package.archive, digest: package.digest)
            let answer = try await put(server, "\(place)/manifest", package.manifest)
            #expect(answer.status == 422)
            #expect(try answer.json()["kind"] == .string(kind))
            #expect(try await server.get(place).status == 404)
        }
    }

    /// Ways in which a manifest can lie about its archive.
    enum Lie: CaseIterable {
        case lessThanThereIs, moreThanThereIs, mode, size, contents, target, kind
    }

    @Test(arguments: Lie.allCases)
    func aManifestThatDoesNotFitItsArchiveIsRefused(_ lie: Lie) async throws {
        let package = try TestPackage { entries in
            entries.compactMap { entry in
                switch (lie, entry.kind) {
                case (.lessThanThereIs, .symlink): nil
                case (.mode, .directory): .init(path: entry.path, kind: .directory(permissions: 0o700))
                case (.mode, .file(_, let size, let digest)):
                    .init(path: entry.path, kind: .file(permissions: 0o4755, size: size, digest: digest))
                case (.size, .file(let mode, let size, let digest)):
                    .init(
                        path: entry.path,
                        kind: .file(permissions: mode, size: ByteCount(size.bytes + 1), digest: digest))
                case (.contents, .file(let mode, let size, _)):
                    .init(path: entry.path, kind: .file(permissions: mode, size: size, digest: Digest(of: "lie")))
                case (.target, .symlink): .init(path: entry.path, kind: .symlink(target: "other"))
                case (.kind, .symlink): .init(path: entry.path, kind: .directory(permissions: 0o755))
                default: entry
                }
            }
                + (lie == .moreThanThereIs
                    ? [TreePath("more").map { .init(path: $0, kind: .directory(permissions: 0o755)) }].compactMap { $0 }
                    : [])
        }
        try await TestServer.with { server in
            let sent = try await put(server, "\(Self.place)/archive", package.archive, digest: package.digest)
            #expect(sent.status == 201)
            let answer = try await put(server, "\(Self.place)/manifest", package.manifest)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(try answer.json()["kind"] == .string("archive"))
            try await expectNothing(server, leftovers: 1)
        }
    }

    @Test func whatIsNoArchiveOrNoManifestIsRefused() async throws {
        let good = try TestPackage()
        let junk = Array("this is no tarball".utf8)
        let text = String(decoding: good.manifest, as: UTF8.self)
            .replacing(good.digest.rawValue, with: Digest(of: junk).rawValue)
            .replacing("size: \(good.archive.count)", with: "size: \(junk.count)")
        try await TestServer.with { server in
            #expect(try await put(server, "\(Self.place)/archive", junk, digest: Digest(of: junk)).status == 201)
            let answer = try await put(server, "\(Self.place)/manifest", Array(text.utf8))
            #expect(answer.status == 422, "\(answer.text)")
            for bad in ["", "manifest: 1\n", "\0"] {
                #expect(try await put(server, "\(Self.place)/manifest", Array(bad.utf8)).status == 422)
            }
            try await expectNothing(server, leftovers: 1)
        }
    }

    @Test func anArchiveBeyondTheLimitIsRefused() async throws {
        let package = try TestPackage(contents: "more than a few bytes")
        try await TestServer.with(configure: { $0.archiveLimit = ByteCount(50) }) { server in
            let answer = try await put(server, "\(Self.place)/archive", package.archive, digest: package.digest)
            #expect(answer.status == 413)
            try await expectNothing(server)
        }
    }

    @Test(arguments: [
        "/v1/packages/UP/1/any", "/v1/packages/a/.x/any", "/v1/packages/a/1/ANY", "/v1/packages/../1/any",
    ])
    func aNameThatCannotBeOneIsABadRequest(_ place: String) async throws {
        let package = try TestPackage()
        try await TestServer.with { server async throws in
            #expect(try await put(server, "\(place)/archive", package.archive, digest: package.digest).status == 400)
            #expect(try await put(server, "\(place)/manifest", package.manifest).status == 400)
        }
    }

    @Test func ofTwoPublishersOneWinsWhole() async throws {
        let packages = [try TestPackage(contents: "one\n"), try TestPackage(contents: "two\n")]
        try await TestServer.with { server in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for package in packages {
                    tasks.addTask {
                        // A client of its own: one sends one request at a time.
                        let client = try HTTPClient(options: TransferOptions(proxy: .direct))
                        let token = [(name: "Authorization", value: "Bearer \(TestServer.publisher)")]
                        _ = try await client.send(
                            HTTPRequest(
                                url: "\(server.base)\(Self.place)/archive", method: .put,
                                headers: token + [(name: "Roller-Digest", value: package.digest.rawValue)],
                                body: .bytes(package.archive)))
                        return try await client.send(
                            HTTPRequest(
                                url: "\(server.base)\(Self.place)/manifest", method: .put, headers: token,
                                body: .bytes(package.manifest))
                        ).status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [201, 409])
            let manifest = try await server.get(Self.place).body
            let archive = try await server.get("\(Self.place)/archive").body
            #expect(packages.contains { $0.manifest == manifest && $0.archive == archive })
        }
    }

    /// The client goes away in the middle of the body, at several places of it.
    @Test(arguments: [0, 1, 100_000, 900_000])
    func anUploadThatIsCutLeavesNothingVisible(_ sent: Int) async throws {
        let body = [UInt8](repeating: 7, count: 1_000_000)
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT \(Self.place)/archive HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(TestServer.publisher)\r\n"
                    + "Roller-Digest: \(Digest(of: body))\r\nContent-Length: \(body.count)\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            #expect(try await connection.receiveHead().hasPrefix("HTTP/1.1 100"))
            try await connection.send(Array(body[..<sent]))
            connection.reset()
            // The server removes what it has when it notices; the next request may come before that.
            for _ in 0..<1000 where try !Directory.open(server.store.appending("pending")).entries().isEmpty {
                _ = try await server.get("/healthz")
            }
            try await expectNothing(server)
        }
    }

    @Test func aRefusalComesBeforeTheBodyIsSent() async throws {
        try await TestServer.with { server in
            let connection = try RawConnection(port: server.port)
            try await connection.send(
                "PUT \(Self.place)/archive HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000000\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            let answer = try await connection.receiveHead()
            #expect(answer.hasPrefix("HTTP/1.1 401"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func whatAnUploadLeftBehindIsRemovedAfterADay() async throws {
        try await TestServer.with { server in
            let pending = try Directory.open(server.store.appending("pending"))
            try pending.createFile("receiving-1", permissions: 0o644, bytes: [1])
            try pending.makeDirectory("staging-1")
            try pending.openDirectory("staging-1").createFile("archive", permissions: 0o644, bytes: [1])
            let store = try PackageStore(server.store)
            #expect(try store.removeLeftovers(now: .now) == 0)
            #expect(try store.removeLeftovers(now: UTCTime(seconds: UTCTime.now.seconds + 86_402)) == 2)
            #expect(try pending.entries().isEmpty)
        }
    }

    /// What a publisher leaves who is killed after making the version's directory, and before the package has its name.
    @Test func aVersionWithoutAnyPackageIsNotListed() async throws {
        try await TestServer.with { server in
            try Directory.open(server.store).makeDirectories("packages/tool/1.0-1")
            try await expectNothing(server)
            #expect(try await server.get("/v1/packages/tool").status == 404)
            #expect(try await publish(server, TestPackage()) == [201, 201])
        }
    }

    @Test func aPackageThatHostsNeedAndThatHasNotArrivedIsReplicating() async throws {
        let package = try TestPackage()
        let lock = Lock([
            .init(
                name: try #require(PackageName("tool")), version: try #require(PackageVersion("1.0-1")),
                builds: [
                    .init(
                        platform: .any, archive: package.digest, size: ByteCount(Int64(package.archive.count)),
                        manifest: Digest(of: package.manifest))
                ])
        ])
        try await TestServer.with(prepare: { repository in
            try repository.write(
                "hostclasses/web.yml",
                "packages: {tool: 1.0-1}\nsettings: {workers: 4, port: 8080}\nrequired: {ntp: list}\n")
            try repository.write("hostclasses/web.lock.yml", lock.text)
            try await repository.commit("a package")
            try await repository.git("tag", "web@2")
            try repository.writeHost("web-01", release: "web@2")
            try await repository.commit("web@2")
        }) { server in
            for path in [Self.place, "\(Self.place)/archive"] {
                let answer = try await server.get(path, ("Accept", "application/json"))
                #expect(answer.status == 503)
                #expect(answer.headers["Retry-After"] == "2")
                #expect(try answer.json()["kind"] == .string("replicating"))
            }
            #expect(try await server.get("/v1/packages/tool/1.0-2/any").status == 404)
            #expect(try await publish(server, package) == [201, 201])
            #expect(try await server.get(Self.place).status == 200)
        }
    }
}
