import Glibc
import SystemPackage
import Testing

/// Text that was reviewed once and must stay so. `ROLLER_RECORD=1` writes it anew, for review.
func expectGolden(_ text: String, _ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Golden")
    try expectGolden(text, at: folder.appending(name), sourceLocation: sourceLocation)
}

/// The same for a file elsewhere, such as a page of the documentation that is made from the code.
func expectGolden(_ text: String, at path: FilePath, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    if getenv("ROLLER_RECORD") != nil {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: 0o644))
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
        return
    }
    let file = try FileDescriptor.open(path, .readOnly)
    let golden = try file.closeAfter {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
    #expect(
        text == golden, "\(path.lastComponent?.string ?? "") is another; see ROLLER_RECORD",
        sourceLocation: sourceLocation)
}
