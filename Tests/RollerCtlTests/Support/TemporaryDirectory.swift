import Glibc
import LinuxSystem
import SystemPackage
import Testing

/// A temporary directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/rollerctl-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        // Best effort: what stays behind is below /tmp.
        _ = try? Directory.open("/tmp").removeTree(path.lastComponent?.string ?? "")
    }

    /// Writes files, by path, with the directories they need. A text of nil makes a directory.
    func write(_ files: [String: String?]) throws {
        let root = try Directory.open(path)
        for (name, text) in files {
            if let slash = name.lastIndex(of: "/") { try root.makeDirectories(String(name[..<slash])) }
            if let text {
                try root.replaceFile(name, permissions: 0o644, bytes: Array(text.utf8), durable: false)
            } else {
                try root.makeDirectories(name)
            }
        }
    }

    /// Writes files, and removes those whose text is nil.
    func change(_ files: [String: String?]) throws {
        try write(files.filter { $0.value != nil })
        for name in files.keys where files[name] == .some(nil) { try Directory.open(path).remove(name) }
    }

    /// Adds to the end of a file, or makes it.
    func append(_ text: String, to name: String) throws {
        let isThere = try Directory.open(path).status(of: name) != nil
        try write([name: (isThere ? try self.text(name) : "") + text])
    }

    /// The bytes of a file.
    func bytes(_ name: String) throws -> [UInt8] { try Directory.open(path).readFile(name, limit: 64 << 20) }

    /// The text of a file.
    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// The names in a directory below.
    func names(in directory: String = "") throws -> [String] {
        let root = try Directory.open(directory.isEmpty ? path : path.appending(directory))
        return try root.entries().map(\.name)
    }
}

extension FilePath {
    /// Where a symbolic link leads; nil for what is none.
    var resolved: FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(string, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return FilePath(String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
