internal import HTTPTypes
internal import RollerCore

/// A method and a pattern of paths, and what answers there.
struct Route: Sendable {
    /// What a route does.
    enum Action: Sendable {
        /// Reads; HEAD works as well.
        case read(@Sendable (Call) async throws -> Answer)
        /// Does something that takes no body.
        case act(@Sendable (Call) async throws -> Answer)
        /// Takes a body. `check` sees the request before the body is sent for; its answer, if it gives one, spares it.
        case upload(
            check: @Sendable (Call) async throws -> Answer?,
            receive: @Sendable (Call, InboundBody) async throws -> Answer)
    }

    /// The pattern as it was written, such as `/v1/hosts/{host}`: also the name of the route in metrics.
    let pattern: String
    let method: HTTPRequest.Method
    /// The parameters of the query that it knows.
    let parameters: Set<String>
    let action: Action
    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case literal(String)
        case value(String)
        /// Everything that is left. Programs that make addresses from a template percent-encode its slashes; others do not.
        case rest(String)
    }

    private init(_ method: HTTPRequest.Method, _ pattern: String, _ parameters: Set<String>, _ action: Action) {
        self.method = method
        self.pattern = pattern
        self.parameters = parameters
        self.action = action
        parts = pattern.split(separator: "/").map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(String(part)) }
            let name = String(part.dropFirst().dropLast())
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .value(name)
        }
    }

    /// A route that reads.
    static func get(
        _ pattern: String, taking parameters: Set<String> = [],
        _ body: @escaping @Sendable (Call) async throws -> Answer
    ) -> Route {
        Route(.get, pattern, parameters, .read(body))
    }

    /// A route that does something.
    static func post(_ pattern: String, _ body: @escaping @Sendable (Call) async throws -> Answer) -> Route {
        Route(.post, pattern, ["format"], .act(body))
    }

    /// A route that does something with a body.
    static func post(
        _ pattern: String, receive: @escaping @Sendable (Call, InboundBody) async throws -> Answer
    ) -> Route {
        Route(.post, pattern, ["format"], .upload(check: { _ in nil }, receive: receive))
    }

    /// A route that takes a body.
    static func put(
        _ pattern: String, check: @escaping @Sendable (Call) async throws -> Answer?,
        receive: @escaping @Sendable (Call, InboundBody) async throws -> Answer
    ) -> Route {
        Route(.put, pattern, ["format"], .upload(check: check, receive: receive))
    }

    /// A route that takes a body and finds a place for it by itself.
    static func post(
        _ pattern: String, check: @escaping @Sendable (Call) async throws -> Answer?,
        receive: @escaping @Sendable (Call, InboundBody) async throws -> Answer
    ) -> Route {
        Route(.post, pattern, ["format"], .upload(check: check, receive: receive))
    }

    /// The values of the pattern's names, or nil where `components` are another path.
    fileprivate func match(_ components: [String]) -> [String: String]? {
        var values: [String: String] = [:]
        for (index, part) in parts.enumerated() {
            guard index < components.count else { return nil }
            switch part {
            case .literal(let text): guard components[index] == text else { return nil }
            case .value(let name):
                guard !components[index].contains("/") else { return nil }
                values[name] = components[index]
            case .rest(let name):
                values[name] = components[index...].joined(separator: "/")
                return values
            }
        }
        return components.count == parts.count ? values : nil
    }

    fileprivate func answers(_ method: HTTPRequest.Method) -> Bool {
        self.method == method || (self.method == .get && method == .head)
    }
}

/// All routes.
struct RouteTable: Sendable {
    let routes: [Route]

    /// The route of a request, and the values of its pattern.
    func find(
        _ method: HTTPRequest.Method, _ target: RequestTarget
    ) throws(RequestError) -> (route: Route, values: [String: String]) {
        var allowed: [String] = []
        for route in routes {
            guard let values = route.match(target.components) else { continue }
            if route.answers(method) { return (route, values) }
            allowed += route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
        }
        guard allowed.isEmpty else { throw .methodNotAllowed(method.rawValue, allowed: allowed) }
        let path = "/" + target.components.joined(separator: "/")
        if target.components.contains(where: { $0.contains("/") }) {
            throw .badTarget(path, why: "a slash is percent-encoded where it cannot be")
        }
        throw .noSuchPath(path)
    }
}

/// One request, as a route sees it.
struct Call: Sendable {
    /// What the pattern's names stand for in this request.
    let values: [String: String]
    /// The query; every parameter in it is one that the route knows.
    let query: [String: String]
    let headers: HTTPFields
    /// What is served, taken once: an answer comes from one commit alone.
    let standing: Standing
    /// Who asks.
    let connection: Connection
    /// Whether the request comes from this machine.
    var isLocal: Bool { connection.isLocal }

    /// The text in the path under a name of the pattern.
    subscript(name: String) -> String {
        guard let value = values[name] else { preconditionFailure("the pattern has no '\(name)'") }
        return value
    }

    /// The format that is asked for.
    func format() throws(RequestError) -> Format {
        try Format(parameter: query["format"], accept: headers[.accept])
    }

    /// What is served.
    func served() throws(SnapshotError) -> ServedSnapshot {
        guard let served = standing.served else { throw .nothingServed(standing.refusal) }
        return served
    }

    /// The snapshot asked for: of `?at=`, else the one served.
    func snapshot(_ history: History) async throws -> ServedSnapshot {
        guard let revision = query["at"] else { return try served() }
        if let served = standing.served, served.revision.rawValue == revision { return served }
        return try await history.snapshot(at: revision)
    }
}
