/// What a generation was made from: enough to tell what a change would touch, and to run its services, without the
/// server and without reading the tree.
public struct GenerationRecord: Hashable, Sendable, Codable {
    /// Which generation.
    public let generation: Generation
    /// The digest of the bundle it was made from.
    public let bundle: Digest
    /// The commit that the server served when the bundle was fetched.
    public let revision: Revision?
    /// The class and release.
    public let release: ReleaseReference
    /// The packages in it.
    public let packages: [Bundle.Package]
    /// The class's files in it, rendered, sorted by path.
    public let files: [File]
    /// Modes declared for paths, whoever brought them.
    public let modes: [TreePath: ModeAndOwner]
    /// Its services, in the order they start.
    public let services: [Service]
    /// Paths that are links to kept data.
    public let keep: [TreePath]

    /// A file that the class brought, as it was rendered.
    public struct File: Hashable, Sendable, Codable {
        /// Where it is.
        public let path: TreePath
        /// Its mode and owner.
        public let mode: ModeAndOwner
        /// The digest of its contents.
        public let digest: Digest
        /// The size of its contents.
        public let size: ByteCount
    }

    /// The record of a generation made from a bundle.
    public init(
        _ generation: Generation, from bundle: Bundle, digest: Digest, revision: Revision?, files: [RenderedFile]
    ) {
        self.generation = generation
        self.bundle = digest
        self.revision = revision
        release = bundle.release
        packages = bundle.packages
        self.files = files.map {
            File(path: $0.path, mode: $0.mode, digest: Digest(of: $0.bytes), size: ByteCount(Int64($0.bytes.count)))
        }
        modes = bundle.modes
        services = bundle.services
        keep = bundle.keep
    }

    /// This record under another number.
    public func renumbered(_ generation: Generation) -> GenerationRecord {
        GenerationRecord(copying: self, as: generation)
    }

    private init(copying record: GenerationRecord, as generation: Generation) {
        self.generation = generation
        bundle = record.bundle
        revision = record.revision
        release = record.release
        packages = record.packages
        files = record.files
        modes = record.modes
        services = record.services
        keep = record.keep
    }
}
