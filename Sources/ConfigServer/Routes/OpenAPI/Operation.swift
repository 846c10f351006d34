internal import HTTPTypes
internal import RollerCore

/// What is said of one route to those who write programs against it.
struct Operation: Sendable {
    /// What an operation answers when all is well.
    enum Content: Sendable {
        /// A value, as YAML or as JSON. YAML is the file as it is in the repository, where it is one.
        case value(Schema)
        /// A list of names or maps, of which a part can be asked for.
        case list(Schema)
        /// A comparison: as YAML, as JSON, or as text for terminals.
        case diff(Schema)
        /// JSON alone.
        case json(Schema)
        /// Bytes of these media types.
        case bytes([String])
        /// A whole archive, or a range of it.
        case archive
    }

    let method: HTTPRequest.Method
    let pattern: String
    /// What the operation does, in a sentence.
    let summary: String
    let content: Content
    /// The parameters of its query.
    let query: [String]
    /// Those of them that must be there.
    let required: Set<String>
    /// What else it may answer.
    let statuses: [Int]
    /// The scope of the token that it takes.
    let scope: TokenScope?
    /// The headers and the media type of what it takes.
    let upload: Upload?

    /// What is sent with a request.
    struct Upload: Sendable {
        let type: String
        var schema = Schema.text
        let headers: [String]
    }

    private init(
        _ method: HTTPRequest.Method, _ pattern: String, _ summary: String, _ content: Content, query: [String] = [],
        required: Set<String> = [], statuses: [Int], scope: TokenScope? = nil, upload: Upload? = nil
    ) {
        self.method = method
        self.pattern = pattern
        self.summary = summary
        self.content = content
        self.query = query
        self.required = required
        self.statuses = statuses
        self.scope = scope
        self.upload = upload
    }

    /// Something said of a commit: of the one served, or of `?at=`.
    static func view(_ pattern: String, _ summary: String, _ content: Content, _ query: [String] = []) -> Operation {
        let hasAt: [String] =
            switch content {
            case .list: ["at", "format", "limit", "after"]
            case .value, .json: ["at", "format"]
            case .diff: ["at", "format", "details"]
            case .bytes, .archive: ["at"]
            }
        return Operation(
            .get, pattern, summary, content, query: hasAt + query, statuses: [304, 400, 404, 409, 422])
    }

    /// Something that is read, with exactly these parameters.
    static func read(
        _ pattern: String, _ summary: String, _ content: Content, query: [String] = [], required: Set<String> = [],
        statuses: [Int]
    ) -> Operation {
        Operation(.get, pattern, summary, content, query: query, required: required, statuses: statuses)
    }

    /// Something that is done.
    static func post(_ pattern: String, _ summary: String, _ content: Content, scope: TokenScope) -> Operation {
        Operation(
            .post, pattern, summary, content, query: ["format"], statuses: [400, 401], scope: scope)
    }

    /// Something that is handed in, and finds a place for itself.
    static func post(
        _ pattern: String, _ summary: String, _ content: Content, scope: TokenScope, _ upload: Upload
    ) -> Operation {
        Operation(
            .post, pattern, summary, content, query: ["format"],
            statuses: [201, 400, 401, 404, 409, 413, 422, 507], scope: scope, upload: upload)
    }

    /// What another server says by itself, signed with a secret that both know.
    static func webhook(_ pattern: String, _ summary: String) -> Operation {
        Operation(
            .post, pattern, summary, .value(.object([("accepted", .bool)])), query: ["format"],
            statuses: [202, 400, 401, 413], upload: Upload(type: "application/json", schema: .any, headers: []))
    }

    /// Something that is sent.
    static func put(_ pattern: String, _ summary: String, _ upload: Upload) -> Operation {
        Operation(
            .put, pattern, summary, .value(.reference("Published")), query: ["format"],
            statuses: [201, 400, 401, 404, 409, 413, 422, 507], scope: .publish, upload: upload)
    }
}
