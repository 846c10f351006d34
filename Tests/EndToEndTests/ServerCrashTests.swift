import Subprocess
import SystemPackage
import Testing

/// The short form of Scripts/crash-server; by itself it kills a hundred times for each kind.
@Suite(.serialized) struct ServerCrashTests {
    @Test(.timeLimit(.minutes(5)), arguments: ["snapshot", "fetch"])
    func aServerThatIsKilledStartsAgainAndServesTheSame(_ kind: String) async throws {
        let result = try await Subprocess.run(
            .path("/usr/bin/python3"),
            arguments: [
                "Scripts/crash-server", "--points", "5", "--only", kind, "--hosts", "50", "--server",
                builtPrograms.appending("roller-config-server").string,
            ], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        #expect(
            result.terminationStatus.isSuccess,
            "\(result.standardOutput)\(result.standardError)")
    }
}
