/// Keeps credentials until shortly before they end. However many tasks ask meanwhile, the source is asked once.
actor CredentialKeeper {
    private let source: S3CredentialSource
    private let now: @Sendable () -> Int64
    private var known: S3Credentials?
    private var asking: Task<Result<S3Credentials, CredentialError>, Never>?

    /// Temporary credentials are renewed this many seconds before their end.
    static let margin: Int64 = 300

    init(_ source: S3CredentialSource, now: @escaping @Sendable () -> Int64) {
        self.source = source
        self.now = now
    }

    /// Credentials that are good for a while yet.
    func current() async throws(CredentialError) -> S3Credentials {
        if let known, known.expiration.map({ $0 - Self.margin > now() }) ?? true { return known }
        let task = asking ?? Task { [source] in await load(source) }
        asking = task
        let result = await task.value
        if asking == task { asking = nil }
        switch result {
        case .success(let credentials):
            known = credentials
            return credentials
        case .failure(let error):
            // Those that are nearly over do until they are.
            if let known, let end = known.expiration, end > now() { return known }
            throw error
        }
    }

    /// Drops `credentials`, which the service does not take any more.
    func forget(_ credentials: S3Credentials) {
        if known == credentials { known = nil }
    }
}

private func load(_ source: S3CredentialSource) async -> Result<S3Credentials, CredentialError> {
    do throws(CredentialError) {
        switch source {
        case .fixed(let credentials): return .success(credentials)
        case .environment(let environment): return .success(try S3Credentials(environment: environment))
        case .file(let path, let profile): return .success(try S3Credentials(file: path, profile: profile))
        case .instanceMetadata(let endpoint): return .success(try await InstanceMetadata(endpoint).credentials())
        }
    } catch {
        return .failure(error)
    }
}
