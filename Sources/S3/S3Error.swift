public import SystemPackage
public import Transfer

/// Why something could not be done with a bucket: what was tried, on what, what the service said, and what to do.
///
/// Holds no secret: of the credentials there is the access key ID at most, and no header of a request.
public struct S3Error: Error, Sendable, Hashable {
    /// What went wrong.
    public enum Reason: Sendable, Hashable {
        /// A conditional put found an object there already (412).
        case alreadyExists
        /// There is no such object.
        case noSuchKey
        /// There is no such bucket.
        case noSuchBucket
        /// The multipart upload is not known, or over.
        case noSuchUpload
        /// The secret does not belong to the access key.
        case wrongSecret(accessKeyID: String)
        /// The service does not know the access key.
        case unknownAccessKey(accessKeyID: String)
        /// The session token is over or not valid.
        case expiredToken(accessKeyID: String)
        /// The key is right, but may not do this.
        case accessDenied(accessKeyID: String)
        /// This machine's clock and the service's are too far apart; `ahead` is how far ours is ahead, if it is known.
        case clockSkew(ahead: Duration?)
        /// The bucket is in another region.
        case wrongRegion(expected: String?)
        /// The service says that it cannot at the moment, and went on saying so.
        case unavailable
        /// Any other answer that is no success.
        case refused
        /// The answer cannot be understood, or contradicts itself.
        case malformedAnswer(String)
        /// There is more than the limit allows.
        case tooMany(limit: Int)
        /// The object is larger than the limit allows.
        case tooLarge(limit: Int64)
        /// The bytes are not those that were expected; both as SHA-256 in hexadecimal.
        case wrongDigest(expected: String, actual: String)
        /// The object has another size than expected.
        case wrongSize(expected: Int64, actual: Int64)
        /// There was no answer.
        case transfer(TransferError)
        /// There are no credentials to be had.
        case credentials(CredentialError)
        /// Something asked for makes no sense, such as a key that no object can have.
        case badRequest(String)
        /// A local file cannot be used.
        case localFile(FilePath, String)
        /// Somebody asked to stop.
        case cancelled
    }

    /// What went wrong.
    public var reason: Reason
    /// What was tried, as S3 calls it: `PutObject`.
    public var operation: String
    /// On what: the bucket's name, and the key behind a slash.
    public var resource: String
    /// The status of the answer, if there was one.
    public var status: Int?
    /// S3's own word for what is wrong, such as `SlowDown`, if it gave one.
    public var code: String?
    /// S3's own explanation, cut to a line.
    public var detail: String?
    /// What to tell those who run the service, `x-amz-request-id`.
    public var requestID: String?
    /// How many times it was tried.
    public var attempts: Int

    init(
        _ reason: Reason, _ operation: String, _ resource: String, status: Int? = nil, code: String? = nil,
        detail: String? = nil, requestID: String? = nil, attempts: Int = 1
    ) {
        self.reason = reason
        self.operation = operation
        self.resource = resource
        self.status = status
        self.code = code
        self.detail = detail
        self.requestID = requestID
        self.attempts = attempts
    }
}

extension S3Error {
    /// Whether the same may succeed at another moment, without anybody changing anything.
    public var isTransient: Bool {
        switch reason {
        case .unavailable: true
        case .transfer(let error): error.isTransient
        case .credentials(let error): error.isTransient
        case .alreadyExists, .noSuchKey, .noSuchBucket, .noSuchUpload, .wrongSecret, .unknownAccessKey, .expiredToken,
            .accessDenied, .clockSkew, .wrongRegion, .refused, .malformedAnswer, .tooMany, .tooLarge, .wrongDigest,
            .wrongSize, .badRequest, .localFile, .cancelled:
            false
        }
    }

    /// What one can do about it.
    public var hint: String? {
        switch reason {
        case .wrongSecret(let id): "check that the secret access key is the one that belongs to '\(id)'"
        case .unknownAccessKey(let id): "check that the access key ID '\(id)' belongs to this service, and is active"
        case .expiredToken(let id): "get new temporary credentials in place of '\(id)'"
        case .accessDenied(let id): "allow \(operation) on this bucket in the policy of '\(id)'"
        case .clockSkew: "set this machine's clock, and keep it by NTP"
        case .wrongRegion(let region?): "set the region to '\(region)'"
        case .wrongRegion(nil): "set the region to that of the bucket"
        case .noSuchBucket: "create the bucket, or correct its name, its endpoint or the way it is addressed"
        case .unavailable: "try again later"
        case .credentials(let error): error.hint
        case .wrongDigest, .wrongSize: "the object is not what its name promises: find out who wrote it"
        case .alreadyExists, .noSuchKey, .noSuchUpload, .refused, .malformedAnswer, .tooMany, .tooLarge, .transfer,
            .badRequest, .localFile, .cancelled:
            nil
        }
    }
}

extension S3Error: CustomStringConvertible {
    /// One line: what was tried, on what, and what went wrong, with S3's code and request ID.
    public var message: String {
        var facts: [String] = []
        if let status { facts.append("status \(status)") }
        if let code { facts.append(code) }
        if let detail, status != nil { facts.append("'\(detail)'") }
        if let requestID { facts.append("request \(requestID)") }
        if attempts > 1 { facts.append("\(attempts) tries") }
        return "\(operation) of \(resource): \(reason.text)"
            + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }

    /// The same as `message`.
    public var description: String { message }
}

extension S3Error.Reason {
    fileprivate var text: String {
        switch self {
        case .alreadyExists: "there is an object already"
        case .noSuchKey: "there is no such object"
        case .noSuchBucket: "there is no such bucket"
        case .noSuchUpload: "the upload is not known to the service"
        case .wrongSecret(let id): "the signature by access key '\(id)' is wrong"
        case .unknownAccessKey(let id): "access key '\(id)' is not known"
        case .expiredToken(let id): "the session token of access key '\(id)' is not valid or not any more"
        case .accessDenied(let id): "access key '\(id)' may not do this"
        case .clockSkew(let ahead?) where ahead < .zero: "this machine's clock is \(-ahead.wholeSeconds) s slow"
        case .clockSkew(let ahead?): "this machine's clock is \(ahead.wholeSeconds) s fast"
        case .clockSkew(nil): "this machine's clock and the service's are too far apart"
        case .wrongRegion(let region?): "the bucket is in region '\(region)'"
        case .wrongRegion(nil): "the bucket is somewhere else"
        case .unavailable: "the service cannot do it at the moment"
        case .refused: "the service refuses"
        case .malformedAnswer(let why): "the answer makes no sense: \(why)"
        case .tooMany(let limit): "there are more than \(limit)"
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .wrongDigest(let expected, let actual): "its SHA-256 is \(actual) in place of \(expected)"
        case .wrongSize(let expected, let actual): "it has \(actual) bytes in place of \(expected)"
        case .transfer(let error): error.message
        case .credentials(let error): error.message
        case .badRequest(let why): why
        case .localFile(let path, let why): "\(path): \(why)"
        case .cancelled: "cancelled"
        }
    }
}

extension S3Error.Reason {
    /// What an exchange without an answer means here.
    init(_ error: TransferError) {
        switch error {
        case .cancelled: self = .cancelled
        case .wrongSize(let announced, let expected): self = .wrongSize(expected: expected, actual: announced)
        case .tooLarge(.body, let limit): self = .tooLarge(limit: limit)
        default: self = .transfer(error)
        }
    }
}

extension Duration {
    var wholeSeconds: Int64 { components.seconds }
}
