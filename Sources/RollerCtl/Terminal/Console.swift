import Glibc
import RollerCore
import SystemPackage

/// Where data and words go: data to standard output, words to standard error.
struct Console: Sendable {
    /// The two ways out.
    enum Stream: Hashable, Sendable {
        case output, errors
    }

    /// Writes all of a text.
    let write: @Sendable (Stream, String) throws -> Void
    /// Where colour is wanted.
    let coloured: Set<Stream>
    /// Whether somebody watches standard error, for what is overwritten later.
    let showsProgress: Bool

    /// Colour on terminals, unless `NO_COLOR` is set to something (no-color.org) or the terminal is dumb.
    static func process(variables: [String: String]) -> Console {
        let wantsColour = (variables["NO_COLOR"] ?? "").isEmpty && variables["TERM"] != "dumb"
        var coloured: Set<Stream> = []
        if wantsColour, isatty(STDOUT_FILENO) == 1 { coloured.insert(.output) }
        if wantsColour, isatty(STDERR_FILENO) == 1 { coloured.insert(.errors) }
        return Console(
            write: { stream, text in
                let descriptor: FileDescriptor = stream == .output ? .standardOutput : .standardError
                _ = try descriptor.writeAll(text.utf8)
            }, coloured: coloured, showsProgress: isatty(STDERR_FILENO) == 1 && variables["TERM"] != "dumb")
    }

    /// Writes data as it is.
    func print(_ text: String) throws {
        do {
            try write(.output, text)
        } catch {
            throw OutputError(cause: error)
        }
    }

    /// Writes a line of words.
    func note(_ line: String) {
        // There is nowhere else to say that words cannot be said.
        try? write(.errors, line + "\n")
    }

    /// Writes a line of words that somebody should look at.
    func warn(_ line: String) { note(paint("warning:", .yellow, on: .errors) + " " + line) }

    /// Writes what failed and why, and what can be done.
    func report(_ error: any Error) {
        note(paint("error:", .red, on: .errors) + " " + explain(error).withoutControls)
        if let hint = outermostHint(of: error) { note("hint: \(hint)") }
    }

    /// Colours of the sixteen that every terminal has.
    enum Colour: Int {
        case red = 31
        case yellow = 33
        case cyan = 36
    }

    /// `text` in bold and in colour where `stream` takes it.
    func paint(_ text: String, _ colour: Colour, on stream: Stream) -> String {
        coloured.contains(stream) ? "\u{1b}[1;\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }
}

/// The hint of the level that has one, outermost first.
private func outermostHint(of error: any Error) -> String? {
    guard let error = error as? any RollerError else { return nil }
    return error.hint ?? error.cause.flatMap(outermostHint)
}

/// Standard output took no more, as a full disk does.
private struct OutputError: RollerError {
    let cause: (any Error)?
    var message: String { "cannot write to standard output" }
}

extension String {
    /// Control characters but line breaks and tabs replaced, so that text from outside cannot steer the terminal.
    var withoutControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || $0.value == 0x7f ? "?" : $0 }))
    }
}
