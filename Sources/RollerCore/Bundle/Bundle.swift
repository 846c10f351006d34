/// All that decides one host, from one commit. The same decisions always make the same bytes, so a host whose bundle's
/// digest did not change has nothing to do, whatever else was committed.
///
/// It names no commit of the repository's head, which every commit would change; servers say that in a header.
public struct Bundle: Hashable, Sendable, Codable {
    /// The format of the bundle: 1.
    public let format: Int
    /// The host it is for.
    public let host: HostName
    /// Where the host stands.
    public let datacenter: DatacenterName
    /// What the host's machine is.
    public let platform: Platform
    /// The class and release, as the host names them.
    public let release: ReleaseReference
    /// The commit of the release.
    public let releaseRevision: Revision
    /// The config servers of the host's datacenter.
    public let configServers: [String]
    /// The effective settings: a map.
    public let settings: Value
    /// The packages, in the class's order.
    public let packages: [Package]
    /// The class's files, before rendering, sorted by path.
    public let files: [File]
    /// The services with their texts rendered, in the order they start.
    public let services: [Service]
    /// Paths whose data outlives rolls.
    public let keep: [TreePath]
    /// Modes and owners other than git's own.
    public let modes: [TreePath: ModeAndOwner]
    /// How long services may be down in one roll.
    public let downtimeBudget: TimeSpan?

    private enum CodingKeys: String, CodingKey {
        case format = "bundle"
        case host, datacenter, platform, release
        case releaseRevision = "release-revision"
        case configServers = "config-servers"
        case settings, packages, files, services, keep, modes
        case downtimeBudget = "downtime-budget"
    }

    /// A package and the digests that pin it.
    public struct Package: Hashable, Sendable, Codable {
        /// Which package.
        public let name: PackageName
        /// Which version.
        public let version: PackageVersion
        /// The platform of the build the host gets: its own, or `any`.
        public let platform: Platform
        /// The digest of the archive.
        public let archive: Digest
        /// The size of the archive.
        public let size: ByteCount
        /// The digest of the manifest's text.
        public let manifest: Digest

        /// A package with its digests.
        public init(
            name: PackageName, version: PackageVersion, platform: Platform, archive: Digest, size: ByteCount,
            manifest: Digest
        ) {
            self.name = name
            self.version = version
            self.platform = platform
            self.archive = archive
            self.size = size
            self.manifest = manifest
        }
    }

    /// A file of the class.
    public struct File: Hashable, Sendable, Codable {
        /// Where it goes, below the prefix.
        public let path: TreePath
        /// Whether it can be run; `modes` outranks it.
        public let executable: Bool
        /// Whether it is rendered.
        public let template: Bool
        /// Its contents.
        public let contents: FileContents
    }
}

extension Bundle {
    /// Whom the host asks from now on: the config servers of its datacenter, and last the one that this bundle came from.
    /// A server that answered is never forgotten for others that may not, or a mistake in the list could not be mended.
    public func servers(keeping server: String) -> [String] {
        configServers.contains(server) ? configServers : configServers + [server]
    }
}
