/// Text that must not be shown. However it is printed, interpolated, dumped or logged, it reads `(secret)`.
public struct S3Secret: Sendable, Hashable {
    /// The text itself. Nobody but the signer and the headers of a request has use for it.
    let revealed: String

    /// Hides `text`.
    public init(_ text: String) { revealed = text }
}

extension S3Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same word.
    public var description: String { "(secret)" }
    /// Always the same word.
    public var debugDescription: String { description }
    /// Shows no child, so that `dump` and interpolation of whatever holds this find nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
