import Glibc
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@testable import S3

/// What a file holds.
func contents(_ path: FilePath) throws -> [UInt8] {
    let descriptor = try FileDescriptor.open(path, .readOnly)
    return try descriptor.closeAfter {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = try buffer.withUnsafeMutableBytes({ try descriptor.read(into: $0) }), count > 0 {
            all += buffer[..<count]
        }
        return all
    }
}

/// A temporary directory that goes with the test, with all that is in it.
final class TemporaryDirectory: Sendable {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/s3-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        // Best effort: what stays is a directory below /tmp.
        _ = try? Directory.open("/tmp").removeTree(path.lastComponent?.string ?? "")
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ bytes: some Sequence<UInt8>, mode: FilePermissions = .ownerReadWrite) throws -> FilePath
    {
        let file = path.appending(name)
        let descriptor = try FileDescriptor.open(file, .writeOnly, options: [.create, .truncate], permissions: mode)
        try descriptor.closeAfter { _ = try descriptor.writeAll(Array(bytes)) }
        return file
    }
}

/// Bytes that do not repeat, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var chance = Chance(seed: seed)
    return (0..<(count + 7) / 8).flatMap { _ in withUnsafeBytes(of: chance.next()) { Array($0) } }.prefix(count).map {
        $0
    }
}

/// The error that `body` ends with.
func failure<Result>(
    sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws(S3Error) -> Result
) async -> S3Error? {
    do throws(S3Error) {
        let result = try await body()
        Issue.record("no error; the result is \(result)", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// Keeps what a callback is given.
final class Recorder<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
}
