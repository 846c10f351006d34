import Glibc
import RollerCore
import S3
import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// An S3 server with an empty bucket "test", on a port of loopback. moto's honours conditions, rclone's checks signatures.
enum BucketServer: String, Sendable {
    case moto, rclone

    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().removingLastComponent()

    /// Whether they are installed, by `Scripts/s3-servers`. Nothing is fetched by tests.
    static let isInstalled = access(root.appending(".build-s3/installed").string, R_OK) == 0

    /// Runs `body` beside it.
    /// - Parameter body: Gets its port, and what ends it before `body` does.
    func serving(
        below folder: FilePath, _ body: @escaping @Sendable (Int, @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let bucket = folder.appending("bucket")
        try #require(mkdir(bucket.string, 0o700) == 0 && mkdir(bucket.appending("test").string, 0o700) == 0)
        let more = self == .rclone ? [bucket.string, "--dir-cache-time", "1h"] : []
        _ = try await Subprocess.run(
            .path(Self.root.appending(".build-s3/venv/bin/python")),
            arguments: Arguments([Self.root.appending("Scripts/s3/serve.py").string, rawValue] + more),
            input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            var port: Int?
            for try await line in execution.standardOutput.strings() {
                port = Int(line.filter { $0.isNumber })
                break
            }
            // The end of its input is the end of the server.
            let writer = execution.standardInputWriter
            let end: @Sendable () async -> Void = { try? await writer.finish() }  // it may have ended already
            do { try await body(try #require(port), end) } catch {
                await end()
                throw error
            }
            await end()
        }
    }

    /// How a server of `datacenter` uses it: looking often, trying little.
    func options(_ port: Int, _ datacenter: String) throws -> BucketOptions {
        var options = BucketOptions(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:\(port)", bucket: "test"),
            layout: BucketLayout(prefix: "shared/"),
            credentials: .fixed(S3Credentials(accessKeyID: "AKIATEST", secretAccessKey: S3Secret("secret/of+test"))),
            datacenter: try #require(DatacenterName(datacenter)))
        options.client.transfer.proxy = .direct
        options.client.longestWait = .seconds(1)
        options.client.retries.base = .milliseconds(1)
        options.poll = .milliseconds(20)
        options.acceptsUnconditional = self == .rclone
        return options
    }
}
