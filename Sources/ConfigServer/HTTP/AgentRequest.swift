internal import HTTPTypes

/// A request as agents send it, over and over: a host's bundle or its file, and no more than the headers that decide the
/// answer. All others are read by the router.
struct AgentRequest {
    /// What is asked for.
    enum View: String {
        case file = "/v1/hosts/{host}"
        case bundle = "/v1/hosts/{host}/bundle"

        /// As the metrics know it.
        var route: String { rawValue }
    }

    let view: View
    /// The host's name, if there is such a host.
    let host: String
    let format: Format
    let acceptEncoding: String?
    let ifNoneMatch: String?

    private static let prefix = "/v1/hosts/"
    private static let bundleSuffix = "/bundle"

    /// Nil for any request that is not plainly one of these: another method or path, a query, a body, a header twice, one
    /// that asks for something of the connection.
    init?(_ request: HTTPRequest) {
        guard request.method == .get, request.authority != nil, let path = request.path, path.hasPrefix(Self.prefix)
        else { return nil }
        var name = path.dropFirst(Self.prefix.count)
        if name.hasSuffix(Self.bundleSuffix) {
            name = name.dropLast(Self.bundleSuffix.count)
            view = .bundle
        } else {
            view = .file
        }
        // What names of hosts are made of; anything to decode or to refuse is not for here.
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        guard isPlain, !name.isEmpty else { return nil }
        var accept: String?
        var (acceptEncoding, ifNoneMatch): (String?, String?) = (nil, nil)
        for field in request.headerFields {
            switch field.name {
            case .accept where accept == nil: accept = field.value
            case .acceptEncoding where acceptEncoding == nil: acceptEncoding = field.value
            case .ifNoneMatch where ifNoneMatch == nil: ifNoneMatch = field.value
            case .accept, .acceptEncoding, .ifNoneMatch, .host, .connection, .upgrade, .expect, .contentLength,
                .transferEncoding:
                return nil
            default: continue
            }
        }
        self.acceptEncoding = acceptEncoding
        self.ifNoneMatch = ifNoneMatch
        guard let format = Self.format(accept) else { return nil }
        self.format = format
        host = String(name)
    }

    /// The format, without a list made of a header that nearly always has one of three values.
    private static func format(_ accept: String?) -> Format? {
        switch accept {
        case nil, "*/*": .yaml
        case "application/json": .json
        default: try? Format(parameter: nil, accept: accept)
        }
    }
}
