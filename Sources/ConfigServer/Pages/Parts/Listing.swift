internal import OrderedCollections
internal import RollerCore

/// Lines of a text with their numbers, as code is shown: a file, or a diff.
struct Listing: Sendable {
    /// What it is, for who cannot see it.
    let caption: String
    var lines: [Line]
    /// What stands below, such as that there is more.
    var footer = Phrase.nothing
    /// Whether lines carry numbers at all.
    var isNumbered = true

    /// One line.
    struct Line: Sendable {
        var tokens: [Token]
        /// How it is marked; a class of the style sheet.
        var kind = Kind.plain
        /// Its number; nil for a line that has none, such as the head of a part of a diff.
        var number: Int?
        /// What the number leads to; its own place where empty.
        var link = ""
        /// The name of its place; empty for none.
        var anchor = ""
        /// What is said of it, right of it.
        var note = Phrase.nothing

        enum Kind: String, Sendable {
            case plain, added, removed, part, marked
        }
    }

    /// A stretch of a line and what it is in its language.
    struct Token: Sendable {
        let text: String
        let kind: Kind

        /// The names are classes of the style sheet.
        enum Kind: String, Sendable {
            case plain, key, string, number, comment, tag
        }

        init(_ text: String, _ kind: Kind = .plain) {
            self.text = printableLines(text)
            self.kind = kind
        }
    }

    /// As many lines as one page shows of one text.
    static let limit = 2000

    var scope: Value {
        .map([
            "caption": .string(printable(caption)), "any": .bool(!lines.isEmpty), "footer": .bool(!footer.isEmpty),
            "footnote": footer.scope,
            "numbered": .bool(isNumbered), "noted": .bool(lines.contains { !$0.note.isEmpty }),
            "lines": .list(
                lines.map { line in
                    .map([
                        "kind": .string(line.kind.rawValue), "anchor": .string(line.anchor),
                        "number": .string(line.number.map(String.init) ?? ""), "link": .string(line.link),
                        "tokens": .list(
                            line.tokens.map {
                                .map([
                                    "text": .string($0.text), "kind": .string($0.kind.rawValue),
                                    "special": .bool($0.kind != .plain),
                                ])
                            }),
                        "note": line.note.scope,
                    ])
                }),
        ])
    }
}

extension Listing {
    /// A file as it is, its lines numbered so that they can be linked to.
    init(file bytes: [UInt8], path: String, note: (Int) -> Phrase = { _ in .nothing }) {
        self.caption = path
        guard case .text(let text) = FileContents(bytes) else {
            lines = []
            footer = .quiet("\(ByteCount(Int64(bytes.count))), not text")
            return
        }
        let tokens = path.hasSuffix(".yml") ? highlightedYAML(bytes) : plainLines(text)
        lines = tokens.prefix(Self.limit).enumerated().map { index, tokens in
            Line(
                tokens: tokens, number: index + 1, link: "#L\(index + 1)", anchor: "L\(index + 1)",
                note: note(index + 1))
        }
        if tokens.count > Self.limit {
            footer = .quiet("\(Self.limit.grouped) of \(tokens.count.grouped) lines are shown.")
        }
        if tokens.isEmpty { footer = .quiet("The file is empty.") }
    }

    /// A unified diff.
    /// - Parameter limit: As many lines as are shown.
    init(diff text: String, caption: String, limit: Int = 400) {
        let all = textLines(text).drop { $0.hasPrefix("--- ") || $0.hasPrefix("+++ ") }
        self.init(caption: caption, lines: all.prefix(limit).map(Listing.line(ofDiff:)), isNumbered: false)
        if all.count > limit { footer = .quiet("\(limit.grouped) of \(all.count.grouped) lines are shown.") }
    }

    private static func line(ofDiff text: String) -> Line {
        let kind: Line.Kind =
            switch text.utf8.first {
            case UInt8(ascii: "+"): .added
            case UInt8(ascii: "-"): .removed
            case UInt8(ascii: "@"), UInt8(ascii: "\\"): .part
            default: .plain
            }
        return Line(tokens: [Token(text)], kind: kind)
    }
}

/// The lines of a text, split by bytes: CR LF is one character to Swift.
func textLines(_ text: String) -> [String] {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
}

private func plainLines(_ text: String) -> [[Listing.Token]] { textLines(text).map { [Listing.Token($0)] } }
