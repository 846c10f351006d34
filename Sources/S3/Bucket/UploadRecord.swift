internal import FoundationEssentials
internal import LinuxSystem
internal import SystemPackage

/// Which upload in parts was begun for which bytes, kept in a file so that another process can go on with it.
struct UploadRecord: Codable, Hashable {
    var bucket: String
    var key: String
    var uploadID: String
    /// SHA-256 of the whole, in hexadecimal.
    var sha256: String
    var size: Int64
    var partSize: Int64
    /// Who the finished object will say that it is by.
    var writer: String

    /// Whether this is an upload of the same bytes to the same place.
    func fits(_ other: UploadRecord) -> Bool {
        var other = other
        (other.uploadID, other.writer) = (uploadID, writer)
        return self == other
    }
}

extension UploadRecord {
    /// What `path` holds; nil when there is no record, or none that can be read: then the upload begins anew.
    init?(at path: FilePath) throws(FileError) {
        let bytes: [UInt8]
        do {
            bytes = try Self.directory(of: path).readFile(Self.name(of: path), limit: 64 << 10)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
        guard let record = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = record
    }

    func write(to path: FilePath) throws(FileError) {
        guard let data = try? JSONEncoder().encode(self) else {
            preconditionFailure("strings and numbers can always be encoded")
        }
        try Self.directory(of: path).replaceFile(
            Self.name(of: path), permissions: 0o600, bytes: Array(data), durable: false)
    }

    static func remove(_ path: FilePath) throws(FileError) {
        do {
            try directory(of: path).remove(name(of: path))
        } catch  where error.errno == .noSuchFileOrDirectory {
            return
        }
    }

    private static func directory(of path: FilePath) throws(FileError) -> Directory {
        let folder = path.removingLastComponent()
        return try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
    }

    private static func name(of path: FilePath) -> String { path.lastComponent?.string ?? "" }
}
