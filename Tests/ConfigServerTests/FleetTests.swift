import RollerCore
import Testing
import Transfer

@testable import ConfigServer

struct FleetTests {
    /// What the server would give a host now.
    private func bundle(of host: String, _ server: TestServer) async throws -> Digest {
        let response = try await server.get("/v1/hosts/\(host)/bundle")
        return try #require(response.headers["Roller-Bundle-Digest"].flatMap { Digest($0) })
    }

    private func fleet(_ server: TestServer, _ query: String = "") async throws -> FleetOverview {
        let response = try await server.get("/v1/fleet\(query)", ("Accept", "application/json"))
        #expect(response.status == 200, "\(response.text)")
        return try readJSON(response.body, as: FleetOverview.self)
    }

    /// The fleet once it is made out what each host is to get.
    private func known(_ server: TestServer, _ query: String = "") async throws -> FleetOverview {
        for _ in 0..<500 {
            let report = try await fleet(server, query)
            if report.known == report.buckets.total { return report }
            try await Task.sleep(for: .milliseconds(10))  // beside the requests, on the server's own time
        }
        throw TestRepository.Failed(description: "the bundles were not made out")
    }

    @Test func aHostConvergesWithExactlyItsBundleAndFallsBehindWithTheNext() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            #expect(try await known(server).buckets[.silent] == 2)
            let digest = try await bundle(of: "web-01.example.com", server)
            #expect(try await server.post(receipt("1-a") { $0.bundle = digest }).status == 201)
            let converged = try await known(server)
            #expect(converged.buckets[.converged] == 1)
            #expect(converged.buckets[.silent] == 1)

            try server.repository.writeHost("web-01", release: "web@1", workers: 9)
            try await server.repository.commit("more workers")
            try await server.refresh()
            let behind = try await known(server)
            #expect(behind.buckets[.behind] == 1, "\(behind)")
            #expect(behind.buckets[.converged] == 0)
        }
    }

    @Test func anotherHostsBundleIsNotOnesOwn() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            let other = try await bundle(of: "web-02.example.com", server)
            #expect(try await server.post(receipt("1-a") { $0.bundle = other }).status == 201)
            #expect(try await known(server).buckets[.behind] == 1)
        }
    }

    @Test func filtersCountTheirHostsAlone() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            #expect(try await known(server, "?hostclass=web&datacenter=snc1&release=web@1").buckets.total == 2)
            #expect(try await known(server, "?release=web@2").buckets.total == 0)
            #expect(try await known(server, "?bucket=failed").hosts.isEmpty)
            #expect(try await known(server, "?bucket=failed,silent&limit=1").next != nil)
            #expect(try await server.get("/v1/fleet?hostclass=wep").status == 404)
            #expect(try await server.get("/v1/fleet?bucket=lost").status == 400)
            for limit in ["-1", "+1", "", "10001", "x"] {
                #expect(try await server.get("/v1/fleet?limit=\(limit)").status == 400, "\(limit)")
            }
        }
    }

    @Test(arguments: ["/v1/fleet?bucket=silent,behind", "/v1/receipts?format=json"])
    func linksLeadThroughWholeLists(_ path: String) async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            for host in ["web-01", "web-02"] {
                #expect(
                    try await server.post(receipt("1-a") { $0.host = HostName("\(host).example.com") }).status == 201)
            }
            let first = try await server.get("\(path)&limit=1", ("Accept", "application/json"))
            let link = try #require(first.headers["Link"])
            #expect(first.text.contains("web-01.example.com") && !first.text.contains("web-02.example.com"))
            let target = try #require(link.split(separator: ">").first).dropFirst()
            let second = try await server.get(String(target), ("Accept", "application/json"))
            #expect(second.headers["Link"] == nil)
            #expect(!second.text.contains("web-01.example.com") && second.text.contains("web-02.example.com"))
        }
    }

    @Test func whatDidNotChangeIsNotSentAgain() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            _ = try await known(server)
            let first = try await server.get("/v1/fleet")
            let tag = try #require(first.headers["ETag"])
            #expect(try await server.get("/v1/fleet", ("If-None-Match", tag)).status == 304)
            #expect(try await server.post(receipt("1-a")).status == 201)
            #expect(try await server.get("/v1/fleet", ("If-None-Match", tag)).status == 200)
        }
    }

    @Test func peopleGetWords() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            #expect(
                try await server.post(
                    receipt("1-a") {
                        $0.exit = .rolledBack; $0.failure = "no\nway"
                    }
                ).status == 201)
            _ = try await known(server)
            let text = try await server.get("/v1/fleet?format=text").text
            #expect(text.contains("1 rolled-back, 1 silent"), "\(text)")
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
        }
    }
}
