import RollerCore
import SystemPackage

/// All that this process is given on standard input.
/// - Throws: When there are more than 16 MiB of it.
func standardInput() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe FileDescriptor.standardInput.read(into: $0) }
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
        guard bytes.count <= inputLimit else { throw InputError() }
    }
}

private let inputLimit = 16 << 20

private struct InputError: RollerError {
    var message: String { "standard input has more than \(ByteCount(Int64(inputLimit)))" }
}
