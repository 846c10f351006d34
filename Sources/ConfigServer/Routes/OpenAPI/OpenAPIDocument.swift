internal import HTTPTypes
internal import RollerCore

/// The description of the API as OpenAPI 3.1 has it, made from what is said of each operation.
enum OpenAPIDocument {
    /// The document.
    static let value: Value = .entries([
        ("openapi", .string("3.1.0")),
        (
            "info",
            .entries([
                ("title", .string("Roller config server")), ("version", .string(RollerVersion.text)),
                (
                    "description",
                    .string(
                        "What every host is to be, at any commit of the config repository. YAML unless JSON is asked for; every answer carries a strong ETag and honours If-None-Match; HEAD works wherever GET does."
                    )
                ),
            ])
        ), ("paths", .entries(paths)),
        (
            "components",
            .entries([
                ("schemas", .entries(Schema.shared.map { ($0.0, $0.1.value) })),
                ("responses", .entries(SharedResponse.all.map { ($0.name, $0.value) })),
                ("securitySchemes", .entries(TokenKind.allCases.map { ($0.rawValue, $0.value) })),
            ])
        ),
    ])

    private static var paths: [(String, Value)] {
        var order: [String] = []
        var byPath: [String: [(String, Value)]] = [:]
        for operation in Operation.all {
            if byPath[operation.pattern] == nil { order.append(operation.pattern) }
            byPath[operation.pattern, default: []].append(
                (operation.method.rawValue.lowercased(), operation.value))
        }
        return order.map { ($0, .entries(byPath[$0] ?? [])) }
    }
}

extension Operation {
    /// As the document has it.
    fileprivate var value: Value {
        var entries: [(String, Value)] = [("summary", .string(summary))]
        let parameters = pathParameters + queryParameters + headerParameters
        if !parameters.isEmpty { entries.append(("parameters", .list(parameters))) }
        if let upload {
            let schema = Value.entries([("schema", upload.schema.value)])
            entries.append(
                (
                    "requestBody",
                    .entries([("required", .bool(true)), ("content", .entries([(upload.type, schema)]))])
                ))
        }
        entries.append(("responses", .entries(responses)))
        if !security.isEmpty { entries.append(("security", .list(security))) }
        return .entries(entries)
    }

    /// What shows that somebody may: one of these is enough.
    private var security: [Value] {
        let kinds = TokenKind.allCases.filter { (scope == nil) == ($0 != .token) }
        guard scope != nil || upload != nil else { return [] }
        let tokens = kinds.map { Value.entries([($0.rawValue, .list([]))]) }
        // Whoever is on the server's own machine may have it look.
        return scope == .refresh ? [.entries([])] + tokens : tokens
    }

    private var pathParameters: [Value] {
        pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            return value(name, "path", Parameter.inPath(name, of: pattern), isRequired: true)
        }
    }

    private var queryParameters: [Value] {
        query.map { value($0, "query", Parameter.inQuery($0, of: self), isRequired: required.contains($0)) }
    }

    private var headerParameters: [Value] {
        (upload?.headers ?? []).map {
            .entries([
                ("name", .string($0)), ("in", .string("header")), ("required", .bool(true)),
                ("description", .string("The digest of what is sent.")), ("schema", Schema.digest.value),
            ])
        }
    }

    private func value(_ name: String, _ place: String, _ parameter: Parameter, isRequired: Bool) -> Value {
        .entries([
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)),
            ("description", .string(parameter.description)), ("schema", parameter.schema.value),
            ("example", parameter.example),
        ])
    }

    // MARK: Answers

    private var responses: [(String, Value)] {
        let fine = Value.entries([
            ("description", .string(summary)), ("headers", .entries(headers)), ("content", .entries(types)),
        ])
        let shared = Dictionary(uniqueKeysWithValues: SharedResponse.all.map { ($0.status, $0) })
        return Set([200] + statuses + shared.keys).sorted().map { status in
            switch status {
            case 200, 206: ("\(status)", fine)
            case 201, 202:
                (
                    "\(status)",
                    .entries([("description", .string("It is done, or will be.")), ("content", .entries(types))])
                )
            case 304: ("304", .entries([("description", .string("The client has it already."))]))
            case 416: ("416", .entries([("description", .string("No such range."))]))
            case 503 where pattern == "/readyz":
                ("503", .entries([("description", .string("It is not.")), ("content", .entries(types))]))
            default:
                (
                    "\(status)",
                    shared[status]?.reference
                        ?? .entries([
                            ("description", .string(HTTPResponse.Status(code: status).reasonPhrase)),
                            ("content", .entries(OpenAPIDocument.errors)),
                        ])
                )
            }
        }
    }

    private var headers: [(String, Value)] {
        let header = { (text: String, schema: Schema, isRequired: Bool) in
            Value.entries([
                ("description", .string(text)), ("required", .bool(isRequired)), ("schema", schema.value),
            ])
        }
        var headers = [
            ("Roller-Revision", header("The commit that it was made from.", .revision, false)),
            (
                "Roller-Snapshot-Age",
                header("Seconds since the commit that is served was last seen to be the newest.", .count, false)
            ),
        ]
        if method == .get { headers.insert(("ETag", header("What tells it from every other.", .text, true)), at: 0) }
        if query.contains("after") {
            if pattern != "/v1/fleet" {
                // Of one host's receipts the newest are read, and the others not counted; without a bucket there is no list.
                let isRequired = !["/v1/receipts", "/v1/replication"].contains(pattern)
                headers.append(("Roller-Total-Count", header("How many entries there are in all.", .count, isRequired)))
            }
            headers.append(("Link", header("Where the list goes on.", .text, false)))
        }
        return headers
    }

    private var types: [(String, Value)] {
        let values = Format.allCases.map(\.mediaType)
        switch content {
        case .value(let schema): return Self.content(values, schema)
        case .list(let schema): return Self.content(values, .list(schema))
        case .diff(let schema):
            return Self.content(values, schema) + Self.content(["text/plain; charset=utf-8"], .text)
        case .json(let schema): return Self.content([Format.json.mediaType], schema)
        case .bytes(let types): return Self.content(types, types == ["application/yaml"] ? .map : .text)
        case .archive: return Self.content(["application/octet-stream"], .text)
        }
    }

    private static func content(_ types: [String], _ schema: Schema) -> [(String, Value)] {
        types.map { ($0, .entries([("schema", schema.value)])) }
    }
}

/// What shows that somebody may do a thing.
private enum TokenKind: String, CaseIterable {
    case token
    case webhookSignature = "webhook-signature"
    case webhookToken = "webhook-token"

    /// As the document has it.
    var value: Value {
        switch self {
        case .token:
            .entries([("type", .string("http")), ("scheme", .string("bearer"))])
        case .webhookSignature:
            Self.header("X-Hub-Signature-256", "`sha256=` and the HMAC of the body, as GitHub sends it.")
        case .webhookToken: Self.header("X-Gitlab-Token", "The secret itself, as GitLab sends it.")
        }
    }

    private static func header(_ name: String, _ description: String) -> Value {
        .entries([
            ("type", .string("apiKey")), ("in", .string("header")), ("name", .string(name)),
            ("description", .string(description)),
        ])
    }
}
