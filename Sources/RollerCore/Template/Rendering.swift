/// A rendered text, every part of which can be traced to the template and to the setting it shows.
public struct Rendering: Hashable, Sendable {
    /// The text.
    public let text: String
    /// What was rendered: pieces name its nodes.
    let template: Template
    /// In the order of the text, without gaps.
    let pieces: [Piece]
    /// The ways to the values that sections entered.
    let paths: [PathStep]

    /// A part of the text and where it comes from.
    public struct Span: Hashable, Sendable {
        /// The part, in bytes of the text's UTF-8. Empty for an empty value.
        public let range: Range<Int>
        /// The tag that wrote it, or for literal text its place in the template.
        public let origin: SourceLocation
        /// For a value the path to it, such as `tls.port` or `upstreams[0].name` (elements count from 0); nil for
        /// literal text. The setting is its first part.
        public let setting: String?
    }

    /// What one node wrote: up to the start of the next piece.
    struct Piece: Hashable, Sendable {
        /// In bytes of the text.
        let start: Int
        /// The index of the text or value in the template.
        let node: Int
        /// For a value, the step that leads to the map in which its name was found.
        let path: Int?
    }

    /// From one value that a section entered to the next one further in.
    struct PathStep: Hashable, Sendable {
        /// The step before, nil for the values as a whole.
        let parent: Int?
        /// The index of the section in the template.
        let node: Int
        /// Which element of a list.
        let element: Int?
    }
}

extension Rendering {
    /// All parts of the text, in its order and without gaps. Literal text is split by lines. Made when asked for, in
    /// time that grows with the text: few renderings are ever explained.
    public var spans: [Span] {
        let bytes = Array(text.utf8)
        return pieces.indices.flatMap { spans(of: $0, in: bytes) }
    }

    /// The parts of one line of the text, with its line feed, cut to the line. Empty when there is no such line.
    /// - Parameter line: From 1.
    public func origin(ofLine line: Int) -> [Span] {
        let bytes = Array(text.utf8)
        guard let range = Self.range(ofLine: line, in: bytes) else { return [] }
        let isLast = range.isEmpty || bytes[range.upperBound - 1] != .newline
        return pieces.indices.lazy
            .filter { pieces[$0].start <= range.upperBound && end(of: $0) >= range.lowerBound }
            .flatMap { spans(of: $0, in: bytes) }
            .filter { span in
                guard span.range.isEmpty else { return span.range.overlaps(range) }
                return range.contains(span.range.lowerBound) || isLast && span.range.lowerBound == range.upperBound
            }
            .map { Span(range: $0.range.clamped(to: range), origin: $0.origin, setting: $0.setting) }
    }

    /// What wrote some part of a line.
    func pieces(ofLine line: Int) -> [Piece] {
        guard let range = Self.range(ofLine: line, in: Array(text.utf8)) else { return [] }
        return pieces.indices.filter { end(of: $0) > range.lowerBound && pieces[$0].start < range.upperBound }
            .map { pieces[$0] }
    }

    private func end(of piece: Int) -> Int {
        piece + 1 < pieces.count ? pieces[piece + 1].start : text.utf8.count
    }

    private func spans(of index: Int, in bytes: [UInt8]) -> [Span] {
        let piece = pieces[index]
        let node = template.nodes[piece.node]
        let range = piece.start..<end(of: index)
        guard let name = node.name else { return literalSpans(range, at: node.place, in: bytes) }
        let owner = piece.path.map { Self.describe($0, in: paths, of: template) } ?? ""
        return [
            Span(
                range: range, origin: node.place.location(in: template.file), setting: Self.path(to: name, in: owner))
        ]
    }

    /// Literal text is copied, so its lines are the template's.
    private func literalSpans(_ range: Range<Int>, at place: Template.Place, in bytes: [UInt8]) -> [Span] {
        var spans: [Span] = []
        var (start, line, column, length) = (range.lowerBound, place.line, place.column, 0)
        for offset in range {
            if bytes[offset].startsScalar { length += 1 }
            guard bytes[offset] == .newline || offset == range.upperBound - 1 else { continue }
            let origin = SourceLocation(file: template.file, line: line, column: column, length: length)
            spans.append(Span(range: start..<offset + 1, origin: origin, setting: nil))
            (start, line, column, length) = (offset + 1, line + 1, 1, 0)
        }
        return spans
    }

    private static func range(ofLine line: Int, in bytes: [UInt8]) -> Range<Int>? {
        var (start, number) = (0, 1)
        while number < line {
            guard let end = bytes[start...].firstIndex(of: .newline) else { return nil }
            (start, number) = (end + 1, number + 1)
        }
        guard line >= 1 else { return nil }
        return start..<(bytes[start...].firstIndex(of: .newline).map { $0 + 1 } ?? bytes.count)
    }

    /// The path to the value that `step` leads to, such as `upstreams[0]`.
    static func describe(_ step: Int, in paths: [PathStep], of template: Template) -> String {
        let chain = sequence(first: step) { paths[$0].parent }
        return chain.reversed().reduce(into: "") { path, index in
            if let name = template.nodes[paths[index].node].name { path = Self.path(to: name, in: path) }
            if let element = paths[index].element { path += "[\(element)]" }
        }
    }

    /// The path to `name` as found in the value at `owner`, "" for the values as a whole.
    private static func path(to name: Template.Name, in owner: String) -> String {
        if name.parts.isEmpty { return owner }
        return owner.isEmpty ? name.text : "\(owner).\(name.text)"
    }
}
