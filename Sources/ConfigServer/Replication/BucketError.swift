internal import HTTPTypes
internal import RollerCore
internal import S3

/// Why something could not be done with the bucket.
enum BucketError: RollerError {
    case failed(String, S3Error)
    /// A second put under a name replaces the first.
    case ignoresConditions(String)
    /// Nobody knows yet whether the bucket honours conditions.
    case unprobed(S3Error)
    /// What lies under a manifest's key is none, or of another package.
    case badManifest(PackageKey, why: String)
    /// The archive or manifest is still on its way to the bucket.
    case onItsWay(PackageKey)

    var message: String {
        switch self {
        case .failed(let what, _): "cannot \(what)"
        case .ignoresConditions(let bucket):
            "the bucket '\(bucket)' ignores If-None-Match: of two publishers of one name the second would win unnoticed"
        case .unprobed: "cannot find out whether the bucket honours conditions, without which nothing is published"
        case .badManifest(let key, let why): "the bucket's manifest of '\(key)' cannot be used: \(why)"
        case .onItsWay(let key): "'\(key)' is on its way to the bucket"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .failed(_, let error), .unprobed(let error): BucketCause(error: error)
        default: nil
        }
    }

    var hint: String? {
        switch self {
        case .failed(_, let error), .unprobed(let error): error.hint
        case .ignoresConditions:
            "use a service that honours it, or give --accept-unconditional-bucket and publish through one server alone"
        case .badManifest: "find out who wrote it; Roller's servers never do"
        case .onItsWay: "ask again in a moment"
        }
    }
}

/// An error of the S3 client, which knows nothing of Roller's errors.
private struct BucketCause: RollerError {
    let error: S3Error
    var message: String { error.message }
}

extension Failure {
    init(_ error: BucketError) {
        let kind = if case .onItsWay = error { "replicating" } else { "bucket" }
        self.init(.serviceUnavailable, kind: kind, value: "", message: explain(error), hint: error.hint)
        headers[.retryAfter] = "2"
    }
}
