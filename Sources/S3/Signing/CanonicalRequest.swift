internal import Crypto

/// A request as signature version 4 writes it down: both ends must come to the same bytes.
///
/// S3's own rules: the path is encoded once and not normalised, and the hash of the payload is a header too.
struct CanonicalRequest {
    /// The request in canonical form.
    let text: String
    /// Names of the headers it covers, in order, joined by semicolons.
    let signedHeaders: String

    /// - Parameters:
    ///   - path: Not encoded yet, with its leading slash.
    ///   - query: Not encoded yet, in any order.
    ///   - headers: All that are to be covered, `host` among them.
    ///   - payload: What `x-amz-content-sha256` says.
    init(
        method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], payload: String
    ) {
        let fields = Dictionary(grouping: headers) { $0.name.lowercased() }.sorted { $0.key < $1.key }
        signedHeaders = fields.map(\.key).joined(separator: ";")
        let lines = fields.map { name, fields in
            name + ":" + fields.map { Self.collapsed($0.value) }.joined(separator: ",") + "\n"
        }
        text = [
            method, path.percentEncoded(keepingSlashes: true), Self.query(query), lines.joined(), signedHeaders,
            payload,
        ].joined(separator: "\n")
    }

    /// Encoded and sorted, as it must stand in the URL as well.
    static func query(_ query: [(name: String, value: String)]) -> String {
        query.map { (name: $0.name.percentEncoded(), value: $0.value.percentEncoded()) }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// Without space around it, and single spaces within.
    private static func collapsed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }

    /// SHA-256 of the canonical form.
    var digest: String { SHA256.hash(data: Array(text.utf8)).map { $0 }.hexadecimal }
}
