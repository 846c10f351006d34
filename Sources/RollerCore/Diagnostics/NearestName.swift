/// As many names as are compared letter by letter. Whoever asks for names that are not there must not keep a server with
/// a hundred thousand hosts busy.
private let comparedNames = 2000

/// The known name that `name` was probably meant to be: up to one slip in short names, three in long ones.
///
/// Of more than two thousand names of a fitting length, those that share the first letters with `name`, or its last
/// ones, are looked at first, and no more than two thousand in all: a slip leaves one end of a name as it was.
/// - Returns: The nearest, of several the first by name, whatever order they come in; nil when none is near.
func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.utf8)
    guard wanted.count <= 64 else { return nil }  // the effort grows with the square, and nobody mistypes that
    var allowed = wanted.count <= 3 ? 1 : wanted.count <= 8 ? 2 : 3
    var best: String?
    for candidate in candidates(for: wanted, among: known, allowed: allowed) {
        guard abs(candidate.utf8.count - wanted.count) <= allowed else { continue }
        let slips = countSlips(from: wanted, to: Array(candidate.utf8))
        guard slips <= allowed, slips < wanted.count else { continue }
        if slips == 0 { return candidate }
        if slips == allowed, let best, best < candidate { continue }
        best = candidate
        allowed = slips  // from here on the best one's own
    }
    return best
}

/// The names of about the length of `wanted`, in their order; of very many the likeliest.
func candidates(for wanted: [UInt8], among known: some Sequence<String>, allowed: Int) -> [String] {
    let fitting = known.filter { abs($0.utf8.count - wanted.count) <= allowed }
    guard fitting.count > comparedNames else { return fitting }
    // By how much of both ends is left as it was: names that differ by one slip keep all but one letter.
    var byLikeness: [[String]] = Array(repeating: [], count: wanted.count + 1)
    for name in fitting {
        let front = zip(wanted, name.utf8).prefix { $0 == $1 }.count
        let back = zip(wanted.reversed(), name.utf8.reversed()).prefix { $0 == $1 }.count
        byLikeness[min(front + back, wanted.count)].append(name)
    }
    return Array(byLikeness.reversed().joined().prefix(comparedNames))
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
