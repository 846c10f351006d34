/// What a host remembers between rolls, in `state.json`.
public struct HostState: Hashable, Sendable, Codable {
    /// The generation that was committed last.
    public var current: Generation
    /// The digest of the bundle that the host agrees with; its ETag at the server.
    public var bundle: Digest?
    /// The commit that the server served with it.
    public var revision: Revision?
    /// Which host this is, as it was last rolled.
    public var host: HostName?
    /// The config servers to ask, in their order.
    public var servers: [String]
    /// The highest generation ever made; numbers are not used again.
    public var highest: Generation

    /// What a host remembers once a generation was committed.
    public init(
        current: Generation, bundle: Digest?, revision: Revision?, host: HostName?, servers: [String],
        highest: Generation
    ) {
        self.current = current
        self.bundle = bundle
        self.revision = revision
        self.host = host
        self.servers = servers
        self.highest = highest
    }

    /// A host that Roller has not touched.
    public static let untouched = HostState(
        current: .beforeRoller, bundle: nil, revision: nil, host: nil, servers: [], highest: .beforeRoller)
}
