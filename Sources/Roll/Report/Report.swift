import RollerCore
import SystemPackage

/// What roll says while it works: words to stderr, one line each, so that cron mails and terminals both read well.
struct Report: Sendable, Equatable {
    /// Whether to tell each step, or only what went wrong.
    let isQuiet: Bool
    /// Whether to tell the curl command for each question to a server.
    let isVerbose: Bool

    /// One thing that happens.
    func step(_ name: String, _ what: String) {
        guard !isQuiet else { return }
        let padding = String(repeating: " ", count: max(1, 10 - name.count))
        standardError("\(name)\(padding)\(what)")
    }

    /// What one would type to ask the same.
    func curl(_ url: String, headers: [(name: String, value: String)] = []) {
        guard isVerbose else { return }
        let options = headers.map { " -H '\($0.name): \($0.value)'" }.joined()
        standardError("          curl -fsS\(options) \(url)")
    }

    /// What only those want to know who look closely.
    func aside(_ what: String) {
        guard isVerbose else { return }
        standardError("          \(what)")
    }

    /// What did not work and does not matter to how the roll ends.
    func warning(_ what: String) {
        standardError("warning: \(what)")
    }

    /// What went wrong, with what to do about it.
    func failure(_ error: any Error) {
        standardError("error: \(explain(error))")
        if let hint = (error as? any RollerError)?.hint { standardError("hint: \(hint)") }
    }
}

/// Writes words to stderr, with nothing in them that steers a terminal: much of it others said. Nothing is left to do when
/// even that fails.
func standardError(_ line: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array((printableLines(line) + "\n").utf8))
}

/// Writes data to stdout.
func standardOutput(_ text: String) throws {
    _ = try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
}
