extension Rendering {
    /// A section that a part of the text stands in.
    public struct Section: Hashable, Sendable {
        /// Its opening tag, as in `{{^tls}}`.
        public let tag: String
        /// The name that decides about it.
        public let name: String
        /// Where the tag stands.
        public let place: SourceLocation
        /// Whether the name is looked up among the settings: no section around this one brings names of its own.
        let isOfSettings: Bool
    }

    /// The sections around one line of the text, the outermost first.
    /// - Parameters:
    ///   - line: From 1.
    ///   - bringsNames: Whether a section for the setting of this name brings names of its own.
    func sections(aroundLine line: Int, bringsNames: (String) -> Bool) -> [Section] {
        var found: [Section] = []
        for piece in pieces(ofLine: line) {
            var isOfSettings = true
            for (index, node) in template.nodes[..<piece.node].enumerated() where node.end > piece.node {
                guard case .section(let name, let polarity) = node.kind else { continue }
                let section = Section(
                    tag: "{{\(polarity == .on ? "#" : "^")\(name.text)}}", name: name.text,
                    place: template.nodes[index].place.location(in: template.file), isOfSettings: isOfSettings)
                if !found.contains(where: { $0.place == section.place }) { found.append(section) }
                if polarity == .on, bringsNames(name.text) { isOfSettings = false }
            }
        }
        return found
    }
}
