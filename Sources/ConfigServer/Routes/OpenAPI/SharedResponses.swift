internal import RollerCore

/// An answer that any operation may give, whatever it is about: described once for all.
struct SharedResponse: Sendable {
    let status: Int
    /// Its name among the components of the document.
    let name: String
    let description: String
    /// Whether it always says when to ask again; nil where it never does.
    var saysWhenToAskAgain: Bool?

    /// All of them, by status.
    static let all = [
        SharedResponse(
            status: 403, name: "Forbidden",
            description: "The token does not allow this, or the certificate that the client shows is another host's."),
        SharedResponse(
            status: 406, name: "NotAcceptable",
            description: "Accept-Encoding takes the answer neither plain nor compressed with gzip."),
        SharedResponse(
            status: 408, name: "RequestTimeout", description: "The head or the body of the request came too slowly."),
        SharedResponse(status: 414, name: "URITooLong", description: "The address is too long."),
        SharedResponse(
            status: 429, name: "TooManyRequests",
            description: "The client's address makes too many requests, or has too many connections.",
            saysWhenToAskAgain: true),
        SharedResponse(
            status: 431, name: "RequestHeaderFieldsTooLarge",
            description: "The request has too many headers, or too long ones."),
        SharedResponse(
            status: 503, name: "ServiceUnavailable",
            description:
                "Not now: the server has too much to do, serves no commit yet, or waits for the package from elsewhere.",
            saysWhenToAskAgain: false),
    ]

    /// A reference to it.
    var reference: Value { .entries([("$ref", .string("#/components/responses/\(name)"))]) }

    /// As the document has it.
    var value: Value {
        var entries: [(String, Value)] = [("description", .string(description))]
        if let saysWhenToAskAgain {
            let header = Value.entries([
                ("description", .string("In how many seconds to ask again.")),
                ("required", .bool(saysWhenToAskAgain)), ("schema", Schema.count.value),
            ])
            entries.append(("headers", .entries([("Retry-After", header)])))
        }
        return .entries(entries + [("content", .entries(OpenAPIDocument.errors))])
    }
}

extension OpenAPIDocument {
    /// What an answer holds that says what is wrong.
    static let errors = Format.allCases.map { format in
        (format.mediaType, Value.entries([("schema", Schema.reference("Error").value)]))
    }
}
