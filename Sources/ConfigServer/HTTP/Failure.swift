internal import GitRepository
internal import HTTPTypes
internal import NIOHTTP1
internal import OrderedCollections
internal import RollerCore

/// An error as clients see it. This is the one place where errors become statuses.
struct Failure: Sendable {
    let status: HTTPResponse.Status
    /// One word for programs.
    let kind: String
    /// What was given that is wrong; empty where nothing was.
    let value: String
    let message: String
    var hint: String?
    /// More that programs may want, in order.
    var details: [(key: String, value: Value)] = []
    var headers: HTTPFields = [:]
    /// Whether the server is at fault, so that somebody should look into its log.
    var isOurs: Bool { [500, 507].contains(status.code) }

    /// What `error` means to a client.
    init(_ error: any Error) {
        switch error {
        case let error as UnknownName:
            self.init(.notFound, kind: error.kind, value: error.value, message: error.message, hint: error.hint)
        case let error as RequestError: self.init(error)
        case let error as SnapshotError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as BucketError: self.init(error)
        case let error as ReceiptProblem: self.init(error)
        case let error as ReceiptRefusal:
            self.init(.conflict, kind: "receipt", value: error.id, message: error.message)
        case let error as Overload: self.init(error)
        case let error as HTTPParserError: self.init(error)
        default: self.init(.internalServerError, kind: "internal", value: "", message: "the server failed")
        }
    }

    init(
        _ status: HTTPResponse.Status, kind: String, value: String, message: String, hint: String? = nil
    ) {
        self.status = status
        self.kind = kind
        self.value = value
        self.message = message
        self.hint = hint
    }

    /// As a value: `kind`, `value`, `message`, `hint` where there is one, and what more there is.
    var asValue: Value {
        var entries: [(String, Value)] = [
            ("kind", .string(kind)), ("value", .string(value)), ("message", .string(message)),
        ]
        if let hint { entries.append(("hint", .string(hint))) }
        for (key, value) in details { entries.append((key, value)) }
        return .map(.init(entries, uniquingKeysWith: { first, _ in first }))
    }
}

extension Failure {
    private init(_ error: RequestError) {
        let status: HTTPResponse.Status =
            switch error {
            case .badTarget, .repeatedParameter, .unknownParameter, .badParameter, .missingHeader, .repeatedHost,
                .badHeader, .bodyCut:
                .badRequest
            case .unknownTransferCoding: .notImplemented
            case .noCoding: .notAcceptable
            case .targetTooLong: .uriTooLong
            case .noSuchPath: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .bodyTooLarge: .contentTooLarge
            case .bodyTooSlow, .headTooSlow: .requestTimeout
            case .unauthorised: .unauthorized
            case .forbidden, .otherHost: .forbidden
            }
        self.init(status, kind: error.kind, value: error.value, message: error.message, hint: error.hint)
        if case .methodNotAllowed(_, let allowed) = error { headers[.allow] = allowed.joined(separator: ", ") }
        if case .bodyTooSlow = error { headers[.connection] = "close" }
        if case .unauthorised = error { headers[.wwwAuthenticate] = "Bearer" }
    }

    private init(_ error: ReceiptProblem) {
        let status: HTTPResponse.Status
        switch error {
        case .tooLarge: status = .contentTooLarge
        case .unreadable: status = .badRequest
        case .otherFormat, .bad: status = .unprocessableContent
        }
        self.init(status, kind: "receipt", value: "", message: error.message, hint: error.hint)
    }

    private init(_ error: SnapshotError) {
        switch error {
        case .git(let cause): self.init(cause)
        case .nothingServed(let refusal):
            self.init(
                .serviceUnavailable, kind: "no-snapshot", value: refusal?.revision?.rawValue ?? "",
                message: error.message, hint: refusal?.hint ?? error.hint)
            headers[.retryAfter] = "2"
            if let refusal { details = refusal.details }
        case .busy:
            self.init(.serviceUnavailable, kind: "busy", value: "", message: error.message, hint: error.hint)
            headers[.retryAfter] = "1"
        case .movedTag(let release, let was, let now):
            self.init(.conflict, kind: "moved-tag", value: release.rawValue, message: error.message, hint: error.hint)
            details = [("was", .string(was.rawValue)), ("now", .string(now.rawValue))]
        case .unresolved(let host, let findings):
            self.init(.unprocessableContent, kind: "findings", value: host.rawValue, message: error.message)
            details = [("findings", findings.asValue)]
        case .unreadable(let release, let findings):
            self.init(.unprocessableContent, kind: "findings", value: release.rawValue, message: error.message)
            details = [("findings", findings.asValue)]
        case .findings(let revision, let findings):
            self.init(
                .serviceUnavailable, kind: "findings", value: revision.rawValue, message: error.message,
                hint: error.hint)
            details = [("findings", findings.asValue)]
        case .noBranch(let branch):
            self.init(.serviceUnavailable, kind: "no-branch", value: branch, message: error.message, hint: error.hint)
        }
    }

    private init(_ error: GitError) {
        switch error {
        case .noSuchRevision(let text):
            self.init(.notFound, kind: "revision", value: text, message: error.message, hint: error.hint)
        case .ambiguousRevision(let text, _), .invalidRevision(let text, _), .notACommit(let text, _):
            self.init(.badRequest, kind: "revision", value: text, message: error.message, hint: error.hint)
        default:
            self.init(
                .internalServerError, kind: "repository", value: "", message: "the server cannot read the repository")
        }
    }

    private init(_ error: StoreError) {
        let status: HTTPResponse.Status
        switch error {
        case .missing: status = .notFound
        case .replicating: status = .serviceUnavailable
        case .conflict: status = .conflict
        case .digestDiffers, .otherPackage, .archiveMissing, .sizeDiffers, .badManifest, .badArchive, .differs:
            status = .unprocessableContent
        case .noSpace: status = .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .file, .damaged: status = .internalServerError
        }
        self.init(status, kind: error.kind, value: error.value, message: error.publicMessage, hint: error.hint)
        if case .replicating = error { headers[.retryAfter] = "2" }
        if case .conflict(_, let existing, let offered) = error {
            details = [("existing", existing), ("offered", offered)]
        }
    }
}

extension Refusal {
    /// What more there is to say of it, for an error or for /readyz.
    var details: [(key: String, value: Value)] {
        findings.isEmpty ? [] : [("findings", findings.asValue)]
    }
}

extension [Diagnostic] {
    /// Findings as people and programs read them; the first hundred, errors before others.
    var asValue: Value {
        let ordered = filter { $0.severity == .error } + filter { $0.severity != .error }
        return .list(
            ordered.prefix(100).map { finding in
                var entries: [(String, Value)] = [
                    ("code", .string(finding.code.rawValue)), ("severity", .string(finding.severity.rawValue)),
                    ("file", .string(finding.location.file)), ("line", .int(finding.location.line)),
                    ("column", .int(finding.location.column)), ("message", .string(finding.message)),
                ]
                if let hint = finding.hint { entries.append(("hint", .string(hint))) }
                return .map(.init(uniqueKeysWithValues: entries))
            })
    }
}
