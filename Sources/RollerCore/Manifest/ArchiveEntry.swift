/// What an archive holds at one path, as it was read: nothing of it is checked yet.
public struct ArchiveEntry: Hashable, Sendable {
    /// The path as the archive writes it.
    public let path: String
    /// What stands there.
    public let kind: Kind
    /// Mode bits with setuid, setgid and sticky.
    public let permissions: UInt16
    /// The SHA-256 of a file's bytes, 32 bytes; nil for what is no file.
    public let digest: [UInt8]?
    /// Extended attributes by name.
    public let attributes: [String: [UInt8]]

    /// What can stand at a path of an archive. Targets are as the archive writes them.
    public enum Kind: Hashable, Sendable {
        case file(size: Int64)
        case directory
        case symlink(target: String)
        case hardLink(target: String)
    }

    /// An entry as it was read.
    public init(
        path: String, kind: Kind, permissions: UInt16, digest: [UInt8]?, attributes: [String: [UInt8]] = [:]
    ) {
        self.path = path
        self.kind = kind
        self.permissions = permissions
        self.digest = digest
        self.attributes = attributes
    }
}

extension PackageManifest.Entry {
    /// What an archive holds, as a manifest says it; nil when it can be in none, as with a path that leaves the prefix.
    public init?(_ entry: ArchiveEntry) {
        guard let path = TreePath(entry.path) else { return nil }
        var attributes: [AttributeName: [UInt8]] = [:]
        for (text, value) in entry.attributes {
            guard let name = AttributeName(text), !name.isCapabilities || FileCapabilities(value) != nil else {
                return nil
            }
            attributes[name] = value
        }
        if case .file = entry.kind {} else if !attributes.isEmpty { return nil }
        switch entry.kind {
        case .file(let size):
            guard let digest = entry.digest.flatMap({ Digest(bytes: $0) }) else { return nil }
            self.init(
                path: path, kind: .file(permissions: entry.permissions, size: ByteCount(size), digest: digest),
                attributes: attributes)
        case .directory: self.init(path: path, kind: .directory(permissions: entry.permissions))
        case .symlink(let target): self.init(path: path, kind: .symlink(target: target))
        case .hardLink(let target):
            guard let target = TreePath(target) else { return nil }
            self.init(path: path, kind: .hardLink(target: target))
        }
    }
}
