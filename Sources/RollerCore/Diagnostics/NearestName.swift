/// Finds what somebody may have meant: the known name that the fewest edits turn into the one written.
/// - Returns: The nearest of `known`, or nil where even the nearest is too far off to be a slip of the hand.
func nearestName(to written: String, among known: some Sequence<String>) -> String? {
    let text = Array(written.unicodeScalars)
    var best: (name: String, distance: Int)?
    for name in known {
        let limit = max(1, min(3, max(text.count, name.unicodeScalars.count) / 3))
        guard abs(name.unicodeScalars.count - text.count) <= limit else { continue }
        let distance = editDistance(text, Array(name.unicodeScalars))
        guard distance <= limit else { continue }
        if let found = best, (found.distance, found.name) <= (distance, name) { continue }
        best = (name, distance)
    }
    return best?.name
}

/// Insertions, deletions, substitutions and swaps of neighbours (Damerau-Levenshtein, optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
