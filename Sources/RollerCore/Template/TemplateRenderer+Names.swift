internal import OrderedCollections

extension TemplateRenderer {
    /// The value behind a name.
    struct Found {
        let value: Value
        /// The step that leads to the map in which the name was found, nil for the values as a whole.
        let path: Int?
    }

    /// What looking up a name came to.
    enum Lookup {
        case found(Found)
        /// The part with this index is not set: in `map`, or for the first part in no value around the tag.
        case absent(Int, in: Value?)
        /// The part with this index has a value without names in it.
        case notAMap(Int, Value)
    }

    /// The first part is looked for from the innermost map outward, each other part only in the value before it.
    func lookUp(_ name: Template.Name) -> Lookup {
        guard let first = name.parts.first else {
            let innermost = frames[frames.count - 1]
            return .found(Found(value: innermost.value, path: innermost.path))
        }
        for frame in frames.reversed() {
            guard var value = frame.value[first] else { continue }
            for index in name.parts.indices.dropFirst() {
                guard case .map(let entries) = value else { return .notAMap(index - 1, value) }
                guard let next = entries[name.parts[index]] else { return .absent(index, in: value) }
                value = next
            }
            return .found(Found(value: value, path: frame.path))
        }
        return .absent(0, in: nil)
    }

    /// - Parameter inside: The value that the tag's section has entered, as a path.
    static func message(absent part: Int, of name: Template.Name, inside: String?) -> String {
        let quoted = TemplateFindings.quoted(name.text)
        if part > 0 {
            let owner = TemplateFindings.quoted(name.parts[..<part].joined(separator: "."))
            return "\(quoted) is not set: \(owner) has no '\(name.parts[part])'"
        }
        return inside.map { "\(quoted) is not set, neither in '\($0)' nor around it" } ?? "\(quoted) is not set"
    }

    /// The nearest name that is set; for a section, how to switch it off instead of leaving it out.
    func hint(absent part: Int, in map: Value?, of name: Template.Name, at index: Int) -> String {
        let near = nearest(to: name, part, in: map).map { "did you mean '\($0)'?" }
        if near == nil, part == 0, isInElement {
            return "set it in every element of the list, or in the hostclass for all"
        }
        switch template.nodes[index].kind {
        case .text, .value:
            return near ?? "declare it in the hostclass: under settings with a default, or under required"
        case .section:
            let declare = "a section needs a value too: declare one in the hostclass, such as false or []"
            return near.map { "\($0) \(declare)" } ?? declare
        }
    }

    /// Beyond this many findings names are no longer compared with all others.
    private static var maximumSearches: Int { 100 }

    private func nearest(to name: Template.Name, _ part: Int, in map: Value?) -> String? {
        guard findings.diagnostics.count < Self.maximumSearches else { return nil }
        let missing = name.parts[part]
        if let map {
            let owner = name.parts[..<part].joined(separator: ".")
            return nearestName(to: missing, among: map.names).map { "\(owner).\($0)" }
        }
        let rest = name.parts.dropFirst().map { ".\($0)" }.joined()
        if let near = nearestName(to: missing, among: frames.reversed().flatMap(\.value.names)) { return near + rest }
        for frame in frames.reversed() {
            // The right name, without the map that it stands in.
            if let owner = frame.value.names.first(where: { frame.value[$0]?[missing] != nil }) {
                return "\(owner).\(name.text)"
            }
        }
        return nil
    }

    static func hint(noText value: Value, _ name: Template.Name) -> String? {
        switch value {
        case .list: "repeat over it: {{#\(name.text)}}{{.}}{{/\(name.text)}}"
        case .map(let entries):
            entries.keys.first.map {
                "name one of its entries, such as {{\(name.parts.isEmpty ? "" : name.text + ".")\($0)}}"
            }
        case .string, .int, .bool: nil
        }
    }
}

extension Value {
    /// Whether `{{#x}}` is rendered for it: all but `false`, an empty list and an empty string. A number is always on,
    /// 0 too, since it is an amount and no switch.
    var isOn: Bool {
        switch self {
        case .bool(let flag): flag
        case .list(let elements): !elements.isEmpty
        case .string(let text): !text.isEmpty
        case .int, .map: true
        }
    }

    /// The names in a map; none in other values.
    fileprivate var names: [String] {
        guard case .map(let entries) = self else { return [] }
        return Array(entries.keys)
    }
}

extension ValueType {
    /// As it stands in a sentence: "an int".
    var withArticle: String { self == .int ? "an int" : "a \(rawValue)" }
}
