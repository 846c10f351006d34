internal import OrderedCollections

extension Value {
    /// This value as JSON (RFC 8259), keys in the order they stand. The same value always gives the same bytes.
    /// - Parameter pretty: One entry a line, indented by two spaces, with a line break at the end.
    public func json(pretty: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        appendJSON(to: &out, indent: pretty ? 0 : nil)
        if pretty { out.append(UInt8(ascii: "\n")) }
        return out
    }

    private func appendJSON(to out: inout [UInt8], indent: Int?) {
        switch self {
        case .string(let text): appendJSONString(text, to: &out)
        case .int(let number): out.append(contentsOf: "\(number)".utf8)
        case .bool(let truth): out.append(contentsOf: (truth ? "true" : "false").utf8)
        case .list(let items):
            appendJSONItems(items, between: ("[", "]"), to: &out, indent: indent) { item, out, inner in
                item.appendJSON(to: &out, indent: inner)
            }
        case .map(let entries):
            appendJSONItems(entries.elements, between: ("{", "}"), to: &out, indent: indent) { entry, out, inner in
                appendJSONString(entry.key, to: &out)
                out.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
                entry.value.appendJSON(to: &out, indent: inner)
            }
        }
    }
}

private func appendJSONItems<Items: Collection>(
    _ items: Items, between brackets: (String, String), to out: inout [UInt8], indent: Int?,
    each append: (Items.Element, inout [UInt8], Int?) -> Void
) {
    out.append(contentsOf: brackets.0.utf8)
    let inner = indent.map { $0 + 2 }
    for (position, item) in items.enumerated() {
        if position > 0 { out.append(UInt8(ascii: ",")) }
        if let inner { appendNewLine(indent: inner, to: &out) }
        append(item, &out, inner)
    }
    if let indent, !items.isEmpty { appendNewLine(indent: indent, to: &out) }
    out.append(contentsOf: brackets.1.utf8)
}

private func appendNewLine(indent: Int, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\n"))
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
}

private func appendJSONString(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""): out.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): out.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): out.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): out.append(contentsOf: "\\t".utf8)
        case ..<0x20, 0x7f:
            out.append(contentsOf: "\\u00".utf8)
            out.append(contentsOf: hexadecimal([byte]).utf8)
        default: out.append(byte)
        }
    }
    out.append(UInt8(ascii: "\""))
}
