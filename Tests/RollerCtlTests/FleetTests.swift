import RollerCore
import SystemPackage
import Testing

@testable import RollerCtl

struct FleetTests {
    private static func fleet(_ counts: [FleetBucket: Int], hosts: [(String, FleetBucket)] = []) throws -> String {
        var buckets = FleetCounts()
        for (bucket, count) in counts { for _ in 0..<count { buckets.add(bucket) } }
        let revision = try #require(Revision(String(repeating: "a", count: 40)))
        let release = try #require(ReleaseReference("web@2"))
        let datacenter = try #require(DatacenterName("snc1"))
        var report = FleetOverview(
            [], at: revision, reports: [:], now: 0, silentAfter: 60, listing: .init(limit: 0))
        report.buckets = buckets
        report.known = buckets.total
        if buckets.total > 0 {
            report.hostclasses = [release.hostclass: buckets]
            report.datacenters = [datacenter: buckets]
            report.releases = [release: buckets]
        }
        let reason = "the check of 'web' failed: " + String(repeating: "no answer, ", count: 20)
        let entries = hosts.map { host, bucket in
            """
            {"host":"\(host)","bucket":"\(bucket.rawValue)","release":"web@2","datacenter":"snc1","applied":"web@1",
            "heard":\(noon - 300),"exit":14,"reason":"\(reason)"}
            """
        }.joined(separator: ",")
        report.hosts = try readJSON(Array("[\(entries)]".utf8), as: [FleetOverview.Entry].self)
        return String(decoding: report.asValue.json(), as: UTF8.self)
    }

    private func answer(_ status: String, _ body: String = "") -> ScriptedServer.Answer {
        ScriptedServer.Answer(status: status, body: body)
    }

    private func run(_ arguments: [String], _ answers: [ScriptedServer.Answer]) async throws -> (Run, [String]) {
        try await ScriptedServer.answering(answers) { server in
            let run = await rollerctl(arguments + ["--server", server.url], in: "/")
            return (run, server.requests.map(\.line))
        }
    }

    @Test func aFleetReadsWellInEightyColumns() async throws {
        let body = try Self.fleet(
            [.rolledBack: 1, .silent: 2, .converged: 7],
            hosts: [("web-03.snc1.example.com", .rolledBack), ("web-04.snc1.example.com", .silent)])
        let (run, requests) = try await run(["fleet", "--class", "web"], [answer("200 OK", body)])
        #expect(run.status == .found, "somebody should look: \(run.errors)")
        #expect(
            run.output.hasPrefix("10 hosts at aaaaaaaaaaaa: 1 rolled-back, 2 silent, 7 converged\n"), "\(run.output)")
        #expect(run.output.contains("rolled-back   web-03.snc1.example.com  5m ago\n"), "\(run.output)")
        #expect(run.output.contains("on web@1, to be web@2"), "\(run.output)")
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
        #expect(requests.first?.hasPrefix("GET /v1/fleet?hostclass=web&bucket=inconsistent,") == true, "\(requests)")
    }

    @Test func aFleetThatIsOnlyBehindIsNoFinding() async throws {
        let (run, _) = try await run(["fleet"], [answer("200 OK", try Self.fleet([.behind: 3, .held: 1]))])
        #expect(run.status == .fine, "\(run.errors)")
    }

    @Test func whatIsShownAsJSONIsWhatTheServerSaid() async throws {
        let body = try Self.fleet([.converged: 2])
        let (run, _) = try await run(["fleet", "--json"], [answer("200 OK", body)])
        #expect(try readJSON(Array(run.output.utf8), as: Value.self) == readJSON(Array(body.utf8), as: Value.self))
    }

    @Test func waitingEndsWhenAllHaveIt() async throws {
        let answers = [
            answer("200 OK", try Self.fleet([.behind: 2, .converged: 1])),
            answer("503 Restarting"),
            answer("200 OK", try Self.fleet([.unknown: 3])),
            answer("200 OK", try Self.fleet([.converged: 3])),
        ]
        let (run, requests) = try await run(["wait", "--class", "web", "--release", "2", "--in", "snc1"], answers)
        #expect(run.status == .fine, "\(run.errors)")
        #expect(run.errors == "web@2: all 3 hosts have it and are healthy, at aaaaaaaaaaaa\n")
        #expect(requests.count == 4)
        #expect(requests[0].contains("hostclass=web&datacenter=snc1&release=web@2&"), "\(requests)")
    }

    @Test(arguments: [[FleetBucket.converged: 2, .rolledBack: 1], [.converged: 9, .unknown: 1], [.held: 1], [:]])
    func whoHasItNotIsSaidWhenTimeIsUp(_ counts: [FleetBucket: Int]) async throws {
        let (run, _) = try await run(
            ["wait", "--class", "web", "--release", "web@2", "--timeout", "0s"],
            [answer("200 OK", try Self.fleet(counts))])
        #expect(run.status == .found, "\(run.errors)")
        #expect(run.errors.hasSuffix("time is up after 0s\n"), "\(run.errors)")
        for (bucket, count) in counts { #expect(run.output.contains("\(count) \(bucket.rawValue)"), "\(run.output)") }
        #expect(run.errors.contains("no host is to be on web@2") == counts.isEmpty)
    }

    @Test func aServerThatIsAwayAtTheEndIsNoSuccess() async throws {
        let run = await rollerctl(
            ["wait", "--class", "web", "--release", "2", "--timeout", "0s", "--server", "http://127.0.0.1:1"], in: "/")
        #expect(run.status == .found)
        #expect(run.errors.contains("at the end the server did not answer"), "\(run.errors)")
    }

    @Test func aClassThatIsNotThereIsNotWaitedFor() async throws {
        let (run, requests) = try await run(
            ["wait", "--class", "wep", "--release", "2"],
            [answer("404 Not Found", #"{"kind":"hostclass","message":"there is no hostclass 'wep'"}"#)])
        #expect(run.status == .failed)
        #expect(run.errors.contains("there is no hostclass 'wep'"), "\(run.errors)")
        #expect(requests.count == 1)
    }

    @Test(arguments: ["db@2", "web@", "../2"])
    func aReleaseOfAnotherClassIsAMistake(_ release: String) async {
        let run = await rollerctl(
            ["wait", "--class", "web", "--release", release, "--server", "http://127.0.0.1:1"], in: "/")
        #expect(run.status == .failed, "\(run)")
    }
}
