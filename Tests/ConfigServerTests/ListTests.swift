import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// Lists, whole and in parts.
struct ListTests {
    private static func manyHosts(_ repository: TestRepository) async throws {
        for number in 3...9 { try repository.writeHost("web-0\(number)", release: "web@1") }
        try await repository.commit("more hosts")
    }

    @Test func aListComesInPartsThatLeadToTheNext() async throws {
        try await TestServer.with(prepare: Self.manyHosts) { server async throws in
            var path: String? = "/v1/hosts?format=json&hostclass=web&limit=4"
            var seen: [[String]] = []
            while let next = path, seen.count < 9 {
                let answer = try await server.get(next)
                #expect(answer.headers["Roller-Total-Count"] == "9")
                seen.append(try await server.names(next))
                path = answer.headers["Link"].map { link in
                    #expect(link.hasSuffix(">; rel=\"next\""))
                    return String(link.dropFirst().prefix { $0 != ">" })
                }
            }
            #expect(seen.map(\.count) == [4, 4, 1])
            #expect(try await server.names("/v1/hosts?format=json") == seen.flatMap { $0 })
        }
    }

    /// A part begins behind a name, whether there is one of that name or not, so that one may go between two requests.
    @Test func aPartBeginsBehindANameThatIsGone() async throws {
        try await TestServer.with(prepare: Self.manyHosts) { server async throws in
            let part = try await server.names("/v1/hosts?format=json&after=web-07.z&limit=1")
            #expect(part == ["web-08.example.com"])
            #expect(try await server.names("/v1/hosts?format=json&after=zzz") == [])
        }
    }

    @Test(arguments: [
        "/v1/hosts", "/v1/hostclasses", "/v1/datacenters", "/v1/hostclasses/web/hosts", "/v1/hostclasses/web@1/hosts",
        "/v1/hostclasses/web/releases", "/v1/datacenters/snc1/hosts", "/v1/packages", "/v1/users", "/v1/groups",
    ])
    func everyListSaysHowLongItIsAndRefusesNonsense(_ path: String) async throws {
        try await TestServer.with { server async throws in
            let whole = try await server.get("\(path)?format=json")
            #expect(whole.headers["Roller-Total-Count"] == "\(try await server.names("\(path)?format=json").count)")
            for query in ["limit=0", "limit=1001", "limit=-1", "limit=%2B1", "limit=x", "after=%C2%84", "page=2"] {
                let refused = try await server.get("\(path)?\(query)", ("Accept", "application/json"))
                #expect(refused.status == 400, "\(query)")
                #expect(try refused.json()["kind"] == .string("parameter"))
            }
        }
    }

    @Test func hostsCanBeListedByReleaseAndPlatform() async throws {
        try await TestServer.with(prepare: { repository in
            try repository.write(
                "hosts/arm-01.example.com.yml",
                "hostclass: web@1\ndatacenter: snc1\nplatform: debian-12-aarch64\n")
            try await repository.commit("another platform")
        }) { server async throws in
            #expect(
                try await server.names("/v1/hosts?format=json&platform=debian-12-aarch64") == ["arm-01.example.com"])
            #expect(try await server.names("/v1/hosts?format=json&release=web@1").count == 3)
            let unknown = try await server.get("/v1/hosts?release=web@2", ("Accept", "application/json"))
            #expect(unknown.status == 404)
            #expect(try unknown.json()["hint"] == .string("did you mean 'web@1'?"))
        }
    }
}
