internal import HTTPTypes

extension HTTPField.Name {
    /// The commit that an answer was made from.
    static let rollerRevision = own("Roller-Revision")
    /// Seconds since the server last saw that commit to be the newest of its branch.
    static let rollerSnapshotAge = own("Roller-Snapshot-Age")
    /// The newest commit, where it is refused and an older one is served.
    static let rollerStale = own("Roller-Stale")
    static let rollerUpstream = own("Roller-Upstream")
    /// `failed` where the bucket cannot be reached: there may be newer packages than this server knows of.
    static let rollerBucket = own("Roller-Bucket")
    /// The digest of a host's bundle, whatever the format it is shown in.
    static let rollerBundleDigest = own("Roller-Bundle-Digest")
    /// The digest of a whole archive: in a request what is sent, in an answer what is served.
    static let rollerDigest = own("Roller-Digest")
    static let host = own("Host")
    static let contentSecurityPolicy = own("Content-Security-Policy")

    private static func own(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("not a header's name: \(text)") }
        return name
    }
}
