/// What differs in meaning between two states of a host, two hosts, or two releases of a class.
public struct MeaningChanges: Hashable, Sendable {
    /// Single values: the release, the datacenter, the platform, the downtime budget.
    public internal(set) var facts: [TextChange] = []
    /// Settings with another value, sorted by key.
    public internal(set) var settings: [SettingChange] = []
    /// Packages that came, went, or have another version or other bytes; sorted by name.
    public internal(set) var packages: [PackageChange] = []
    /// Services whose definition came, went or changed, in the order they start.
    public internal(set) var services: [ServiceDefinitionChange] = []
    /// Paths that are kept over rolls on one side alone, sorted.
    public internal(set) var keep: [TextChange] = []
    /// Declared modes, by path.
    public internal(set) var modes: [TextChange] = []
    /// Groups that may log in or sudo on one side alone.
    public internal(set) var access: [AccessChange] = []
    /// Files, sorted by path.
    public internal(set) var files: [FileChange] = []

    /// Whether nothing differs.
    public var isEmpty: Bool {
        facts.isEmpty && settings.isEmpty && packages.isEmpty && services.isEmpty && keep.isEmpty && modes.isEmpty
            && access.isEmpty && files.isEmpty
    }
}

/// A value that is written as one text.
public struct TextChange: Hashable, Sendable {
    /// What it is of.
    public let name: String
    /// What it was; nil where it was not there.
    public let old: String?
    /// What it is; nil where it is not there.
    public let new: String?
}

/// A setting and its value on each side.
public struct SettingChange: Hashable, Sendable {
    /// Which setting.
    public let key: SettingKey
    /// The value on the old side.
    public let old: Side?
    /// The value on the new side.
    public let new: Side?

    /// A value and who said it.
    public struct Side: Hashable, Sendable {
        /// What templates see.
        public let value: Value
        /// Which level of the tree set it.
        public let origin: EffectiveSetting.Origin
    }
}

/// A package and what each side has of it.
public struct PackageChange: Hashable, Sendable {
    /// Which package.
    public let name: PackageName
    /// What the old side has.
    public let old: Side?
    /// What the new side has.
    public let new: Side?

    /// A version and its bytes.
    public struct Side: Hashable, Sendable {
        /// The version.
        public let version: PackageVersion
        /// The locked builds: one for a host, one a platform for a class; none where the class is not locked.
        public let builds: [Build]
    }

    /// The bytes for one platform.
    public struct Build: Hashable, Sendable {
        /// The platform it was built for, or `any`.
        public let platform: Platform
        /// The digest of the archive.
        public let archive: Digest
        /// The size of the archive.
        public let size: ByteCount
    }

    /// Whether both sides have the version and not the same bytes of it.
    public var isRebuilt: Bool { old != nil && old?.version == new?.version }
}

/// A service whose definition is not the same on both sides.
public struct ServiceDefinitionChange: Hashable, Sendable {
    /// Which service.
    public let name: ServiceName
    /// Whether it is on one side alone.
    public let presence: Presence
    /// The keys that differ, with their values as JSON.
    public let fields: [TextChange]
}

/// On which sides something is.
public enum Presence: String, Hashable, Sendable {
    case added, removed, changed
}

/// A group that may do something on one side alone.
public struct AccessChange: Hashable, Sendable {
    /// What it may do.
    public let right: AccessRight
    /// Which group.
    public let group: GroupName
    /// Whether it may now, and could not before.
    public let isGained: Bool
}

/// What people may do on a host.
public enum AccessRight: String, Hashable, Sendable, CaseIterable, Comparable {
    case login, sudo

    public static func < (a: AccessRight, b: AccessRight) -> Bool { a.rawValue < b.rawValue }
}

/// A file that is not the same on both sides.
public struct FileChange: Hashable, Sendable {
    /// Where it goes, below the prefix; for a class, as it stands below `files/<class>/`.
    public let path: String
    /// Whether it is on one side alone.
    public let presence: Presence
    /// Its mode and owner, where they differ.
    public let mode: TextChange?
    /// What became of its contents.
    public let contents: Contents

    /// How contents differ.
    public enum Contents: Hashable, Sendable {
        /// They do not: only the mode does.
        case same
        /// As text, in unified form.
        case text(String)
        /// Not as text.
        case binary(old: ByteCount?, new: ByteCount?)
    }
}

/// Whether two texts are the same bytes. To Swift two ways to write an accent are equal; on a host they are not.
func sameBytes(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
