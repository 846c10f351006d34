internal import Synchronization
internal import Transfer

/// One request to a bucket, before it has a date and a signature.
struct S3Call {
    /// As S3 calls it.
    var operation: String
    var method: HTTPRequest.Method
    /// Empty for the bucket itself.
    var key = ""
    var query: [(name: String, value: String)] = []
    /// Headers beside those that signing brings; all of them are signed.
    var headers: [(name: String, value: String)] = []
    var body = HTTPRequest.Body.none
    /// What the body hashes to; nil when there is none.
    var digest: BodyDigest?
    /// SHA-256 of a body for which no checksum is to be kept.
    var payload: [UInt8]?
    var limits: TransferLimits?
}

/// SHA-256 of nothing.
let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

extension S3Bucket {
    func resource(_ key: String) -> String { key.isEmpty ? endpoint.bucket : "\(endpoint.bucket)/\(key)" }

    func error(_ reason: S3Error.Reason, _ call: S3Call) -> S3Error {
        S3Error(reason, call.operation, resource(call.key))
    }

    /// Dates and signs `call`.
    func signed(_ call: S3Call, by credentials: S3Credentials) -> HTTPRequest {
        let time = UTCTime(seconds: options.surroundings.now() + clockOffset.withLock { $0 })
        let path = endpoint.path(call.key)
        let payload =
            switch options.payloadSigning {
            case .unsigned where call.digest != nil: "UNSIGNED-PAYLOAD"
            case .signed, .unsigned: (call.digest?.sha256 ?? call.payload)?.hexadecimal ?? emptyDigest
            }
        var headers = call.headers
        if let digest = call.digest {
            if options.sendsChecksum { headers.append(("x-amz-checksum-sha256", digest.sha256.base64)) }
            if let md5 = digest.md5 { headers.append(("Content-MD5", md5.base64)) }
        }
        headers += [("x-amz-content-sha256", payload), ("x-amz-date", time.stamp)]
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token.revealed)) }
        let canonical = CanonicalRequest(
            method: call.method.rawValue, path: path, query: call.query, headers: headers + [("host", endpoint.host)],
            payload: payload)
        headers.append(("Authorization", signer.authorization(for: canonical, at: time, by: credentials)))
        let query = CanonicalRequest.query(call.query)
        let url =
            "\(endpoint.scheme)://\(endpoint.host)\(path.percentEncoded(keepingSlashes: true))"
            + (query.isEmpty ? "" : "?\(query)")
        return HTTPRequest(url: url, method: call.method, headers: headers, body: call.body, limits: call.limits)
    }
}
