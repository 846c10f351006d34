import RollerCore
import SystemPackage
import Transfer

/// A config server's store of packages, as one who publishes or locks sees it.
struct PackageServer: Sendable {
    /// The address, without a slash at its end.
    let base: String
    private let client: HTTPClient
    private let token: String?
    private let retry = RetryPolicy()
    private let sleep: @Sendable (Duration) async throws -> Void
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - url: A scheme, a host and a port.
    ///   - token: What writing needs.
    init(_ url: String, _ options: ServerOptions, token: String?, in surroundings: Surroundings) throws {
        var base = url[...]
        while base.utf8.last == UInt8(ascii: "/") { base = base.dropLast() }
        self.base = String(base)
        self.token = token
        sleep = surroundings.sleep
        now = surroundings.now
        var transfer = TransferOptions(userAgent: "rollerctl/\(RollerCtl.version)")
        transfer.limits.maxBodyBytes = Int64(ManifestFile.limit)
        // A server that has all of an archive still reads it once before it answers.
        transfer.limits.stall = TransferLimits.Stall(bytesPerSecond: 1 << 10, window: .seconds(120))
        transfer.caFile = options.caFile.map(surroundings.resolve)
        client = try HTTPClient(options: transfer)
    }

    /// What came of putting something.
    enum PutResult {
        case made, alreadyThere
    }

    /// The text of a package's manifest; nil where the server has no such package.
    func manifest(of id: PackageID) async throws -> [UInt8]? {
        let url = base + id.resource
        let response = try await send(HTTPRequest(url: url))
        switch response.status {
        case 200: return response.body
        case 404: return nil
        default: throw ServerError.refused("get", url, response)
        }
    }

    /// The text of a package's manifest, for one who brings the package: nil as well where hosts wait for it already, as on
    /// a server whose store is being restored.
    func published(_ id: PackageID) async throws -> [UInt8]? {
        let url = base + id.resource
        let response = try await send(HTTPRequest(url: url), until: \.isOfAwaitedPackage)
        switch response.status {
        case 200: return response.body
        case 404: return nil
        case _ where response.isOfAwaitedPackage: return nil
        default: throw ServerError.refused("get", url, response)
        }
    }

    /// Sends an archive.
    func put(
        archive: FilePath, digest: Digest, of id: PackageID, progress: (@Sendable (TransferProgress) -> Void)?
    ) async throws -> PutResult {
        try await put(
            HTTPRequest(
                url: "\(base)\(id.resource)/archive", method: .put,
                headers: [("Content-Type", "application/zstd"), ("Roller-Digest", digest.rawValue)],
                body: .file(archive)), progress)
    }

    /// Sends a manifest: what makes the package exist.
    func put(manifest: [UInt8], of id: PackageID) async throws -> PutResult {
        try await put(
            HTTPRequest(
                url: "\(base)\(id.resource)/manifest", method: .put,
                headers: [("Content-Type", "text/plain; charset=utf-8")], body: .bytes(manifest)), nil)
    }

    private func put(
        _ request: HTTPRequest, _ progress: (@Sendable (TransferProgress) -> Void)?
    ) async throws -> PutResult {
        var request = request
        request.headers.append(("Accept", "application/json"))
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        let response = try await send(request, progress)
        switch response.status {
        case 200: return .alreadyThere
        case 201: return .made
        default: throw ServerError.refused("put", request.url, response)
        }
    }

    /// How often to ask a server that still passes a package on to its bucket: each time it takes half a minute.
    private static let patience = 120

    /// Sends a request, again where only the moment was to blame: all requests here may be made twice.
    /// - Parameter isAnswer: Whether a response is the answer, and asking again brings no other.
    func send(
        _ request: HTTPRequest, _ progress: (@Sendable (TransferProgress) -> Void)? = nil,
        until isAnswer: (HTTPResponse) -> Bool = { _ in false }
    ) async throws -> HTTPResponse {
        var attempt = 1
        var waits = 0
        while true {
            var wait: Duration?
            do throws(TransferError) {
                let response = try await client.send(request, progress: progress)
                let isPassedOn =
                    response.status == 503 && request.method == .put
                    && ServerRefusal.read(response.body)?.kind == "replicating"
                if isPassedOn, waits < Self.patience {
                    waits += 1
                    attempt = 0
                }
                guard response.isTransient, !isAnswer(response), attempt < retry.attempts else { return response }
                wait = response.headers.retryAfter(now: now())
            } catch {
                guard error.isTransient, attempt < retry.attempts else {
                    throw ServerError.unreachable(request.url, cause: error)
                }
            }
            try await sleep(retry.delay(attempt: attempt, retryAfter: wait) { Double.random(in: $0) })
            attempt += 1
        }
    }
}

extension HTTPResponse {
    /// Whether a server says that hosts need the package and that it has not got it.
    fileprivate var isOfAwaitedPackage: Bool { status == 503 && ServerRefusal.read(body)?.kind == "replicating" }
}

/// What a config server did not do.
enum ServerError: RollerError {
    case unreachable(String, cause: TransferError)
    case refused(String, String, HTTPResponse)
    case noToken
    case badToken(String)
    case plainToken(String)
    case otherBytes(PackageID, own: Digest, published: Digest)

    var message: String {
        switch self {
        case .unreachable(let url, _): "cannot reach \(url)"
        case .refused(let verb, let url, let response):
            "cannot \(verb) \(url): "
                + (ServerRefusal.read(response.body)?.message ?? "the server answers \(response.status)")
        case .noToken: "publishing needs a token"
        case .badToken(let place): "the token in \(place) is not one line of visible ASCII"
        case .plainToken(let url): "'\(url)' would carry the token over the network in plain text"
        case .otherBytes(let id, let own, let published):
            "\(id) is published with other bytes: \(published) there, \(own) here"
        }
    }

    var cause: (any Error)? {
        if case .unreachable(_, let cause) = self { cause } else { nil }
    }

    var hint: String? {
        switch self {
        case .unreachable: nil
        case .refused(_, _, let response):
            ServerRefusal.read(response.body)?.hint ?? ServerError.hint(for: response.status)
        case .noToken:
            "put it into ROLLER_TOKEN, or into a file that --token-file names; `rollerctl token new` makes one"
        case .badToken: "`rollerctl token new` makes one that is"
        case .plainToken: "use https, or say --allow-plain-http"
        case .otherBytes: "a version never changes its bytes: build it as a new version"
        }
    }

    private static func hint(for status: Int) -> String? {
        switch status {
        case 401: "the server does not know the token"
        case 403: "the token does not allow this"
        case 409: "a version never changes its bytes: build it as a new version"
        case 422: "what arrived is not what its digest or manifest says; try again"
        case 404: "is that the address of a config server?"
        case 503: "the server has not got it all yet; try again in a moment"
        default: nil
        }
    }
}
