import struct Crypto.SHA256
import LinuxSystem
import SystemPackage

/// The SHA-256 of bytes in memory.
func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

/// Reads files and digests them, on all cores.
struct FileDigests {
    let home: RollerHome

    /// What says that a path is no file any more.
    private static let gone: Set<Errno> = [
        .noSuchFileOrDirectory, .isDirectory, .invalidArgument, .tooManySymbolicLinkLevels, .notDirectory,
    ]

    /// The digests of files below the prefix, in the order given; nil for what is not there any more, or is no file now.
    func digests(of paths: [String]) async throws -> [[UInt8]?] {
        let size = 64
        return try await withThrowingTaskGroup(of: (Int, [[UInt8]?]).self) { group in
            for first in stride(from: 0, to: paths.count, by: size) {
                let chunk = paths[first..<min(first + size, paths.count)]
                group.addTask {
                    var buffer = [UInt8](repeating: 0, count: 256 << 10)
                    return (first, try chunk.map { try digest(of: $0, by: &buffer) })
                }
            }
            var found = [[UInt8]?](repeating: nil, count: paths.count)
            for try await (first, digests) in group {
                found.replaceSubrange(first..<(first + digests.count), with: digests)
            }
            return found
        }
    }

    private func digest(of path: String, by buffer: inout [UInt8]) throws(FileError) -> [UInt8]? {
        do {
            let file = try home.parent.openFile("\(home.name)/\(path)", for: .reading)
            var hash = SHA256()
            while case let count = try file.read(into: &buffer), count > 0 { hash.update(data: buffer[..<count]) }
            return Array(hash.finalize())
        } catch let error where Self.gone.contains(error.errno) {
            return nil
        }
    }
}
