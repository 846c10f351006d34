/// What a tarball may hold, and how much of it. Everything that is not allowed here is refused with the path named.
public struct TarballPolicy: Hashable, Sendable {
    /// Which paths may have the setuid or setgid bit.
    public enum SetuidRule: Hashable, Sendable {
        case none
        case only(Set<String>)
        case any
    }

    /// A numeric user and group.
    public struct Owner: Hashable, Sendable {
        /// The user.
        public var uid: UInt32
        /// The group.
        public var gid: UInt32
        /// 0:0.
        public static let root = Owner(uid: 0, gid: 0)

        /// The owner `uid`:`gid`.
        public init(uid: UInt32, gid: UInt32) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// Which owners entries may name. What is unpacked belongs to whoever unpacks it, whatever the entry says.
    public enum OwnerRule: Hashable, Sendable {
        case only(Set<Owner>)
        case any
    }

    /// Which extended attributes files may have. Nothing but a file may have any.
    public enum AttributeRule: Hashable, Sendable {
        case none
        /// Those named, of each path.
        case only([String: Set<String>])
        /// Capabilities at these paths, and anywhere the names given; a name that ends in `*` stands for all that begin so.
        case declared(capabilities: Set<String>, names: Set<String>)
        case any

        func allows(_ name: String, at path: String) -> Bool {
            switch self {
            case .none: false
            case .only(let names): names[path]?.contains(name) ?? false
            case .declared(let capabilities, let names):
                name == "security.capability"
                    ? capabilities.contains(path)
                    : names.contains {
                        $0.utf8.last == UInt8(ascii: "*") ? name.utf8.starts(with: $0.utf8.dropLast()) : name == $0
                    }
            case .any: true
            }
        }
    }

    /// Which extended attributes files may have.
    public var attributes: AttributeRule = .none
    /// Which paths may be setuid or setgid.
    public var setuid: SetuidRule = .none
    /// Which owners entries may name.
    public var owners: OwnerRule = .only([.root])
    /// Whether symbolic links may hold absolute paths. Relative ones may never leave the root.
    public var allowsAbsoluteLinks = false
    /// The most entries, with the directories that paths imply.
    public var maxEntries = 1_000_000
    /// The most bytes of one file.
    public var maxEntryBytes: Int64 = 16 << 30
    /// The most bytes of all files together.
    public var maxUnpackedBytes: Int64 = 64 << 30
    /// The most bytes of a file's extended attributes together, names and values.
    public var maxAttributeBytes = 16 << 10
    /// Whether archives may be compressed with xz or bzip2 too, as those of others often are.
    public var allowsOtherCompression = false
    /// The longest path or link target in bytes of UTF-8 (Linux: PATH_MAX is 4096 with the final NUL).
    public var maxPathBytes = 4095
    /// The most components of a path.
    public var maxDepth = 128
    /// The most bytes of all paths and link targets together: what bounds the memory a tarball can ask for.
    public var maxPathBytesInAll = 64 << 20

    /// Files, directories, inner links, all owned by root and none setuid, within generous limits.
    public static let strict = TarballPolicy()

    /// The same as `strict`, to be changed.
    public init() {}
}
