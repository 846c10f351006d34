import Gzip
import OrderedCollections
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// What is said of hosts, classes and datacenters, and how.
struct ViewTests {
    private static let bundle = "/v1/hosts/web-01.example.com/bundle"

    @Test func aBundleIsItsDigestAndIsSentOnce() async throws {
        try await TestServer.with { server in
            let first = try await server.get(Self.bundle, ("Accept", "application/json"))
            #expect(first.status == 200)
            let digest = Digest(of: first.body)
            #expect(first.headers["ETag"] == "\"\(digest.hex)\"")
            #expect(first.headers["Roller-Bundle-Digest"] == digest.rawValue)
            #expect(try Bundle.read(first.body).json == first.body)
            let second = try await server.get(
                Self.bundle, ("Accept", "application/json"), ("If-None-Match", "\"\(digest.hex)\""))
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
            #expect(second.headers["ETag"] == "\"\(digest.hex)\"")
            #expect(second.headers["Roller-Bundle-Digest"] == digest.rawValue)
            let head = try await server.repository.git("rev-parse", "HEAD")
            for answer in [first, second] {
                #expect(answer.headers["Roller-Revision"] == head)
                #expect(answer.headers["Roller-Snapshot-Age"].flatMap { Int($0) } != nil)
            }
        }
    }

    @Test func eachRepresentationHasItsOwnTag() async throws {
        try await TestServer.with { server in
            // Long enough that compressing it makes sense.
            try server.repository.write("files/web/etc/long", String(repeating: "many words\n", count: 500))
            try await server.repository.commit("long")
            try await server.repository.git("tag", "web@2")
            try server.repository.writeHost("web-01", release: "web@2")
            try await server.repository.commit("web@2")
            try await server.refresh()
            var tags: Set<String> = []
            for format in ["json", "yaml"] {
                let plain = try await server.get("\(Self.bundle)?format=\(format)")
                let packed = try await server.get("\(Self.bundle)?format=\(format)", ("Accept-Encoding", "gzip"))
                #expect(plain.headers["Vary"] == "Accept, Accept-Encoding")
                #expect(packed.headers["Content-Encoding"] == "gzip")
                #expect(try Gzip.decompress(packed.body, limit: 1 << 20) == plain.body)
                for answer in [plain, packed] {
                    let tag = try #require(answer.headers["ETag"])
                    tags.insert(tag)
                    // Whoever has either has it all.
                    for encoding in ["gzip", "identity"] {
                        let again = try await server.get(
                            "\(Self.bundle)?format=\(format)", ("If-None-Match", "\"x\", \(tag)"),
                            ("Accept-Encoding", encoding))
                        #expect(again.status == 304)
                        #expect(again.headers["ETag"] == tag)
                    }
                }
            }
            #expect(tags.count == 4)
            let other = try await server.get("\(Self.bundle)?format=yaml")
            let crossed = try await server.get(
                "\(Self.bundle)?format=json", ("If-None-Match", try #require(other.headers["ETag"])))
            #expect(crossed.status == 200)
        }
    }

    @Test func aBundlesTagStaysWhereACommitDoesNotTouchTheHost() async throws {
        try await TestServer.with { server in
            let before = try await server.get(Self.bundle, ("Accept", "application/json"))
            try server.repository.writeHost("web-02", release: "web@1", workers: 9)
            try await server.repository.commit("another host")
            try await server.refresh()
            let after = try await server.get(
                Self.bundle, ("Accept", "application/json"), ("If-None-Match", before.headers["ETag"] ?? ""))
            #expect(after.status == 304)
            #expect(after.headers["Roller-Revision"] != before.headers["Roller-Revision"])
        }
    }

    @Test func aHostsFileComesByteForByte() async throws {
        let text = "# a comment\nhostclass: web@1   # kept\ndatacenter: snc1\n"
        try await TestServer.with(prepare: { repository in
            try repository.write("hosts/web-03.example.com.yml", text)
            try await repository.commit("comments")
        }) { server in
            let file = try await server.get("/v1/hosts/web-03.example.com")
            #expect(file.text == text)
            #expect(file.headers["Content-Type"] == "application/yaml")
            let json = try await server.get("/v1/hosts/web-03.example.com?format=json")
            #expect(try json.json()["hostclass"] == .string("web@1"))
        }
    }

    @Test func everyEffectiveValueSaysWhereItIsFrom() async throws {
        try await TestServer.with { server in
            let answer = try await server.get("/v1/hosts/web-01.example.com/effective?format=json").json()
            let head = try await server.repository.git("rev-parse", "HEAD")
            #expect(
                answer["workers"]
                    == .map([
                        "file": .string("hosts/web-01.example.com.yml"), "level": .string("host"), "line": .int(3),
                        "outranked": .list([
                            .map([
                                "file": .string("hostclasses/web.yml"), "level": .string("hostclass"), "line": .int(1),
                                "revision": .string(head),
                            ])
                        ]),
                        "revision": .string(head), "value": .int(8),
                    ]))
            #expect(answer["ntp"]?["level"] == .string("datacenter"))
        }
    }

    @Test func renderedFilesCanBeReadOneByOne() async throws {
        try await TestServer.with { server in
            let list = try await server.get("/v1/hosts/web-01.example.com/files?format=json").json()
            let file = try await server.get("/v1/hosts/web-01.example.com/files/etc/web.conf")
            let encoded = try await server.get("/v1/hosts/web-01.example.com/files/etc%2Fweb.conf")
            #expect(encoded.body == file.body)
            #expect(file.text == "workers 8 on web-01.example.com\n")
            guard case .list(let entries) = list else {
                Issue.record("\(list)")
                return
            }
            #expect(entries.map { $0["path"] } == [.string("etc/motd"), .string("etc/web.conf")])
            #expect(entries.last?["digest"] == .string(Digest(of: file.body).rawValue))
        }
    }

    @Test func hostsCanBeListedByClassAndDatacenter() async throws {
        try await TestServer.with(prepare: { repository in
            try repository.write("datacenters/snc2.yml", "platform: debian-12-x86_64\nsettings: {ntp: []}\n")
            try repository.write("hosts/db-01.example.com.yml", "hostclass: web@1\ndatacenter: snc2\n")
            try await repository.commit("another datacenter")
        }) { server async throws in
            let names = { (path: String) async throws -> [String] in
                guard case .list(let hosts) = try await server.get(path).json() else { return [] }
                return hosts.compactMap { if case .string(let name)? = $0["name"] { name } else { nil } }
            }
            let all = ["db-01.example.com", "web-01.example.com", "web-02.example.com"]
            #expect(try await names("/v1/hosts?format=json") == all)
            #expect(try await names("/v1/hosts?format=json&hostclass=web&datacenter=snc2") == ["db-01.example.com"])
            #expect(try await names("/v1/datacenters/snc2/hosts?format=json") == ["db-01.example.com"])
            #expect(try await names("/v1/hostclasses/web/hosts?format=json") == all)
            #expect(try await names("/v1/hostclasses/web@1/hosts?format=json") == all)
            #expect(try await server.get("/v1/hosts?hostclass=wep").status == 404)
        }
    }

    @Test func aClassCanBeReadAsItWasAtARelease() async throws {
        try await TestServer.with { server in
            try server.repository.write(
                "hostclasses/web.yml", "settings: {workers: 5, port: 8080}\nrequired: {ntp: list}\n")
            try server.repository.write("files/web/etc/motd", "changed\n")
            let head = try await server.repository.commit("change the class")
            try await server.refresh()
            let (now, then) = (
                try await server.get("/v1/hostclasses/web"), try await server.get("/v1/hostclasses/web@1")
            )
            #expect(now.text.contains("workers: 5"))
            #expect(then.text.contains("workers: 4"))
            #expect(now.headers["Roller-Revision"] == head)
            #expect(then.headers["Roller-Revision"] == (try await server.repository.git("rev-parse", "HEAD~1")))
            let byCommit = try await server.get("/v1/hostclasses/web@\(head)")
            #expect(byCommit.text == now.text)
            let tars = [
                try await server.get("/v1/hostclasses/web/files.tar"),
                try await server.get("/v1/hostclasses/web@1/files.tar"),
                try await server.get("/v1/hostclasses/web/files.tar?at=HEAD~1"),
            ]
            #expect(tars.allSatisfy { $0.status == 200 })
            #expect(tars[0].body != tars[1].body)
            #expect(tars[1].body == tars[2].body)
            #expect(try await server.get("/v1/hostclasses/web/files.tar").body == tars[0].body)
        }
    }

    @Test func releasesOfAClassAreListed() async throws {
        try await TestServer.with { server in
            try await server.repository.git("tag", "web@2")
            try await server.repository.git("tag", "other@1")
            let releases = try await server.get("/v1/hostclasses/web/releases?format=json").json()
            let head = try await server.repository.git("rev-parse", "HEAD")
            let time = Value.string("2023-11-14T22:13:21Z")
            #expect(
                releases
                    == .list([
                        .map([
                            "commit": .string(head), "message": .string("the first release\n"),
                            "name": .string("web@1"),
                            "time": time,
                        ]),
                        .map(["commit": .string(head), "message": .string(""), "name": .string("web@2"), "time": time]),
                    ]))
        }
    }

    @Test(arguments: [
        ("/v1/hosts/web-03.example.com", "host", "did you mean"), ("/v1/hosts/WEB", "host", nil),
        ("/v1/hosts/web-03.example.com/bundle", "host", "did you mean"), ("/v1/hostclasses/wep", "hostclass", "'web'"),
        ("/v1/hostclasses/web@11", "release", "'web@1'"), ("/v1/hostclasses/web@", "release", nil),
        ("/v1/hostclasses/nope/releases", "hostclass", nil), ("/v1/datacenters/snc2", "datacenter", "'snc1'"),
        ("/v1/hosts/web-01.example.com/files/etc/web.con", "file", "'etc/web.conf'"),
        ("/v1/hosts/web-01.example.com/files/../../roller.yml", "file", nil),
        ("/v1/packages/nope", "package", nil), ("/v1/packages/nope/1/any", "package", nil),
        ("/v1/packages/UPPER/1/any/archive", "package", nil), ("/v1/hosts?at=no-such-branch", "revision", nil),
        ("/v1/hosts//bundle", "host", nil), ("//v1/hosts", "path", nil), ("/v1/hosts/", "host", nil),
        ("/v2", "path", nil), ("/v1/../v1/hosts", "path", nil), ("/.git/config", "path", nil),
    ])
    func anUnknownNameIsNotFoundWithAHint(_ path: String, _ kind: String, _ hint: String?) async throws {
        try await TestServer.with { server in
            let answer = try await server.get(path, ("Accept", "application/json"))
            #expect(answer.status == 404)
            #expect(try answer.json()["kind"] == .string(kind))
            if let hint {
                guard case .string(let found)? = try answer.json()["hint"] else {
                    Issue.record("no hint: \(answer.text)")
                    return
                }
                #expect(found.contains(hint))
            }
            #expect(ServerRefusal.read(try await server.get(path).body)?.kind == kind, "the same in YAML")
        }
    }

    @Test(arguments: [
        "/v1/hosts?at=", "/v1/hosts?at=:/first", "/v1/hosts?at=a..b", "/v1/hosts?format=xml", "/v1/hosts?unknown=1",
        "/v1/hosts?format=json&format=json", "/v1/packages?at=HEAD", "/v1/hosts/..%2f..%2fetc%2fpasswd",
        "/v1/hosts/%00", "/v1/hostclasses/web@1?at=HEAD",
    ])
    func whatMakesNoSenseIsABadRequest(_ path: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.get(path, ("Accept", "application/json"))
            #expect(answer.status == 400, "\(answer.text)")
            #expect(try answer.json()["message"] != nil)
        }
    }

    @Test func aMethodThatDoesNotWorkNamesThoseThatDo() async throws {
        try await TestServer.with { server in
            let deleted = try await server.send(.delete, "/v1/hosts")
            #expect(deleted.status == 405)
            #expect(deleted.headers["Allow"] == "GET, HEAD")
            #expect(try await server.send(.put, "/v1/packages/a/1/any", body: .bytes([1])).status == 405)
            #expect(try await server.get("/v1/refresh").headers["Allow"] == "POST")
        }
    }

    @Test(arguments: ["/v1/hosts", "/v1/hosts/web-01.example.com/bundle", "/", "/metrics"])
    func headIsGetWithoutItsBody(_ path: String) async throws {
        try await TestServer.with { server in
            let (get, head) = (try await server.get(path), try await server.send(.head, path))
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.headers["Content-Type"] == get.headers["Content-Type"])
            if path.hasPrefix("/v1") {
                #expect(head.headers["ETag"] == get.headers["ETag"])
                #expect(head.headers["Content-Length"] == "\(get.body.count)")
            }
        }
    }

    @Test func peopleGetAPageThatSaysWhatIsServed() async throws {
        try await TestServer.with { server in
            let page = try await server.get("/")
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.text.contains(try await server.repository.git("rev-parse", "HEAD")))
        }
    }

    @Test func requestsAreCountedByRouteAndStatus() async throws {
        try await TestServer.with { server in
            _ = try await server.get("/v1/hosts/web-01.example.com")
            _ = try await server.get("/v1/hosts/nope")
            let metrics = try await server.get("/metrics").text
            for status in [200, 404] {
                let labels = #"{route="/v1/hosts/{host}",method="GET",status="\#(status)"}"#
                #expect(metrics.contains("roller_http_requests_total\(labels) 1\n"))
            }
            #expect(metrics.contains("roller_snapshot_ready 1\n"))
            #expect(metrics.contains("roller_snapshot_hosts 2\n"))
        }
    }
}
