extension Diagnostic {
    /// This finding as people read it: the place and message, the line with a caret below, related places, the hint.
    /// - Parameter text: The text of a file of the repository, for the excerpt; nil where it is not at hand.
    ///   Names of files and values come from strangers: what could steer a terminal is shown by its number.
    /// - Parameter paint: Puts colour around the severity and code, where there is a terminal to show it.
    public func text(
        source text: (String) -> String?, paint: (String, Severity) -> String = { label, _ in label }
    ) -> String {
        let label = paint("\(severity)[\(code.rawValue)]", severity)
        var lines = ["\(printable("\(location)")): \(label): \(printable(message))"]
        if let excerpt = excerpt(of: location, in: text(location.file)) { lines.append(contentsOf: excerpt) }
        for place in related {
            lines.append(printable("\(place.location): \(place.message)"))
            if let excerpt = excerpt(of: place.location, in: text(place.location.file)) {
                lines.append(contentsOf: excerpt)
            }
        }
        if let hint { lines.append(printable("hint: \(hint)")) }
        return lines.joined(separator: "\n")
    }
}

/// The line of `location` with its number, and a second line with carets below what is meant. Long lines are cut around
/// it; tabs and control characters show as spaces, so that the carets stand where they should.
private func excerpt(of location: SourceLocation, in text: String?) -> [String]? {
    guard location.line > 0, let text else { return nil }
    // By scalars: CR LF is one character to Swift, and two to everyone who counts columns.
    let lines = text.unicodeScalars.split(separator: "\n", maxSplits: location.line, omittingEmptySubsequences: false)
    guard lines.count >= location.line else { return nil }
    var scalars = lines[location.line - 1].map { steersTerminals($0) ? " " : $0 }
    var start = min(max(0, location.column - 1), scalars.count)
    let widest = 72  // with the number before it, what a terminal of 80 columns shows
    if scalars.count > widest {
        let from = max(0, min(start - 30, scalars.count - widest))
        scalars = Array(scalars[from..<min(scalars.count, from + widest)])
        start -= from
    }
    let shown = String(String.UnicodeScalarView(scalars))
    let number = "\(location.line)"
    let margin = String(repeating: " ", count: max(0, 5 - number.utf8.count))
    let carets = min(location.length, max(1, scalars.count - start))
    return [
        "\(margin)\(number) | \(shown)",
        "      | " + String(repeating: " ", count: start) + String(repeating: "^", count: carets),
    ].map { $0.last == " " ? String($0.reversed().drop { $0 == " " }.reversed()) : $0 }
}

/// `text` in its lines, with nothing in them that a terminal would act on or that reorders what is read; tabs stay.
public func printableLines(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { steersTerminals($0) && $0 != "\n" && $0 != "\t" }) else { return text }
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.split(separator: "\t", omittingEmptySubsequences: false).map { printable(String($0)) }
            .joined(separator: "\t")
    }.joined(separator: "\n")
}

/// `text` on one line, with nothing in it that a terminal would act on or that reorders what is read.
public func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steersTerminals) else { return text }
    return text.unicodeScalars.map { scalar in
        steersTerminals(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
}

/// Control characters, line separators, and the controls of writing direction (Unicode TR 9).
private func steersTerminals(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
}
