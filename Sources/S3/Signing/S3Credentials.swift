/// Who asks: an access key, and a session token where it is a temporary one.
public struct S3Credentials: Sendable, Hashable {
    /// Names the key. No secret: it stands in every request, and in messages.
    public var accessKeyID: String
    /// What requests are signed with.
    public var secretAccessKey: S3Secret
    /// Goes with temporary keys.
    public var sessionToken: S3Secret?
    /// From when on they are void, in seconds since 1970; nil is never.
    public var expiration: Int64?

    /// An access key, with its token and end if it is a temporary one.
    public init(
        accessKeyID: String, secretAccessKey: S3Secret, sessionToken: S3Secret? = nil, expiration: Int64? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}
