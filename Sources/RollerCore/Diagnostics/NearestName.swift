/// The known name that `name` was probably meant to be: up to one slip in short names, three in long ones.
/// - Returns: The first of the nearest, or nil when none is near.
func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.utf8)
    guard wanted.count <= 64 else { return nil }  // the effort grows with the square, and nobody mistypes that
    var allowed = wanted.count <= 3 ? 1 : wanted.count <= 8 ? 2 : 3
    var best: String?
    for candidate in known where abs(candidate.utf8.count - wanted.count) <= allowed {
        let slips = countSlips(from: wanted, to: Array(candidate.utf8))
        guard slips <= allowed, slips < wanted.count else { continue }
        if slips == 0 { return candidate }
        best = candidate
        allowed = slips - 1
    }
    return best
}

/// How many bytes were added, left out, mistaken or swapped with their neighbour (optimal string alignment distance).
private func countSlips(from a: [UInt8], to b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var row = [i + 1]
        for (j, y) in b.enumerated() {
            var slips = min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { slips = min(slips, beforeLast[j - 1] + 1) }
            row.append(slips)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
