import Glibc
import Subprocess
import SystemPackage
import Testing
import Transfer

@testable import S3

/// The two servers that tests run against. rclone's checks signatures and ignores preconditions; moto's is the other way.
enum S3Server: String, Sendable, CaseIterable {
    case rclone
    case moto

    /// Where `Scripts/s3-servers` puts them.
    private static let python = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().removingLastComponent().appending(".build-s3/venv/bin/python")
    private static let script = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().removingLastComponent().appending("Scripts/s3/serve.py")

    /// Whether they are installed. Nothing is fetched by tests.
    static let isInstalled: Bool = {
        let stamp = python.removingLastComponent().removingLastComponent().removingLastComponent()
            .appending("installed")
        return (try? contents(stamp)) != nil
    }()

    static let credentials = S3Credentials(accessKeyID: "AKIATEST", secretAccessKey: S3Secret("secret/of+test"))

    /// Runs `body` beside a server that holds an empty bucket "test", on this port of loopback.
    func serving(_ more: [String] = [], _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let folder = directory.path.appending("test")
        try #require(mkdir(folder.string, 0o700) == 0)
        let own = self == .rclone ? [directory.path.string] : []
        let result = try await Subprocess.run(
            .path(Self.python), arguments: Arguments([Self.script.string, rawValue] + own + more),
            input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            var port: Int?
            for try await line in execution.standardOutput.strings() {
                port = Int(line.filter { $0.isNumber })
                break
            }
            do {
                try await body(try #require(port))
            } catch {
                try await execution.standardInputWriter.finish()
                throw error
            }
            // The end of its input is the end of the server.
            try await execution.standardInputWriter.finish()
        }
        _ = result
        withExtendedLifetime(directory) {}
    }
}

/// Options for tests: no environment's proxy, short waits and limits.
func testOptions(_ change: (inout S3Options) -> Void = { _ in }) -> S3Options {
    var options = S3Options()
    let limits = TransferLimits(
        connect: .seconds(5), total: .seconds(60),
        stall: TransferLimits.Stall(bytesPerSecond: 1000, window: .seconds(10)))
    options.transfer = TransferOptions(limits: limits, proxy: .direct)
    options.retries = RetryPolicy(attempts: 4, base: .milliseconds(1), cap: .seconds(5))
    options.multipartThreshold = 5 << 20
    options.partSize = 5 << 20
    change(&options)
    return options
}

/// The bucket "test" at a port of loopback.
func testBucket(
    _ port: Int, by credentials: S3Credentials = S3Server.credentials,
    _ change: (inout S3Options) -> Void = { _ in }
) throws -> S3Bucket {
    try S3Bucket(
        S3Endpoint(url: "http://127.0.0.1:\(port)", bucket: "test"), credentials: .fixed(credentials),
        options: testOptions(change))
}
