/// The differences of two texts in unified form, as `diff -u` writes them: three lines of context around each change.
/// - Parameters:
///   - name: What the texts are of; stands in the header as `a/NAME` and `b/NAME`.
/// - Returns: Empty for equal texts.
public func unifiedDiff(_ old: String, _ new: String, name: String) -> String {
    guard old != new else { return "" }
    let before = DiffText(old)
    let after = DiffText(new)
    var out = "--- a/\(name)\n+++ b/\(name)\n"
    for hunk in hunks(diffLines(before.lines, after.lines)) {
        out += hunk.header + "\n"
        for line in hunk.lines {
            out += line.mark + line.text + "\n"
            let isLastOld = line.old == before.lines.count - 1 && !before.endsInBreak && line.mark != "+"
            let isLastNew = line.new == after.lines.count - 1 && !after.endsInBreak && line.mark != "-"
            if isLastOld || isLastNew { out += "\\ No newline at end of file\n" }
        }
    }
    return out
}

/// A text as lines, and whether the last of them ends in a line break.
private struct DiffText {
    let lines: [Substring]
    let endsInBreak: Bool

    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        endsInBreak = lines.last?.isEmpty ?? true
        if endsInBreak { lines.removeLast() }
        self.lines = lines
    }
}

/// One line of a diff. `old` and `new` are its positions in the texts; for a line of one text alone, the other's is
/// where it would stand.
private struct DiffLine {
    let mark: String
    let text: Substring
    let old: Int
    let new: Int
}

private struct Hunk {
    let lines: [DiffLine]

    /// `@@ -first,count +first,count @@`; an empty side names the line before it (POSIX diff -u).
    var header: String {
        let oldLines = lines.filter { $0.mark != "+" }
        let newLines = lines.filter { $0.mark != "-" }
        let old = oldLines.first.map { $0.old + 1 } ?? lines.first?.old ?? 0
        let new = newLines.first.map { $0.new + 1 } ?? lines.first?.new ?? 0
        return "@@ -\(side(old, oldLines.count)) +\(side(new, newLines.count)) @@"
    }

    private func side(_ first: Int, _ count: Int) -> String { count == 1 ? "\(first)" : "\(first),\(count)" }
}

private func diffLines(_ old: [Substring], _ new: [Substring]) -> [DiffLine] {
    let difference = new.difference(from: old)
    let removed = Set(difference.removals.map(\.offset))
    let inserted = Set(difference.insertions.map(\.offset))
    var lines: [DiffLine] = []
    var i = 0
    var j = 0
    while i < old.count || j < new.count {
        if i < old.count, removed.contains(i) {
            lines.append(DiffLine(mark: "-", text: old[i], old: i, new: j))
            i += 1
        } else if j < new.count, inserted.contains(j) {
            lines.append(DiffLine(mark: "+", text: new[j], old: i, new: j))
            j += 1
        } else {
            lines.append(DiffLine(mark: " ", text: old[i], old: i, new: j))
            i += 1
            j += 1
        }
    }
    return lines
}

private func hunks(_ lines: [DiffLine]) -> [Hunk] {
    let context = 3
    var found: [Hunk] = []
    var current: Range<Int>?
    for (position, line) in lines.enumerated() where line.mark != " " {
        let around = max(0, position - context)..<min(lines.count, position + context + 1)
        if let open = current, around.lowerBound <= open.upperBound {
            current = open.lowerBound..<around.upperBound
        } else {
            if let open = current { found.append(Hunk(lines: Array(lines[open]))) }
            current = around
        }
    }
    if let open = current { found.append(Hunk(lines: Array(lines[open]))) }
    return found
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
