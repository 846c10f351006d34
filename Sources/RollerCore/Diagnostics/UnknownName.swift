/// A name that is not known, and what may have been meant: the answer to a question about it.
public struct UnknownName: RollerError, Hashable {
    /// What kind of thing was asked for: `host`, `hostclass`, `package`.
    public let kind: String
    /// The name as it was given.
    public let value: String
    /// The nearest known name.
    public let nearest: String?

    /// A name that is not among `known`.
    public init(_ kind: String, _ value: String, among known: some Sequence<String>) {
        self.kind = kind
        self.value = value
        nearest = nearestName(to: value, among: known)
    }

    public var message: String { "there is no \(kind) '\(value)'" }
    public var hint: String? { nearest.map { "did you mean '\($0)'?" } }
}
