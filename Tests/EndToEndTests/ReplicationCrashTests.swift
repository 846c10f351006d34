import Glibc
import Subprocess
import SystemPackage
import Testing

/// The short form of Scripts/crash-replication; by itself it kills a hundred times for each kind.
@Suite(
    .serialized,
    .enabled(if: access(".build-s3/installed", R_OK) == 0, "Scripts/s3-servers installs what these run against"))
struct ReplicationCrashTests {
    @Test(.timeLimit(.minutes(5)), arguments: ["publisher", "first", "following"])
    func noPackageIsVisibleAndNotWhole(_ kind: String) async throws {
        let result = try await Subprocess.run(
            .path("/usr/bin/python3"),
            arguments: [
                "Scripts/crash-replication", "--points", "3", "--only", kind, "--program",
                builtPrograms.appending("roller-config-server").string, "--rollerctl",
                builtPrograms.appending("rollerctl").string,
            ], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\(result.standardError)")
    }
}
