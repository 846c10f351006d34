extension TemplateParser {
    /// A section whose end has not been read.
    struct OpenSection {
        /// Nil when its tag was wrong: then any end is taken for its own, to say each thing once.
        let name: String?
        let place: Template.Place
        /// The tag as written, quoted.
        let quoted: String
        /// The index of its node, nil like the name.
        let node: Int?
        /// Whether a finding has named it already, as the section that another one's end stands in.
        var isReported = false
    }

    mutating func openSection(_ tag: Tag, _ polarity: Template.Polarity) {
        guard sections.count < Template.maximumDepth else {
            findings.add(
                .templateSyntax, at: tag.place,
                "\(quoted(tag)) stands in \(Template.maximumDepth) other sections, and no more are read")
            isAbandoned = true
            return
        }
        let name = readName(tag)
        let node = name == nil ? nil : nodes.count
        if let name { add(.section(name, polarity), at: tag.place) }
        sections.append(OpenSection(name: name?.text, place: tag.place, quoted: quoted(tag), node: node))
    }

    mutating func closeSection(_ tag: Tag) {
        guard let name = readName(tag)?.text else {
            _ = sections.popLast()
            return
        }
        guard let innermost = sections.last else {
            findings.add(.templateSyntax, at: tag.place, "\(quoted(tag)) closes a section, and none is open here")
            return
        }
        if let open = innermost.name, open != name {
            findings.add(
                .templateSyntax, at: tag.place, "\(quoted(tag)) closes '\(name)' while '\(open)' is open",
                hint: "sections end in the reverse order of their beginnings: write \(end(of: open)) first",
                related: [(innermost.place, "\(innermost.quoted) opens here")])
            // The end of a section further out: the ones inside lack theirs, and that has just been said.
            sections[sections.count - 1].isReported = true
            guard let match = sections.lastIndex(where: { $0.name == name || $0.name == nil }) else { return }
            sections.removeSubrange((match + 1)...)
        }
        guard let closed = sections.popLast(), let node = closed.node else { return }
        nodes[node].end = nodes.count
    }

    private func end(of name: String) -> String { "\(string(opening))/\(name)\(string(closing))" }

    mutating func reportOpenSections() {
        for section in sections where !section.isReported {
            guard let name = section.name else { continue }
            findings.add(
                .templateSyntax, at: section.place, "the section \(section.quoted) is not closed",
                hint: "write \(end(of: name)) where it ends")
        }
    }
}
