import LinuxSystem
import RollerCore
import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// What Prometheus is told beside what was asked and answered.
struct MetricsTests {
    private func lines(_ server: TestServer) async throws -> Set<String> {
        Set(try await server.get("/metrics").text.split(separator: "\n").map(String.init))
    }

    @Test func receiptsAndHostsAreCounted() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            #expect(try await lines(server).contains("roller_receipts_hosts 0"))
            for id in ["1-a", "2-a", "2-a"] { _ = try await server.post(receipt(id) { $0.exit = .inconsistent }) }
            let lines = try await lines(server)
            #expect(lines.contains("roller_receipts_taken_total 2"))
            #expect(lines.contains("roller_receipts_hosts 1"))
            #expect(lines.contains { $0.hasPrefix("roller_receipts_newest_timestamp_seconds ") })
            #expect(lines.contains(#"roller_fleet_hosts{bucket="inconsistent"} 1"#))
            #expect(lines.filter { $0.hasPrefix("roller_fleet_hosts{") }.count == FleetBucket.allCases.count)
        }
    }

    @Test func aRefusedCommitCountsOnceAndAMovedReleaseShows() async throws {
        try await TestServer.with { server in
            #expect(try await lines(server).contains("roller_snapshot_refusals_total 0"))
            try server.repository.write("hosts/web-02.example.com.yml", "hostclass: nothing@1\n")
            try await server.repository.commit("broken")
            for _ in 0..<3 { try await server.refresh() }
            #expect(try await lines(server).contains("roller_snapshot_refusals_total 1"))
            #expect(try await lines(server).contains("roller_release_tags_moved 0"))
            try await server.repository.git("tag", "-f", "web@1", "HEAD")
            try await server.refresh()
            #expect(try await lines(server).contains("roller_release_tags_moved 1"))
        }
    }

    /// Prometheus's own check of names, units, types and help, where it is installed.
    @Test(.enabled(if: (try? Directory.open("/usr/bin").status(of: "promtool")) != nil))
    func promtoolFindsNothing() async throws {
        try await TestServer.withReceipts { (server: TestServer) async throws in
            _ = try await server.post(receipt("1-a"))
            _ = try await server.get("/nope")
            try server.repository.write("hosts/web-02.example.com.yml", "hostclass: nothing@1\n")
            try await server.repository.commit("broken")
            try await server.refresh()
            let text = try await server.get("/metrics").text
            let result = try await Subprocess.run(
                .path("/usr/bin/promtool"), arguments: ["check", "metrics"], input: .string(text),
                output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
            #expect(result.terminationStatus == .exited(0), "\(result.standardOutput)\(result.standardError)")
            #expect(result.standardError.isEmpty && result.standardOutput.isEmpty, "\(result.standardError)")
        }
    }
}
