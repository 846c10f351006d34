/// The differences of two texts in unified form, as `diff -u` writes them: three lines of context around each change.
/// - Parameters:
///   - name: What the texts are of; stands in the header as `a/NAME` and `b/NAME`.
/// - Returns: Empty for equal texts.
public func unifiedDiff(_ old: String, _ new: String, name: String) -> String {
    let before = diffableLines(old)
    let after = diffableLines(new)
    guard before != after else { return "" }
    var out = Array("--- a/\(name)\n+++ b/\(name)\n".utf8)
    for hunk in hunks(diffLines(before, after)) {
        out += Array((hunk.header + "\n").utf8)
        for line in hunk.lines {
            out += Array(line.mark.utf8) + line.text
            if line.text.last != newline { out += Array("\n\\ No newline at end of file\n".utf8) }
        }
    }
    return String(decoding: out, as: UTF8.self)
}

private let newline = UInt8(ascii: "\n")

/// The lines of a text as bytes, each with its line break: a last line without one differs from the same with one. Bytes,
/// since to Swift two ways to write an accent are equal, and CR LF is one character.
private func diffableLines(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
        let end = bytes[start...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
        lines.append(bytes[start..<end])
        start = end
    }
    return lines
}

/// One line of a diff. `old` and `new` are its positions in the texts; for a line of one text alone, the other's is
/// where it would stand.
private struct DiffLine {
    let mark: String
    let text: ArraySlice<UInt8>
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

/// More lines than these, once what is common to both ends is taken away, are shown as replaced: the effort to find the
/// least difference grows with the square of it, in time and in memory.
private let mostComparedLines = 4000

private func diffLines(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [DiffLine] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    let oldCore = Array(old[head..<(old.count - tail)])
    let newCore = Array(new[head..<(new.count - tail)])
    var removed = Set(head..<(old.count - tail))
    var inserted = Set(head..<(new.count - tail))
    if oldCore.count + newCore.count <= mostComparedLines {
        let difference = newCore.difference(from: oldCore)
        removed = Set(difference.removals.map { $0.offset + head })
        inserted = Set(difference.insertions.map { $0.offset + head })
    }
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
