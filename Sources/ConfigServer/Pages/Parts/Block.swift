internal import OrderedCollections
internal import RollerCore

/// A part of a page.
enum Block: Sendable {
    /// A paragraph.
    case text(Phrase)
    /// A heading below that of the section.
    case heading(Phrase)
    /// Something that must not be missed.
    case notice(Notice)
    /// Names and what they stand for.
    case facts([Fact])
    case list([Phrase])
    case table(Table)
    /// Lines of a file.
    case listing(Listing)
    /// Two texts beside each other.
    case twoSides(TwoSides)
    case form(Form)
    case picture(Picture)
    /// What follows up to `unfold` is shown when asked for.
    case fold(Phrase, isOpen: Bool)
    case unfold

    /// These parts, shown when asked for.
    static func folded(_ title: Phrase, isOpen: Bool = false, _ blocks: [Block]) -> [Block] {
        [.fold(title, isOpen: isOpen)] + blocks + [.unfold]
    }

    /// As templates see it: one name for each kind of part, off but for the one it is.
    var scope: Value {
        var entries = Self.off
        let (name, value) = content
        entries[name] = value
        return .map(entries)
    }

    private static let names = [
        "paragraph", "subheading", "notice", "facts", "list", "table", "listing", "twoSides", "form", "picture", "fold",
        "unfold",
    ]
    private static let off = OrderedDictionary(uniqueKeysWithValues: names.map { ($0, Value.bool(false)) })

    private var content: (String, Value) {
        switch self {
        case .text(let words): ("paragraph", .map(["words": words.scope]))
        case .heading(let words): ("subheading", .map(["words": words.scope]))
        case .notice(let notice): ("notice", notice.scope)
        case .facts(let facts): ("facts", .map(["entries": .list(facts.map(\.scope))]))
        case .list(let items): ("list", .map(["items": .list(items.map { .map(["words": $0.scope]) })]))
        case .table(let table): ("table", table.scope)
        case .listing(let listing): ("listing", listing.scope)
        case .twoSides(let sides): ("twoSides", sides.scope)
        case .form(let form): ("form", form.scope)
        case .picture(let picture): ("picture", picture.scope)
        case .fold(let title, let isOpen): ("fold", .map(["words": title.scope, "open": .bool(isOpen)]))
        case .unfold: ("unfold", .bool(true))
        }
    }
}

/// A name and what it stands for.
struct Fact: Sendable {
    let name: String
    let words: Phrase

    init(_ name: String, _ words: Phrase) {
        self.name = name
        self.words = words
    }

    var scope: Value { .map(["name": .string(printable(name)), "words": words.scope]) }
}

/// Something that must not be missed.
struct Notice: Sendable {
    let kind: Phrase.Kind
    let title: Phrase
    var lines: [Phrase] = []

    var scope: Value {
        .map([
            "kind": .string(kind.rawValue), "title": title.scope,
            "lines": .list(lines.map { .map(["words": $0.scope]) }),
        ])
    }
}

/// A form that asks for another page.
struct Form: Sendable {
    /// What it does, for its button.
    let button: String
    /// The address that answers.
    let action: String
    let fields: [Field]

    /// One thing to fill in.
    struct Field: Sendable {
        let name: String
        let label: String
        let value: String
        /// What may be chosen, each with the text shown; none for a field of text.
        var choices: [(value: String, text: String)] = []
        /// Whether it goes along unseen.
        var isHidden = false
    }

    var scope: Value {
        .map([
            "button": .string(button), "action": .string(action),
            "fields": .list(
                fields.map { field in
                    .map([
                        "name": .string(field.name), "label": .string(field.label), "value": .string(field.value),
                        "id": .string("\(button)-\(field.name)".anchor), "hidden": .bool(field.isHidden),
                        "select": .bool(!field.choices.isEmpty),
                        "choices": .list(
                            field.choices.map { choice in
                                .map([
                                    "value": .string(choice.value), "text": .string(printable(choice.text)),
                                    "chosen": .bool(choice.value == field.value),
                                ])
                            }),
                    ])
                }),
        ])
    }
}

extension String {
    /// Fit for the name of a place within a page.
    var anchor: String {
        let bytes = utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            default: UInt8(ascii: "-")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
