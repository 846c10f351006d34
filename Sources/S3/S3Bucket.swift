internal import Synchronization
internal import Transfer

/// Objects in a bucket of a service that speaks S3. May be used by many tasks at once.
///
/// Every operation is tried again, with waits, where the fault lies in the moment; what it throws in the end says what
/// was tried, what the service said, and what to do. Cancelling the task ends it with `.cancelled`.
public final class S3Bucket: Sendable {
    /// Where the bucket is.
    public let endpoint: S3Endpoint
    let options: S3Options
    let pool: ClientPool
    let signer: RequestSigner
    let credentials: CredentialKeeper
    let budget: RetryBudget
    /// Seconds to add to this machine's clock to come to the service's; zero until it complains.
    let clockOffset = Mutex<Int64>(0)

    /// A client for one bucket. Nothing is asked yet.
    public init(_ endpoint: S3Endpoint, credentials: S3CredentialSource, options: S3Options = S3Options())
        throws(S3Error)
    {
        func refuse(_ why: String) -> S3Error { S3Error(.badRequest(why), "Options", endpoint.bucket) }
        guard options.payloadSigning == .signed || endpoint.scheme == "https" else {
            throw refuse("over http the payload must be signed, or anybody between could change it")
        }
        guard (5 << 20...5 << 30).contains(options.partSize) else {
            throw refuse("parts have 5 MiB to 5 GiB, not \(options.partSize) bytes")
        }
        self.endpoint = endpoint
        self.options = options
        pool = ClientPool(options: options.transfer, limit: options.requestsAtOnce)
        signer = RequestSigner(region: options.region)
        self.credentials = CredentialKeeper(credentials, now: options.surroundings.now)
        budget = RetryBudget(tries: options.retryBudget)
    }

    /// A key that can be asked for without anything on the way taking it for another one.
    func check(_ key: String, _ operation: String) throws(S3Error) {
        let problem: String? =
            if key.isEmpty {
                "a key has at least one character"
            } else if key.utf8.count > 1024 {
                "a key has at most 1024 bytes"
            } else if key.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
                "the key holds a control character"
            } else if key.split(separator: "/", omittingEmptySubsequences: false).contains(where: {
                $0.isEmpty || $0 == "." || $0 == ".."
            }) {
                "the key '\(key)' has an empty, '.' or '..' part, which some servers take for a path"
            } else {
                nil
            }
        if let problem { throw S3Error(.badRequest(problem), operation, endpoint.bucket) }
    }
}
