internal import Crypto
internal import Synchronization

/// Signs requests with AWS Signature Version 4, in their headers. Keeps the signing key, which is good for a day.
final class RequestSigner: Sendable {
    /// What a signing key is for.
    struct Scope: Hashable {
        var day: String
        var region: String
        var service: String

        var text: String { "\(day)/\(region)/\(service)/aws4_request" }
    }

    private struct DerivedKey {
        var scope: Scope
        var secret: S3Secret
        var key: SymmetricKey
    }

    private let region: String
    private let service: String
    private let derived = Mutex<DerivedKey?>(nil)

    init(region: String, service: String = "s3") {
        self.region = region
        self.service = service
    }

    /// The text that is signed.
    static func stringToSign(_ request: CanonicalRequest, at time: UTCTime, _ scope: Scope) -> String {
        ["AWS4-HMAC-SHA256", time.stamp, scope.text, request.digest].joined(separator: "\n")
    }

    /// The value of `Authorization`. `request` must cover the headers `host`, `x-amz-date` and all other `x-amz-` ones.
    func authorization(for request: CanonicalRequest, at time: UTCTime, by credentials: S3Credentials) -> String {
        let scope = Scope(day: time.day, region: region, service: service)
        let text = Self.stringToSign(request, at: time, scope)
        let key = key(for: scope, credentials.secretAccessKey)
        let signature = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key).map { $0 }.hexadecimal
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope.text), "
            + "SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
    }

    private func key(for scope: Scope, _ secret: S3Secret) -> SymmetricKey {
        derived.withLock { derived in
            if let derived, derived.scope == scope, derived.secret == secret { return derived.key }
            var key = SymmetricKey(data: Array("AWS4\(secret.revealed)".utf8))
            for part in [scope.day, scope.region, scope.service, "aws4_request"] {
                key = SymmetricKey(
                    data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key).map { $0 })
            }
            derived = DerivedKey(scope: scope, secret: secret, key: key)
            return key
        }
    }
}
