internal import Synchronization
internal import Transfer

extension S3Bucket {
    /// Reads an answer that is no success: its status, and the error document that most come with.
    func refusal(_ response: HTTPResponse, _ call: S3Call, by credentials: S3Credentials) -> S3Error {
        // HEAD and some gateways send no document, or none of S3's: the status has to do then.
        let document = response.isBodyCut ? nil : try? XMLElement(document: response.body)
        let root = document.flatMap { $0.name == "Error" ? $0 : nil }
        return refusal(status: response.status, root, response.headers, call, by: credentials)
    }

    func refusal(
        status: Int, _ document: XMLElement?, _ headers: HTTPHeaders, _ call: S3Call, by credentials: S3Credentials?
    ) -> S3Error {
        let code = document?["Code"]?.shortened
        var failure = error(
            reason(status: status, code: code, document, headers, call, id: credentials?.accessKeyID ?? ""), call)
        failure.status = status
        failure.code = code
        failure.detail = document?["Message"]?.shortened
        failure.requestID = (headers["x-amz-request-id"] ?? document?["RequestId"])?.shortened
        return failure
    }

    private func reason(
        status: Int, code: String?, _ document: XMLElement?, _ headers: HTTPHeaders, _ call: S3Call, id: String
    ) -> S3Error.Reason {
        switch code {
        case "NoSuchKey": return .noSuchKey
        case "NoSuchBucket": return .noSuchBucket
        case "NoSuchUpload": return .noSuchUpload
        case "SignatureDoesNotMatch": return .wrongSecret(accessKeyID: id)
        case "InvalidAccessKeyId", "InvalidClientTokenId": return .unknownAccessKey(accessKeyID: id)
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired": return .expiredToken(accessKeyID: id)
        case "RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired":
            return .clockSkew(ahead: clockAhead(headers))
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
            "IllegalLocationConstraintException":
            if let region = document?["Region"] ?? headers["x-amz-bucket-region"] {
                return .wrongRegion(expected: region.shortened)
            }
            return status < 400 ? .wrongRegion(expected: nil) : .refused
        case "PreconditionFailed": return .alreadyExists
        case "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException":
            return .unavailable
        default: break
        }
        // Some servers have no word of their own for it.
        if status == 403 || code == "AccessDenied", let ahead = clockAhead(headers),
            abs(ahead.wholeSeconds + clockOffset.withLock { $0 }) > 900
        {
            return .clockSkew(ahead: ahead)
        }
        switch status {
        case 404 where call.method == .head && !call.key.isEmpty: return .noSuchKey
        case 403: return .accessDenied(accessKeyID: id)
        case 412: return .alreadyExists
        case 301, 307, 308: return .wrongRegion(expected: headers["x-amz-bucket-region"]?.shortened)
        case 408, 429, 500, 502, 503, 504: return .unavailable
        default: return .refused
        }
    }

    /// How far this machine's clock is ahead of the service's.
    private func clockAhead(_ headers: HTTPHeaders) -> Duration? {
        headers.date.map { .seconds(options.surroundings.now() - $0) }
    }
}

extension String {
    /// One line without control characters, of 200 characters at most: text of others in messages of ours.
    var shortened: String {
        let scalars = unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
