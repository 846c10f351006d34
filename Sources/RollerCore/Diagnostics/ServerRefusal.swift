internal import YAMLDocument

/// What a config server says when it refuses or fails: `{kind, value, message, hint}`, as YAML or JSON.
public struct ServerRefusal: Hashable, Sendable {
    /// What kind of thing it is about, or what kind of refusal: `package`, `replicating`.
    public let kind: String?
    /// The value it is about.
    public let value: String?
    /// What is wrong.
    public let message: String?
    /// Something one can do.
    public let hint: String?

    /// Reads the body of an answer. Nil when it is of no such form, as from a proxy in between.
    public static func read(_ body: [UInt8]) -> ServerRefusal? {
        // JSON is YAML as far as such an answer goes (YAML 1.2, section 1.3).
        guard let root = YAMLDocument.parse(body).root, root.mapping != nil else { return nil }
        let refusal = ServerRefusal(
            kind: root["kind"]?.text, value: root["value"]?.text, message: root["message"]?.text,
            hint: root["hint"]?.text)
        return refusal.kind == nil && refusal.message == nil ? nil : refusal
    }
}
