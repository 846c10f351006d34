import Glibc
import LinuxSystem
import SystemPackage

/// Calls `body` with a new, empty directory, and removes it with all it holds.
func withTemporaryDirectory(
    in parent: FilePath = "/tmp", _ body: (borrowing Directory) throws -> Void
) throws {
    let holder = try Directory.open(parent, followingLinks: true)
    let name = "linux-system-tests-\(UInt64.random(in: .min ... .max))"
    try holder.makeDirectory(name, permissions: 0o700)
    defer { _ = try? holder.removeTree(name) }
    try body(holder.openDirectory(name))
}

/// The error that `body` throws; nil when it throws none.
func failure(of body: () throws -> Void) -> FileError? {
    do { try body() } catch { return error as? FileError }
    return nil
}

let isRoot = geteuid() == 0

/// Runs a command line by the shell; its exit status, and what it wrote.
func shell(_ command: String) -> (status: Int32, output: String) {
    guard let pipe = popen(command, "re") else { return (-1, "") }
    var output: [UInt8] = []
    var byte = fgetc(pipe)
    while byte != EOF {
        output.append(UInt8(truncatingIfNeeded: byte))
        byte = fgetc(pipe)
    }
    return (pclose(pipe) >> 8, String(decoding: output, as: UTF8.self))
}
