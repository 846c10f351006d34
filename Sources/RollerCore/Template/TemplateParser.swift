/// Reads a template's bytes, once from front to back, and collects all that is wrong with them.
struct TemplateParser {
    let bytes: [UInt8]
    /// Where the next text or tag begins.
    var cursor: TemplateCursor
    /// What begins and ends a tag, until a set-delimiters tag says otherwise. Never empty, never blank.
    var opening = Array("{{".utf8)
    var closing = Array("}}".utf8)
    var nodes: [Template.Node] = []
    /// The sections that are open here, outermost first.
    var sections: [OpenSection] = []
    var findings: TemplateFindings
    /// Whether reading on would only report consequences of what has been found.
    var isAbandoned = false

    /// The largest template, in bytes.
    static let maximumBytes = 16 << 20

    init(_ bytes: [UInt8], at start: SourceLocation) {
        self.bytes = bytes
        cursor = TemplateCursor(at: start)
        findings = TemplateFindings(file: start.file)
    }

    mutating func parse() -> Result<Template, TemplateErrors> {
        guard bytes.count <= Self.maximumBytes else {
            findings.add(
                .templateSyntax, at: cursor.place(length: 1),
                "the template has \(bytes.count) bytes, and at most \(Self.maximumBytes) are read",
                hint: "copy the large part as a file of its own, without .mustache")
            return .failure(findings.errors)
        }
        while !isAbandoned, !findings.isFull, let tag = find(opening, from: cursor.offset) {
            let text = cursor
            cursor.advance(to: tag, in: bytes)
            readTag(after: text)
        }
        if !isAbandoned {
            addText(from: cursor, to: bytes.count)
            reportOpenSections()
        }
        guard findings.diagnostics.isEmpty else { return .failure(findings.errors) }
        return .success(Template(file: findings.file, source: bytes, nodes: nodes))
    }

    /// Reads the tag at the cursor, and the text before it that begins at `text`.
    private mutating func readTag(after text: TemplateCursor) {
        let start = cursor
        var inside = skipBlanks(from: start.offset + opening.count)
        var sigil: Sigil?
        if inside < bytes.count, !matches(closing, at: inside) {
            sigil = Sigil(rawValue: Character(Unicode.Scalar(bytes[inside])))
        }
        if sigil != nil { inside += 1 }
        let closer = (sigil?.closes ?? []) + closing
        guard let end = findEnd(closer, of: sigil, from: inside) else { return }

        let after = end + closer.count
        let lineEnd = sigil?.mayStandAlone == true && start.lineIsBlank ? endOfBlankLine(from: after) : nil
        addText(from: text, to: lineEnd == nil ? start.offset : start.lineStart)
        cursor.advance(to: lineEnd ?? after, in: bytes)
        if sigil == .comment { return }  // may span lines, has no length in columns and needs none

        let tag = Tag(
            place: start.place(length: countScalars(start.offset..<after)), whole: start.offset..<after,
            content: trim(inside..<end))
        switch sigil {
        case nil: addValue(tag, .plain)
        case .triple, .ampersand: addValue(tag, .verbatim)
        case .section: openSection(tag, .on)
        case .inverted: openSection(tag, .off)
        case .end: closeSection(tag)
        case .delimiters: setDelimiters(tag)
        case .comment: break
        case .partial, .parent, .block: reportAbsentFeature(tag)
        }
    }

    /// The offset of `closer`. When there is none, reports that and moves on behind the line, or stops in a comment:
    /// what follows would be read as the opposite of what it is.
    private mutating func findEnd(_ closer: [UInt8], of sigil: Sigil?, from inside: Int) -> Int? {
        var offset = inside
        while offset < bytes.count, sigil == .comment || bytes[offset] != .newline {
            if matches(closer, at: offset) { return offset }
            offset += 1
        }
        let start = string(cursor.offset..<min(inside, bytes.count))
        let place = cursor.place(length: start.unicodeScalars.count)
        if sigil == .comment {
            findings.add(.templateSyntax, at: place, "the comment is not closed by '\(string(closer))'")
            isAbandoned = true
        } else {
            findings.add(
                .templateSyntax, at: place, "the tag is not closed by '\(string(closer))' on its line",
                hint: "close it, or \(plainBraces)")
        }
        cursor.advance(to: offset, in: bytes)
        return nil
    }

    private mutating func addText(from start: TemplateCursor, to end: Int) {
        guard start.offset < end else { return }
        add(.text(start.offset..<end), at: start.place(length: 1))
    }

    private mutating func addValue(_ tag: Tag, _ form: Template.Form) {
        guard let name = readName(tag) else { return }
        add(.value(name, form), at: tag.place)
    }

    mutating func add(_ kind: Template.Kind, at place: Template.Place) {
        nodes.append(Template.Node(kind: kind, place: place, end: nodes.count + 1))
    }
}

extension TemplateParser {
    /// What follows the opening delimiter and says what kind of tag this is; none means a value.
    enum Sigil: Character {
        case comment = "!"
        case delimiters = "="
        case triple = "{"
        case ampersand = "&"
        case section = "#"
        case inverted = "^"
        case end = "/"
        case partial = ">"
        case parent = "<"
        case block = "$"

        /// What must precede the closing delimiter.
        var closes: [UInt8] {
            switch self {
            case .triple: [UInt8(ascii: "}")]
            case .delimiters: [UInt8(ascii: "=")]
            case .comment, .ampersand, .section, .inverted, .end, .partial, .parent, .block: []
            }
        }

        /// Whether a line that holds this tag alone vanishes from the output.
        var mayStandAlone: Bool {
            switch self {
            case .comment, .delimiters, .section, .inverted, .end: true
            case .triple, .ampersand, .partial, .parent, .block: false
            }
        }
    }

    /// A tag other than a comment. It stands on one line.
    struct Tag {
        let place: Template.Place
        /// From its opening to behind its closing delimiter.
        let whole: Range<Int>
        /// What stands between sigil and end, without blanks around it.
        let content: Range<Int>
    }
}
