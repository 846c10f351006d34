/// An operation that failed: what was tried, on what, and why.
///
/// `message` speaks of its own level only. `explain` joins the levels once, where they are shown.
public protocol RollerError: Error, Sendable {
    /// What was tried, on what: one clause without a full stop.
    var message: String { get }
    /// What went wrong beneath, if this level did not find it itself.
    var cause: (any Error)? { get }
    /// Something one can do.
    var hint: String? { get }
}

extension RollerError {
    public var cause: (any Error)? { nil }
    public var hint: String? { nil }
}

/// The messages of `error` and its causes, outermost first, joined by colons.
public func explain(_ error: any Error) -> String {
    guard let error = error as? any RollerError else { return "\(error)" }
    guard let cause = error.cause else { return error.message }
    return "\(error.message): \(explain(cause))"
}
