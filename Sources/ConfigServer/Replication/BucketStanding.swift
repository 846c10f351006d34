internal import RollerCore

/// How following the bucket goes.
struct BucketStanding: Sendable {
    /// When it was last looked into; nil where that did not succeed yet since the server's start.
    var seen: ContinuousClock.Instant?
    /// Why the last look failed; nil where it succeeded or none has ended yet.
    var failure: String?
    /// How many failed since the server's start.
    var failures = 0

    /// Seconds since what is known of the bucket was the newest.
    var age: Int? { seen.map { max(0, Int((ContinuousClock.now - $0).components.seconds)) } }

    /// For programs.
    var entries: [(String, Value)] {
        var entries: [(String, Value)] = []
        if let age { entries.append(("age", .int(age))) }
        if let failure { entries.append(("failure", .string(failure))) }
        entries.append(("failures", .int(failures)))
        return entries
    }
}
