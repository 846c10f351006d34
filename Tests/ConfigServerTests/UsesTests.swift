import OrderedCollections
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// From a name to what has to do with it.
struct UsesTests {
    private static func people(_ repository: TestRepository) async throws {
        try repository.write("users/ann.yml", "uid: 2001\n")
        try repository.write("groups/web.yml", "gid: 3001\nmembers: [ann]\n")
        try repository.write(
            "hostclasses/web.yml",
            "settings: {workers: 4, port: 8080}\nrequired: {ntp: list}\naccess: {login: [web]}\n")
        try await repository.commit("people")
        try await repository.git("tag", "web@2")
        try repository.writeHost("web-02", release: "web@2")
        try await repository.commit("web@2")
    }

    @Test(arguments: [
        ("setting=workers", 2), ("file=etc/web.conf", 2), ("file=/usr/local/etc/motd", 2),
        ("file=files/web/etc/motd", 2), ("user=ann", 1), ("group=web", 1), ("release=web@1", 1), ("release=web@2", 1),
    ])
    func hostsAreCounted(_ question: String, _ count: Int) async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let answer = try await server.get("/v1/uses?\(question)&format=json").json()
            #expect(answer["count"] == .int(count))
            guard case .list(let hosts)? = answer["hosts"] else {
                Issue.record("no hosts")
                return
            }
            #expect(hosts.count == count)
        }
    }

    @Test func placesAreThoseThatWhereShows() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let answer = try await server.get("/v1/uses?setting=workers&format=json").json()
            guard case .list(let places)? = answer["places"] else {
                Issue.record("no places")
                return
            }
            #expect(places.first?["role"] == .string("declares"))
            #expect(places.first?["file"] == .string("hostclasses/web.yml"))
            #expect(places.contains { $0["role"] == .string("sets") && $0["line"] == .int(3) })
        }
    }

    @Test(arguments: [
        ("setting=workerz", "setting", "did you mean 'workers'?"),
        ("release=web@3", "release", "did you mean 'web@1'?"),
        ("user=an", "user", "did you mean 'ann'?"), ("file=etc/mod", "file", "did you mean 'etc/motd'?"),
    ])
    func whatNobodyKnowsIsNotFound(_ question: String, _ kind: String, _ hint: String) async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let answer = try await server.get("/v1/uses?\(question)&format=json")
            #expect(answer.status == 404)
            #expect(try answer.json()["kind"] == .string(kind))
            #expect(try answer.json()["hint"] == .string(hint))
        }
    }

    @Test(arguments: ["", "?user=ann&group=web", "?user=ann&version=1", "?usr=ann"])
    func aQuestionThatIsNoneIsRefused(_ query: String) async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            #expect(try await server.get("/v1/uses\(query)").status == 400)
        }
    }

    @Test func aSearchFindsNamesOfEveryKindTheBestFirst() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let answer = try await server.get("/v1/search?q=WEB&format=json").json()
            guard case .list(let hits)? = answer["hits"] else {
                Issue.record("no hits")
                return
            }
            let found = hits.compactMap { hit -> String? in
                guard case .string(let kind)? = hit["kind"], case .string(let name)? = hit["name"] else { return nil }
                return "\(kind) \(name)"
            }
            #expect(
                found == [
                    "hostclass web", "group web", "host web-01.example.com", "host web-02.example.com",
                    "file etc/web.conf",
                ])
            // Each leads somewhere.
            for case .string(let address)? in hits.map({ $0["href"] }) {
                #expect(try await server.get(address).status == 200, "\(address)")
            }
            let few = try await server.get("/v1/search?q=web&kind=host&limit=1&format=json").json()
            #expect(few["counts"] == .map(["host": .int(2)]))
            for query in ["", "?q=", "?q=x&kind=thing", "?q=x&limit=0"] {
                #expect(try await server.get("/v1/search\(query)").status == 400, "\(query)")
            }
        }
    }
}
