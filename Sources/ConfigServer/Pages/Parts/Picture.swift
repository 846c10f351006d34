internal import OrderedCollections
internal import RollerCore

/// A picture drawn by the server, with what it shows as a table for who cannot see it.
struct Picture: Sendable {
    let title: String
    /// What one sees in it, in a sentence.
    let description: String
    fileprivate(set) var height = 0
    fileprivate(set) var boxes: [Box] = []
    fileprivate(set) var curves: [Curve] = []
    fileprivate(set) var labels: [Label] = []
    let table: Table

    static let width = 640

    /// A filled rectangle; `kind` is a class of the style sheet.
    struct Box: Sendable {
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let kind: String
        let title: String
    }

    /// Points joined by lines.
    struct Curve: Sendable {
        let points: [(x: Int, y: Int)]
        let kind: String
    }

    /// A text; `anchor` is `start`, `middle` or `end`.
    struct Label: Sendable {
        let x: Int
        let y: Int
        let text: String
        var anchor = "start"
        var kind = "label"
    }

    /// Empty yet.
    private init(title: String, description: String, table: Table) {
        self.title = title
        self.description = description
        self.table = table
    }

    var scope: Value {
        .map([
            "title": .string(printable(title)), "description": .string(printable(description)),
            "id": .string("picture-\(title)".anchor),
            "width": .int(Self.width), "height": .int(height), "table": table.scope,
            "boxes": .list(
                boxes.map {
                    .map([
                        "x": .int($0.x), "y": .int($0.y), "w": .int($0.width), "h": .int($0.height),
                        "kind": .string($0.kind), "tip": .string(printable($0.title)),
                    ])
                }),
            "curves": .list(
                curves.map { curve in
                    .map([
                        "kind": .string(curve.kind),
                        "points": .string(curve.points.map { "\($0.x),\($0.y)" }.joined(separator: " ")),
                    ])
                }),
            "labels": .list(
                labels.map {
                    .map([
                        "x": .int($0.x), "y": .int($0.y), "text": .string(printable($0.text)),
                        "end": .string($0.anchor), "kind": .string($0.kind),
                    ])
                }),
        ])
    }
}

extension Picture {
    /// A bar of a picture.
    struct Bar: Sendable {
        let name: String
        let amount: Double
        /// The amount as people read it.
        let text: String
        var kind = "bar"
    }

    /// One bar below the other, each as long as its amount. At most thirty are drawn; the table has them all.
    static func bars(title: String, description: String, of what: String, amount: String, _ bars: [Bar]) -> Picture {
        var picture = Picture(
            title: title, description: description,
            table: Table(
                caption: title, columns: [.init(what), .number(amount)],
                rows: bars.map { [.code($0.name), Phrase($0.text)] }))
        let drawn = bars.prefix(30)
        let most = max(drawn.map(\.amount).max() ?? 0, .leastNonzeroMagnitude)
        let (left, row) = (220, 24)
        for (index, bar) in drawn.enumerated() {
            let y = index * row
            let width = max(bar.amount > 0 ? 2 : 0, Int(bar.amount / most * Double(Self.width - left - 110)))
            picture.boxes.append(
                Box(x: left, y: y + 4, width: width, height: 16, kind: bar.kind, title: "\(bar.name): \(bar.text)"))
            picture.labels.append(Label(x: left - 8, y: y + 17, text: cut(bar.name, to: 30), anchor: "end"))
            picture.labels.append(Label(x: left + width + 6, y: y + 17, text: bar.text, kind: "figure"))
        }
        picture.height = max(row, drawn.count * row)
        return picture
    }

    /// One bar, divided by shares of a whole.
    static func shares(title: String, description: String, of what: String, _ shares: [Bar]) -> Picture {
        var picture = Picture(
            title: title, description: description,
            table: Table(
                caption: title, columns: [.init(what), .number("Hosts")],
                rows: shares.map { [Phrase($0.name), Phrase($0.text)] }))
        let whole = max(shares.reduce(0) { $0 + $1.amount }, 1)
        var (x, legend) = (0, 0)
        for share in shares where share.amount > 0 {
            let width = max(3, Int(share.amount / whole * Double(Self.width)))
            picture.boxes.append(
                Box(
                    x: x, y: 0, width: min(width, Self.width - x), height: 22, kind: share.kind,
                    title: "\(share.name): \(share.text)"))
            x += width + 1
        }
        for share in shares {
            let text = "\(share.name) \(share.text)"
            picture.boxes.append(Box(x: legend, y: 34, width: 10, height: 10, kind: share.kind, title: text))
            picture.labels.append(Label(x: legend + 15, y: 44, text: text))
            legend += 30 + text.unicodeScalars.count * 7
        }
        picture.height = 52
        return picture
    }

    /// How a number grew towards a whole over time, as stairs.
    /// - Parameter points: Times, in seconds since 1970, and the number from then on; sorted.
    static func stairs(
        title: String, description: String, of what: String, whole: Int, _ points: [(time: Int, count: Int)]
    ) -> Picture {
        var picture = Picture(
            title: title, description: description,
            table: Table(
                caption: title, columns: ["Time", .number(what)],
                rows: thinned(points).map { [.code(UTCTime(seconds: $0.time).forPeople), Phrase($0.count.grouped)] }))
        let (left, right, top, bottom) = (56, Self.width - 12, 10, 170)
        guard let first = points.first, let last = points.last else { return picture }
        let span = max(1, last.time - first.time)
        let most = max(whole, points.map(\.count).max() ?? 1, 1)
        let x = { (time: Int) in left + (time - first.time) * (right - left) / span }
        let y = { (count: Int) in bottom - count * (bottom - top) / most }
        for share in [0, most / 2, most] {
            picture.curves.append(Curve(points: [(left, y(share)), (right, y(share))], kind: "grid"))
            picture.labels.append(
                Label(x: left - 8, y: y(share) + 4, text: share.grouped, anchor: "end", kind: "figure"))
        }
        var stairs = [(x: x(first.time), y: y(first.count))]
        for point in points.dropFirst() {
            stairs.append((x(point.time), stairs[stairs.count - 1].y))
            stairs.append((x(point.time), y(point.count)))
        }
        stairs.append((right, stairs[stairs.count - 1].y))
        picture.curves.append(Curve(points: stairs, kind: "stairs"))
        picture.labels.append(Label(x: left, y: bottom + 18, text: UTCTime(seconds: first.time).forPeople))
        picture.labels.append(
            Label(x: right, y: bottom + 18, text: UTCTime(seconds: last.time).forPeople, anchor: "end"))
        picture.height = bottom + 26
        return picture
    }

    /// About fifty of many points, the first and the last among them.
    private static func thinned(_ points: [(time: Int, count: Int)]) -> [(time: Int, count: Int)] {
        let step = max(1, points.count / 50)
        return points.enumerated().filter { $0.offset % step == 0 || $0.offset == points.count - 1 }.map(\.element)
    }
}

/// The first scalars of a text, and dots where it is longer.
func cut(_ text: String, to count: Int) -> String {
    guard text.unicodeScalars.count > count else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(count - 1))) + "…"
}
