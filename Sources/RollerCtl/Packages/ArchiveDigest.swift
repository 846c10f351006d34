import struct Crypto.SHA256
import LinuxSystem
import RollerCore
import SystemPackage

/// The digest and the size of a file's bytes.
struct ArchiveDigest {
    let digest: Digest
    let size: ByteCount

    /// Reads the file at `path` to its end.
    static func reading(_ path: FilePath) async throws -> ArchiveDigest {
        let directory = try ManifestFile.directory(of: path)
        return try ArchiveDigest(of: directory.openFile(ManifestFile.name(of: path), for: .reading))
    }

    /// Reads `file` to its end.
    init(of file: borrowing OpenFile) throws {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total: Int64 = 0
        while true {
            let count = try file.read(into: &buffer)
            if count == 0 { break }
            hash.update(data: buffer[..<count])
            total += Int64(count)
        }
        guard let digest = Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        self.digest = digest
        size = ByteCount(total)
    }
}
