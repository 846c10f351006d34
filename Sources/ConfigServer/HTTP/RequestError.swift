internal import RollerCore

/// What is wrong with a request, whatever it is about.
enum RequestError: RollerError, Hashable {
    /// The target cannot be read.
    case badTarget(String, why: String)
    case targetTooLong(limit: Int)
    case repeatedParameter(String)
    case unknownParameter(String, known: [String])
    case badParameter(String, String, rule: String)
    /// Nothing has that path.
    case noSuchPath(String)
    case methodNotAllowed(String, allowed: [String])
    case missingHeader(String, hint: String)
    case repeatedHost
    case unknownTransferCoding(String)
    case badHeader(String, String, rule: String)
    /// The client takes the bytes neither plain nor compressed.
    case noCoding(String)
    case bodyTooLarge(limit: ByteCount)
    case bodyTooSlow
    case headTooSlow
    /// The client's certificate is that of another than this host.
    case otherHost(String, certificate: [String])
    /// Fewer bytes came than were announced.
    case bodyCut(announced: Int64, received: Int64)
    /// No token, or one that is not known.
    case unauthorised(why: String)
    /// A token that does not allow this.
    case forbidden(TokenScope)

    var message: String {
        switch self {
        case .badTarget(let target, let why): "cannot read the address '\(target)': \(why)"
        case .targetTooLong(let limit): "the address is longer than \(limit) bytes"
        case .repeatedParameter(let name): "the parameter '\(name)' is there twice"
        case .unknownParameter(let name, _): "there is no parameter '\(name)' here"
        case .badParameter(let name, let value, _): "'\(value)' is no value of the parameter '\(name)'"
        case .noSuchPath(let path): "nothing has the path '\(path)'"
        case .methodNotAllowed(let method, _): "the method \(method) does not work here"
        case .missingHeader(let name, _): "the header \(name) is missing"
        case .repeatedHost: "the header Host is there twice"
        case .unknownTransferCoding(let coding): "the transfer coding '\(coding)' is not known"
        case .badHeader(let name, let value, _): "'\(value)' is no value of the header \(name)"
        case .noCoding(let header): "'\(header)' takes an answer neither plain nor compressed with gzip"
        case .bodyTooLarge(let limit): "the body is larger than \(limit)"
        case .bodyTooSlow: "the body comes too slowly"
        case .headTooSlow: "the head of the request comes too slowly"
        case .otherHost(let host, let names):
            "the client's certificate is for \(names.isEmpty ? "no name" : names.joined(separator: ", ")), not for \(host)"
        case .bodyCut(let announced, let received): "the body ended after \(received) of \(announced) bytes"
        case .unauthorised(let why): why
        case .forbidden(let scope): "the token does not have the scope \(scope.rawValue)"
        }
    }

    var hint: String? {
        switch self {
        case .unknownParameter(let name, let known):
            UnknownName("parameter", name, among: known).hint
                ?? (known.isEmpty
                    ? "leave it out" : "the parameters here are \(known.sorted().joined(separator: ", "))")
        case .badParameter(_, _, let rule), .badHeader(_, _, let rule): "use \(rule)"
        case .noSuchPath: "the lists begin at /v1/hosts, /v1/hostclasses, /v1/datacenters and /v1/packages"
        case .methodNotAllowed(_, let allowed): "use \(allowed.joined(separator: ", "))"
        case .missingHeader(_, let hint): hint
        case .unauthorised: "send `Authorization: Bearer TOKEN` with a token of the server's --tokens file"
        case .forbidden(let scope): "give the token the scope \(scope.rawValue) in the server's --tokens file"
        case .noCoding: "allow gzip or identity in Accept-Encoding, or leave the header out"
        case .unknownTransferCoding: "send the body with a Content-Length, or in chunks"
        case .otherHost: "ask with that host's certificate, or without one, or send a token with the scope read"
        case .headTooSlow, .bodyTooSlow: "send it at once, over a new connection"
        case .badTarget, .targetTooLong, .repeatedParameter, .repeatedHost, .bodyTooLarge, .bodyCut: nil
        }
    }

    /// What kind of thing is wrong, for programs.
    var kind: String {
        switch self {
        case .badTarget, .targetTooLong: "address"
        case .repeatedParameter, .unknownParameter, .badParameter: "parameter"
        case .noSuchPath: "path"
        case .methodNotAllowed: "method"
        case .missingHeader, .repeatedHost, .unknownTransferCoding, .badHeader, .noCoding: "header"
        case .headTooSlow: "request"
        case .otherHost: "certificate"
        case .bodyTooLarge, .bodyTooSlow, .bodyCut: "body"
        case .unauthorised, .forbidden: "token"
        }
    }

    /// What the request gave, as it was given. Never a token.
    var value: String {
        switch self {
        case .badTarget(let target, _): target
        case .repeatedParameter(let name), .unknownParameter(let name, _): name
        case .badParameter(_, let value, _), .badHeader(_, let value, _): value
        case .noSuchPath(let path): path
        case .methodNotAllowed(let method, _): method
        case .missingHeader(let name, _): name
        case .unknownTransferCoding(let coding): coding
        case .noCoding(let header): header
        case .repeatedHost: "Host"
        case .forbidden(let scope): scope.rawValue
        case .otherHost(let host, _): host
        case .targetTooLong, .bodyTooLarge, .bodyTooSlow, .headTooSlow, .bodyCut, .unauthorised: ""
        }
    }
}
