internal import OrderedCollections
internal import YAMLDocument

/// `hostclasses/<class>.lock.yml`: the exact bytes of every package of a class, for each platform. What a host gets is
/// fixed here, in git, so that neither a server nor a bucket can change it.
public struct Lock: Hashable, Sendable {
    /// The locked packages, sorted by name.
    public let packages: [LockedPackage]

    /// One package at the version the class pins.
    public struct LockedPackage: Hashable, Sendable {
        /// Which package.
        public let name: PackageName
        /// The version that was locked.
        public let version: PackageVersion
        /// Its builds.
        public let builds: [LockedBuild]
        /// Where the name stands in the lock file; a whole file for a lock that was never written.
        public let location: SourceLocation

        /// A package with its builds.
        public init(
            name: PackageName, version: PackageVersion, builds: [LockedBuild],
            location: SourceLocation = SourceLocation(file: "")
        ) {
            self.name = name
            self.version = version
            self.builds = builds
            self.location = location
        }
    }

    /// The bytes of a package for one platform.
    public struct LockedBuild: Hashable, Sendable {
        /// The platform it was built for, or `any`.
        public let platform: Platform
        /// The digest of the archive.
        public let archive: Digest
        /// The size of the archive.
        public let size: ByteCount
        /// The digest of the manifest's text.
        public let manifest: Digest

        /// A build's digests.
        public init(platform: Platform, archive: Digest, size: ByteCount, manifest: Digest) {
            self.platform = platform
            self.archive = archive
            self.size = size
            self.manifest = manifest
        }
    }

    /// A lock of these packages.
    public init(_ packages: [LockedPackage]) {
        self.packages = packages.sorted { $0.name < $1.name }
    }

    /// The build of a package that a machine of `platform` gets: its own, else the one for any.
    public func build(of name: PackageName, for platform: Platform) -> LockedBuild? {
        let builds = packages.first { $0.name == name }?.builds ?? []
        return builds.first { $0.platform == platform } ?? builds.first { $0.platform == .any }
    }

    /// The text of the lock file.
    public var text: String {
        let packages = OrderedDictionary(uniqueKeysWithValues: packages.map { ($0.name.rawValue, $0.value) })
        let head = "# Written by `rollerctl lock`: the exact bytes of every package of this class. Not for editing.\n"
        return head + Value.map(["lock": .int(1), "packages": .map(packages)]).yaml
    }

    static func read(_ bytes: [UInt8], _ reader: inout FileReader) -> Lock? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(of: node, as: "a lock", keys: keys),
            let version = fields["lock"].flatMap({ reader.int($0, of: "the lock's format", in: 1...1) }),
            version == 1, let packages = fields["packages"]
        else { return nil }
        let named = reader.named(packages, as: "packages", keys: PackageName.self, of: "a package")
        return Lock(named.compactMap { reader.lockedPackage($0, $1, $2) })
    }
}

extension Lock.LockedPackage {
    fileprivate var value: Value {
        let builds = builds.sorted { $0.platform < $1.platform }.map { build in
            (
                build.platform.rawValue,
                Value.map([
                    "archive": .string(build.archive.rawValue), "size": .int(Int(build.size.bytes)),
                    "manifest": .string(build.manifest.rawValue),
                ])
            )
        }
        return .map([
            "version": .string(version.rawValue),
            "platforms": .map(OrderedDictionary(uniqueKeysWithValues: builds)),
        ])
    }
}

extension FileReader {
    fileprivate mutating func lockedPackage(
        _ name: PackageName, _ key: YAMLKey, _ node: YAMLNode
    ) -> Lock.LockedPackage? {
        guard let fields = fields(of: node, as: "a locked package", keys: Lock.packageKeys),
            let versionNode = fields["version"], let platforms = fields["platforms"],
            let version = verbatim(versionNode, as: PackageVersion.self, of: "the version of '\(name)'")
        else { return nil }
        let builds = named(platforms, as: "platforms", keys: Platform.self, of: "a platform").compactMap {
            lockedBuild($0, $2)
        }
        return Lock.LockedPackage(name: name, version: version, builds: builds, location: location(key.range))
    }

    private mutating func lockedBuild(_ platform: Platform, _ node: YAMLNode) -> Lock.LockedBuild? {
        guard let fields = fields(of: node, as: "a locked build", keys: Lock.buildKeys),
            let archiveNode = fields["archive"], let sizeNode = fields["size"], let manifestNode = fields["manifest"],
            let archive = text(archiveNode, as: Digest.self, of: "a digest"),
            let size = int(sizeNode, of: "a size", in: 0...Int.max),
            let manifest = text(manifestNode, as: Digest.self, of: "a digest")
        else { return nil }
        return Lock.LockedBuild(platform: platform, archive: archive, size: ByteCount(Int64(size)), manifest: manifest)
    }
}
