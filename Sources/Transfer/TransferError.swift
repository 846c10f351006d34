public import SystemPackage

/// Why an exchange came to no answer. A status such as 404 or 503 is an answer, not an error.
public enum TransferError: Error, Sendable, Hashable {
    /// What is wrong with a header that was given.
    public enum HeaderFault: Sendable, Hashable {
        /// The name is no token.
        case name
        /// The value holds a control character.
        case value
        /// The header is set by the client itself.
        case reserved
    }

    /// What took too long.
    public enum Phase: Sendable, Hashable {
        /// Name look-up, connection and TLS.
        case connect
        /// All of it.
        case whole
    }

    /// What a bound was set on.
    public enum Part: Sendable, Hashable {
        /// The body.
        case body
        /// The header lines.
        case headers
    }

    /// The URL cannot be used. `url` comes without query and credentials.
    case badURL(url: String, why: String)
    /// A header given with the request cannot be sent.
    case badHeader(name: String, HeaderFault)
    /// The parts of the request do not go together.
    case badRequest(String)
    /// The name of the server or proxy has no address, or nobody could be asked.
    case nameLookup(host: String)
    /// Nothing listens there.
    case connectionRefused(host: String)
    /// No connection could be made for another reason, such as no route.
    case unreachable(host: String, Errno?)
    /// The server's certificate is not one to trust.
    case untrusted(host: String, reason: String)
    /// TLS could not be agreed on, or the connection ended meanwhile: the two cannot be told apart.
    case tls(host: String, reason: String)
    /// The CA file, client certificate or key given in the options cannot be used.
    case tlsFiles(reason: String)
    /// A time limit passed.
    case timedOut(Phase, after: Duration)
    /// The data came or went too slowly for too long.
    case stalled(below: Int64, for: Duration)
    /// There was more than allowed; reading stopped there.
    case tooLarge(Part, limit: Int64)
    /// The server announces another size than the one expected.
    case wrongSize(announced: Int64, expected: Int64)
    /// The connection ended before the answer did. `received` counts the bytes of its body.
    case cut(received: Int64, expected: Int64?)
    /// The answer breaks the rules of HTTP, so that it cannot be told what it says.
    case malformedResponse(String)
    /// A local file could not be opened, read or written.
    case localFile(FilePath, Errno)
    /// The file being sent became shorter meanwhile.
    case fileShrank(FilePath)
    /// Somebody asked to stop.
    case cancelled
    /// Anything else that libcurl reports, with its own code.
    case other(code: Int, text: String)
}

extension TransferError {
    /// Whether the same request may succeed at another moment.
    public var isTransient: Bool {
        switch self {
        case .nameLookup, .connectionRefused, .unreachable, .tls, .timedOut, .stalled, .cut: true
        case .badURL, .badHeader, .badRequest, .untrusted, .tlsFiles, .tooLarge, .wrongSize, .malformedResponse,
            .localFile, .fileShrank, .cancelled, .other:
            false
        }
    }

    /// Whether another server may do better: the fault lies neither in the request nor on this machine.
    public var isWorthAnotherServer: Bool {
        switch self {
        case .nameLookup, .connectionRefused, .unreachable, .timedOut, .stalled, .cut, .untrusted, .tls, .tooLarge,
            .wrongSize,
            .malformedResponse, .other, .badURL:
            true
        case .badHeader, .badRequest, .tlsFiles, .localFile, .fileShrank, .cancelled: false
        }
    }
}

extension TransferError: CustomStringConvertible {
    /// What went wrong, in words, without the URL's query.
    public var message: String {
        switch self {
        case .badURL(let url, let why): "cannot use the URL '\(url)': \(why)"
        case .badHeader(let name, .name): "'\(name.onOneLine)' is no name for a header"
        case .badHeader(let name, .value): "the value of header '\(name)' holds a control character"
        case .badHeader(let name, .reserved): "header '\(name)' is set by the client itself"
        case .badRequest(let why): why
        case .nameLookup(let host): "cannot find an address for '\(host)'"
        case .connectionRefused(let host): "\(host) refuses the connection"
        case .unreachable(let host, let errno?): "cannot connect to \(host): \(errno)"
        case .unreachable(let host, nil): "cannot connect to \(host)"
        case .untrusted(let host, let reason): "\(host) cannot be trusted: \(reason)"
        case .tls(let host, let reason): "no TLS connection to \(host): \(reason)"
        case .tlsFiles(let reason): "cannot set up TLS: \(reason)"
        case .timedOut(.connect, let after): "no connection within \(after)"
        case .timedOut(.whole, let after): "not finished within \(after)"
        case .stalled(let rate, let window): "slower than \(rate) bytes a second for \(window)"
        case .tooLarge(.body, let limit): "the answer has more than \(limit) bytes"
        case .tooLarge(.headers, let limit): "the answer has more than \(limit) bytes of headers"
        case .wrongSize(let announced, let expected): "the server announces \(announced) bytes in place of \(expected)"
        case .cut(let received, let expected?): "the answer ended after \(received) of \(expected) bytes"
        case .cut(0, nil): "the connection ended without an answer"
        case .cut(let received, nil): "the answer was cut off after \(received) bytes"
        case .malformedResponse(let why): "the answer is malformed: \(why)"
        case .localFile(let path, let errno): "\(path): \(errno)"
        case .fileShrank(let path): "\(path) became shorter while it was sent"
        case .cancelled: "cancelled"
        case .other(let code, let text): "\(text) (libcurl error \(code))"
        }
    }

    /// The same as `message`.
    public var description: String { message }
}

extension String {
    /// Control characters replaced, so that text from outside stays on its line.
    var onOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
    }
}
