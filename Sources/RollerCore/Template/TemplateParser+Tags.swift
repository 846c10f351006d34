extension TemplateParser {
    /// How to write what looks like a tag and is none, for hints.
    var plainBraces: String {
        "where '\(string(opening))' is meant as plain text, set other delimiters in a line before it: "
            + "\(string(opening))=<% %>=\(string(closing))"
    }

    /// The longest delimiter in bytes. A bound keeps looking for it linear.
    static var maximumDelimiter: Int { 16 }

    /// The longest name in bytes, all parts together. Each time a tag is rendered its name is hashed.
    static var maximumName: Int { 255 }

    /// The name in a tag, or nil after saying what is wrong with it.
    mutating func readName(_ tag: Tag) -> Template.Name? {
        guard !tag.content.isEmpty else {
            findings.add(
                .templateSyntax, at: tag.place, "the tag \(quoted(tag)) holds no name", hint: plainBraces)
            return nil
        }
        guard tag.content.count <= Self.maximumName else {
            findings.add(
                .templateSyntax, at: tag.place,
                "the name in \(quoted(tag)) has \(tag.content.count) bytes, and at most \(Self.maximumName) are read")
            return nil
        }
        let text = string(tag.content)
        if text == "." { return Template.Name(text: text, parts: []) }
        if let offset = tag.content.first(where: { !bytes[$0].isNamePart && bytes[$0] != .dot }) {
            reportCharacter(at: offset, in: tag, name: text)
            return nil
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            findings.add(
                .templateSyntax, at: tag.place,
                "the name \(TemplateFindings.quoted(text)) has nothing before, between or after its dots",
                hint: "a dot stands between two names, as in 'tls.port', or alone for the current value")
            return nil
        }
        return Template.Name(text: text, parts: parts)
    }

    private mutating func reportCharacter(at offset: Int, in tag: Tag, name: String) {
        guard let scalar = string(offset..<tag.content.upperBound).unicodeScalars.first else { return }
        let isPrintable = scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        let shown = isPrintable ? "'\(scalar)'" : "U+\(String(scalar.value, radix: 16, uppercase: true))"
        let column = tag.place.column + countScalars(tag.whole.lowerBound..<offset)
        findings.add(
            .templateSyntax, at: Template.Place(line: tag.place.line, column: column, length: 1),
            "the name \(TemplateFindings.quoted(name)) holds \(shown), and names are made of A-Z a-z 0-9 _ - and dots",
            hint: scalar == " "
                ? "a tag names one setting; there are no conditions but {{#name}} and {{^name}}" : plainBraces)
    }

    /// `{{=<% %>=}}`: two delimiters for all tags that follow.
    mutating func setDelimiters(_ tag: Tag) {
        let words = bytes[tag.content].split(whereSeparator: \.isBlank)
        guard words.count == 2 else {
            findings.add(
                .templateSyntax, at: tag.place, "\(quoted(tag)) sets \(words.count) delimiters instead of two",
                hint: "write the opening and the closing one with a space between: {{=<% %>=}}")
            return
        }
        for word in words {
            guard word.count <= Self.maximumDelimiter,
                word.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "=") })
            else {
                findings.add(
                    .templateSyntax, at: tag.place,
                    "\(TemplateFindings.quoted(String(decoding: word, as: UTF8.self))) cannot be a delimiter",
                    hint: "a delimiter has 1 to \(Self.maximumDelimiter) bytes, no '=' and no control characters")
                return
            }
        }
        opening = Array(words[0])
        closing = Array(words[1])
    }

    /// Partials, parents and blocks: Mustache has them, Roller does not.
    mutating func reportAbsentFeature(_ tag: Tag) {
        findings.add(
            .templateSyntax, at: tag.place,
            "\(quoted(tag)) would take in another template, and Roller has no partials, parents or blocks",
            hint: "write the text here, or make it a setting; \(plainBraces)")
    }
}
