internal import OrderedCollections

extension Value {
    /// This value as one YAML document in block style, keys in the order they stand. Text that some reader of YAML could
    /// take for something else is quoted, so YAML 1.1 and 1.2 read the same.
    public var yaml: String {
        var out = ""
        switch self {
        case .map(let entries) where !entries.isEmpty: appendYAMLEntries(to: &out, indent: 0)
        case .list(let items) where !items.isEmpty: appendYAMLEntries(to: &out, indent: 0)
        default:
            appendYAMLInline(to: &out, indent: 0)
            out += "\n"
        }
        return out
    }

    /// The entries of a map or list that is not empty, each on lines of its own.
    private func appendYAMLEntries(to out: inout String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .map(let entries):
            for (key, value) in entries {
                let key = yamlScalar(key, indent: nil)
                // Readers look for the colon of a key within 1024 characters, unless a question mark announces it.
                out += key.utf8.count < 1000 ? "\(margin)\(key):" : "\(margin)? \(key)\n\(margin):"
                value.appendYAMLBelowKey(to: &out, indent: indent)
            }
        case .list(let items):
            for item in items {
                if item.isNestedCollection {
                    // The first entry stands on the dash's own line.
                    var inner = ""
                    item.appendYAMLEntries(to: &inner, indent: indent + 2)
                    out += margin + "- " + inner.dropFirst(indent + 2)
                } else {
                    out += margin + "- "
                    item.appendYAMLInline(to: &out, indent: indent)
                    out += "\n"
                }
            }
        case .string, .int, .bool: preconditionFailure("a scalar has no entries")
        }
    }

    private func appendYAMLBelowKey(to out: inout String, indent: Int) {
        if isNestedCollection {
            out += "\n"
            if case .map = self {
                appendYAMLEntries(to: &out, indent: indent + 2)
            } else {
                appendYAMLEntries(to: &out, indent: indent)
            }
        } else {
            out += " "
            appendYAMLInline(to: &out, indent: indent)
            out += "\n"
        }
    }

    private var isNestedCollection: Bool {
        switch self {
        case .map(let entries): !entries.isEmpty
        case .list(let items): !items.isEmpty
        case .string, .int, .bool: false
        }
    }

    private func appendYAMLInline(to out: inout String, indent: Int) {
        switch self {
        case .string(let text): out += yamlScalar(text, indent: indent)
        case .int(let number): out += "\(number)"
        case .bool(let truth): out += truth ? "true" : "false"
        case .list: out += "[]"
        case .map: out += "{}"
        }
    }
}

/// `text` as a plain scalar where every reader takes it for text, as a literal block where it is lines, else quoted.
/// - Parameter indent: How far the surrounding entry is indented; nil where a block cannot stand.
private func yamlScalar(_ text: String, indent: Int?) -> String {
    if isPlainYAML(text) { return text }
    if let indent, isBlockYAML(text) {
        let margin = String(repeating: " ", count: indent + 2)
        let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        return "|\n" + lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }
    return quotedYAML(text)
}

private let wordsWithOtherMeanings: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null",
]

/// Whether `text` is one line that no YAML reader takes for anything but itself. Stricter than it need be.
private func isPlainYAML(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last,
        NameBytes.isLower(first) || NameBytes.isUpper(first) || first == UInt8(ascii: "/"),
        last != UInt8(ascii: ":"), last != UInt8(ascii: " "), text.utf8.count <= 200,
        text.utf8.allSatisfy({ NameBytes.isAlphanumeric($0) || "_./@+:- ()=".utf8.contains($0) }),
        !text.contains(": "), !wordsWithOtherMeanings.contains(text.lowercased())
    else { return false }
    return true
}

/// Whether `text` can stand as a literal block: whole lines, one break at the end, nothing a reader would strip.
private func isBlockYAML(_ text: String) -> Bool {
    guard text.hasSuffix("\n"), !text.hasSuffix("\n\n"), text.utf8.count > 1,
        let first = text.utf8.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\n")
    else { return false }
    return text.unicodeScalars.allSatisfy {
        $0 == "\n" || ($0.value >= 0x20 && $0.value < 0x7f) || ($0.value > 0xa0 && $0.value < 0x2000)
    } && !text.contains(" \n")
}

private func quotedYAML(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        default:
            // Printable as YAML 1.2 counts it (section 5.1), less what hides itself or turns text around.
            switch scalar.value {
            case 0x20..<0x7f, 0xa1..<0x2000, 0x2030..<0x2060, 0x2070..<0xd800, 0xe000..<0xfeff, 0xff00..<0xfff0,
                0x10000...:
                out.unicodeScalars.append(scalar)
            default:
                out +=
                    "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).utf8.count)
                    + String(scalar.value, radix: 16)
            }
        }
    }
    return out + "\""
}
