internal import OrderedCollections
internal import RollerCore

/// Words on a page: stretches of text, some of them links. Every text is escaped where the page is rendered, and what
/// could hide itself or turn the writing direction around is shown by its number.
struct Phrase: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// A stretch of text and what it is.
    struct Span: Hashable, Sendable {
        let text: String
        let kind: Kind
        /// Where it leads; empty for what is no link.
        let link: String
    }

    /// What a stretch of text is. The names are classes of the style sheet.
    enum Kind: String, Hashable, Sendable {
        case plain
        /// A name, a value, a path: whatever a person may want to copy.
        case code
        /// Said in passing.
        case quiet
        case strong
        /// Labels, by how they are meant.
        case good, bad, warn, info
    }

    private(set) var spans: [Span]

    init(_ text: String, _ kind: Kind = .plain, link: String = "") {
        spans = text.isEmpty ? [] : [Span(text: printableLines(text), kind: kind, link: link)]
    }

    init(stringLiteral text: String) { self.init(text) }

    /// Whether there is nothing to read.
    var isEmpty: Bool { spans.isEmpty }

    /// The text alone.
    var text: String { spans.map(\.text).joined() }

    static let nothing = Phrase("")
    /// What stands in a cell where there is nothing to say.
    static let none = Phrase("–", .quiet)

    static func code(_ text: String, link: String = "") -> Phrase { Phrase(text, .code, link: link) }
    static func quiet(_ text: String) -> Phrase { Phrase(text, .quiet) }
    static func link(_ text: String, _ link: String) -> Phrase { Phrase(text, link: link) }

    static func + (a: Phrase, b: Phrase) -> Phrase {
        var sum = a
        sum.spans += b.spans
        return sum
    }

    /// As templates see it.
    var scope: Value {
        .list(
            spans.map { span in
                .map([
                    "text": .string(span.text), "kind": .string(span.kind.rawValue), "link": .string(span.link),
                    "code": .bool(span.kind == .code),
                ])
            })
    }

    /// The part of a template that shows the phrase called `name`.
    static func template(_ name: String) -> String {
        "{{#\(name)}}{{#link}}<a class=\"{{kind}}\" href=\"{{link}}\">{{/link}}{{^link}}<span class=\"{{kind}}\">{{/link}}"
            + "{{text}}{{#link}}</a>{{/link}}{{^link}}</span>{{/link}}{{/\(name)}}"
    }
}

extension [Phrase] {
    /// These one after the other, with `separator` between them.
    func joined(_ separator: Phrase = ", ") -> Phrase {
        enumerated().reduce(.nothing) { $1.offset == 0 ? $1.element : $0 + separator + $1.element }
    }
}

/// `1 host`, `2 hosts`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count.grouped) \(count == 1 ? one : many ?? one + "s")"
}

extension Int {
    /// With a thin gap every three digits: `12 345`.
    var grouped: String {
        guard magnitude >= 10_000 else { return "\(self)" }
        var out = ""
        for (place, digit) in String(magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { out.append("\u{202f}") }
            out.append(digit)
        }
        return (self < 0 ? "-" : "") + String(out.reversed())
    }
}
