import Glibc
import Synchronization
import SystemPackage
import Testing
import Transfer

/// Limits under which a test that goes wrong ends soon.
let quick = TransferLimits(
    maxBodyBytes: 1 << 20, connect: .seconds(5), total: .seconds(10),
    stall: TransferLimits.Stall(bytesPerSecond: 1000, window: .milliseconds(200)))

/// A client with `quick` limits that looks at no environment.
func quickClient(_ change: (inout TransferOptions) -> Void = { _ in }) throws -> HTTPClient {
    var options = TransferOptions(limits: quick, proxy: .direct)
    change(&options)
    return try HTTPClient(options: options)
}

/// The error that `body` ends with.
func failure<Result>(
    of body: () throws(TransferError) -> Result, sourceLocation: SourceLocation = #_sourceLocation
) -> TransferError? {
    do throws(TransferError) {
        let result = try body()
        Issue.record("no error; the result is \(result)", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// A temporary directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/transfer-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        guard let directory = opendir(path.string) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(path.appending(name).string) }
        }
        closedir(directory)
        rmdir(path.string)
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> FilePath {
        let file = path.appending(name)
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
        return file
    }
}

extension TemporaryDirectory {
    /// Makes a symbolic link, and says whether that worked.
    func link(_ name: String, to target: FilePath) -> Bool {
        symlink(target.string, path.appending(name).string) == 0
    }
}

/// What a file holds; nil when there is none.
func contents(_ path: FilePath) throws -> String? {
    let descriptor: FileDescriptor
    do { descriptor = try FileDescriptor.open(path, .readOnly) } catch Errno.noSuchFileOrDirectory { return nil }
    return try descriptor.closeAfter {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = try buffer.withUnsafeMutableBytes({ try descriptor.read(into: $0) }), count > 0 {
            all += buffer[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
    var hex: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// Keeps what a callback is given.
final class Recorder<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
}
