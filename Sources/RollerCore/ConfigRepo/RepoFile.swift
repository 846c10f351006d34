/// One file of the config repository as it came from git or from a work tree: a value, so that reading is somebody
/// else's work and deciding is done here.
public struct RepoFile: Hashable, Sendable {
    /// The path from the repository's root, `/` between components.
    public let path: String
    /// What git says it is.
    public let kind: Kind
    /// The contents; the target, for a symbolic link.
    public let bytes: [UInt8]

    /// The kinds of things that a git tree holds.
    public enum Kind: Hashable, Sendable {
        case file, executable, symlink, submodule
        /// A file that is there and has no bytes here.
        case unreadable(why: String)
    }

    /// A file with these contents.
    public init(path: String, kind: Kind = .file, bytes: [UInt8]) {
        self.path = path
        self.kind = kind
        self.bytes = bytes
    }
}
