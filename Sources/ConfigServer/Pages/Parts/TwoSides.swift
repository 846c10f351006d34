internal import OrderedCollections
internal import RollerCore

/// Two texts side by side, what is the same in both on one line.
struct TwoSides: Sendable {
    let caption: String
    /// What the two are of.
    let titles: (old: String, new: String)
    let rows: [Row]
    var footer = Phrase.nothing

    /// A line of either text; nil where it has none there.
    struct Row: Sendable {
        let old: Side?
        let new: Side?
        /// Whether this begins another part: lines between were left out.
        var isPart = false
    }

    /// A line, its number, and whether it is only on this side.
    struct Side: Sendable {
        let number: Int
        let text: String
        let isChanged: Bool
    }

    var scope: Value {
        let side = { (side: Side?, kind: String) -> Value in
            .map([
                "number": .string(side.map { "\($0.number)" } ?? ""),
                "text": .string(side.map { printableLines($0.text) } ?? ""),
                "kind": .string(side == nil ? "absent" : side?.isChanged == true ? kind : "plain"),
            ])
        }
        return .map([
            "caption": .string(printable(caption)), "oldTitle": .string(printable(titles.old)),
            "newTitle": .string(printable(titles.new)), "footer": .bool(!footer.isEmpty), "footnote": footer.scope,
            "rows": .list(
                rows.map {
                    .map(["part": .bool($0.isPart), "old": side($0.old, "removed"), "new": side($0.new, "added")])
                }),
        ])
    }
}

extension TwoSides {
    /// What a unified diff says, side by side.
    /// - Parameter limit: As many rows as are shown.
    init(diff text: String, caption: String, titles: (old: String, new: String), limit: Int = 400) {
        var rows: [Row] = []
        var (removed, added): ([Side], [Side]) = ([], [])
        var (old, new) = (1, 1)
        let flush = { (rows: inout [Row], removed: inout [Side], added: inout [Side]) in
            for index in 0..<max(removed.count, added.count) {
                rows.append(
                    Row(
                        old: index < removed.count ? removed[index] : nil,
                        new: index < added.count ? added[index] : nil))
            }
            (removed, added) = ([], [])
        }
        for line in textLines(text).dropFirst(2) {
            let body = String(decoding: line.utf8.dropFirst(), as: UTF8.self)
            switch line.utf8.first {
            case UInt8(ascii: "-"):
                removed.append(Side(number: old, text: body, isChanged: true))
                old += 1
            case UInt8(ascii: "+"):
                added.append(Side(number: new, text: body, isChanged: true))
                new += 1
            case UInt8(ascii: "@"):
                flush(&rows, &removed, &added)
                if let starts = Self.starts(ofPart: line) { (old, new) = starts }
                if !rows.isEmpty { rows.append(Row(old: nil, new: nil, isPart: true)) }
            case UInt8(ascii: "\\"): continue
            default:
                flush(&rows, &removed, &added)
                rows.append(
                    Row(
                        old: Side(number: old, text: body, isChanged: false),
                        new: Side(number: new, text: body, isChanged: false)))
                (old, new) = (old + 1, new + 1)
            }
        }
        flush(&rows, &removed, &added)
        self.init(caption: caption, titles: titles, rows: Array(rows.prefix(limit)))
        if rows.count > limit { footer = .quiet("\(limit.grouped) of \(rows.count.grouped) lines are shown.") }
    }

    /// The first lines that `@@ -12,3 +14,5 @@` speaks of.
    private static func starts(ofPart line: String) -> (Int, Int)? {
        let numbers = line.split(separator: " ").dropFirst().prefix(2).map { part in
            Int(part.dropFirst().prefix { $0 != "," })
        }
        guard numbers.count == 2, let old = numbers[0], let new = numbers[1] else { return nil }
        return (old, new)
    }
}
