internal import HTTPTypes
internal import NIOHTTP1
internal import RollerCore

extension Failure {
    /// A request that may be made again later.
    init(_ error: Overload) {
        let (status, kind): (HTTPResponse.Status, String) =
            switch error {
            case .rate: (.tooManyRequests, "rate")
            case .connections: (.tooManyRequests, "connections")
            case .busy: (.serviceUnavailable, "busy")
            }
        self.init(status, kind: kind, value: error.value, message: error.message, hint: error.hint)
        headers[.retryAfter] = "\(error.retryAfter)"
        // Another connection can be closed instead of this one; what is too fast or too much may come over this one later.
        if case .connections = error { headers[.connection] = "close" }
    }

    /// Bytes that are no request of HTTP/1.1, or none that every reader would take for the same (RFC 9112, section 11.2).
    init(_ error: HTTPParserError) {
        if case .headerOverflow = error {
            self.init(
                .requestHeaderFieldsTooLarge, kind: "header", value: "",
                message: "the head of the request is too large",
                hint: "send fewer and shorter headers and a shorter address")
        } else {
            self.init(
                .badRequest, kind: "request", value: "", message: "this is no request of HTTP/1.1: \(error.reason)")
        }
        headers[.connection] = "close"
    }
}

extension HTTPParserError {
    /// What is wrong, for people.
    fileprivate var reason: String {
        switch self {
        case .invalidVersion: "the version of HTTP cannot be read"
        case .invalidMethod: "the method cannot be read"
        case .invalidURL, .invalidPath, .invalidQueryString, .invalidFragment, .invalidHost, .invalidPort:
            "the address cannot be read"
        case .lfExpected: "a line does not end with CR and LF"
        case .invalidHeaderToken: "a header cannot be read"
        case .invalidContentLength: "the Content-Length cannot be read, or is there twice"
        case .unexpectedContentLength: "Content-Length and Transfer-Encoding are both there"
        case .invalidChunkSize: "the size of a chunk cannot be read"
        case .invalidEOFState: "it ends in the middle"
        default: "it cannot be read"
        }
    }
}
