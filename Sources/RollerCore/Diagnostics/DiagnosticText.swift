extension Diagnostic {
    /// This finding as people read it: the place and message, the line with a caret below, related places, the hint.
    /// - Parameter text: The text of a file of the repository, for the excerpt; nil where it is not at hand.
    public func text(source text: (String) -> String?) -> String {
        var lines = ["\(location): \(severity)[\(code.rawValue)]: \(message)"]
        if let excerpt = excerpt(of: location, in: text(location.file)) { lines.append(contentsOf: excerpt) }
        for place in related {
            lines.append("\(place.location): \(place.message)")
            if let excerpt = excerpt(of: place.location, in: text(place.location.file)) {
                lines.append(contentsOf: excerpt)
            }
        }
        if let hint { lines.append("hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}

/// The line of `location` with its number, and a second line with carets below what is meant. Long lines are cut around
/// it; tabs and control characters show as spaces, so that the carets stand where they should.
private func excerpt(of location: SourceLocation, in text: String?) -> [String]? {
    guard location.line > 0, let text else { return nil }
    let lines = text.split(separator: "\n", maxSplits: location.line, omittingEmptySubsequences: false)
    guard lines.count >= location.line else { return nil }
    var scalars = lines[location.line - 1].unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
    var start = min(max(0, location.column - 1), scalars.count)
    let widest = 110
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
