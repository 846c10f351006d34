extension Template {
    /// A stretch of text, a value or the head of a section.
    struct Node: Hashable, Sendable {
        let kind: Kind
        /// Where it stands: the tag, or the first character of a text.
        let place: Place
        /// The index behind the last node that belongs to this one. Not its own index plus one for sections only.
        var end: Int

        /// The name that the tag mentions, nil for text.
        var name: Name? {
            switch kind {
            case .text: nil
            case .value(let name, _), .section(let name, _): name
            }
        }
    }

    /// What a node stands for.
    enum Kind: Hashable, Sendable {
        /// Bytes of the source, written as they are.
        case text(Range<Int>)
        /// `{{name}}`, or one of the two forms that are never escaped.
        case value(Name, Form)
        /// `{{#name}}` or `{{^name}}`.
        case section(Name, Polarity)
    }

    /// Whether a value takes part in escaping.
    enum Form: Hashable, Sendable {
        case plain, verbatim
    }

    /// Which values a section is rendered for.
    enum Polarity: Hashable, Sendable {
        /// `{{#name}}`: values that are on.
        case on
        /// `{{^name}}`: values that are off.
        case off
    }

    /// A name as written, and its parts between dots: none for `.`, which is the value of the section around it.
    struct Name: Hashable, Sendable {
        let text: String
        let parts: [String]
    }

    /// A place in the template, without the file's path that all of them share.
    struct Place: Hashable, Sendable {
        /// From 1.
        let line: Int
        /// In Unicode scalars, from 1.
        let column: Int
        /// In Unicode scalars.
        let length: Int

        func location(in file: String) -> SourceLocation {
            SourceLocation(file: file, line: line, column: column, length: length)
        }
    }
}
