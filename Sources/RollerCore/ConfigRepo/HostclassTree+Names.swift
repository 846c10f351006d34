extension HostclassTree {
    /// Names that templates of the class as it stands mention and that it does not declare: once it is released, no host
    /// could be rendered. Warnings, since no host has it yet. Within a section for a list or a map, names can be those of
    /// the value, and only a host's values tell; a section that is on or off for a host looks at no value inside.
    func undeclaredNames() -> [Diagnostic] {
        var declared: [String: ValueType] = ["roller": .map]
        for required in hostclass.required { declared[required.key.rawValue] = required.type }
        for setting in hostclass.settings { declared[setting.key.rawValue] = setting.value.type }
        return files.compactMap(\.template).flatMap { template in
            template.outerNames(declared).filter { declared[$0.first] == nil }.map { first, mention in
                Diagnostic(
                    .templateUnknownName, severity: .warning, at: mention.location,
                    "'\(mention.name)' is not set: '\(hostclass.name)' declares no '\(first)'",
                    hint: nearestName(to: first, among: declared.keys.sorted()).map { "did you mean '\($0)'?" }
                        ?? "declare it in the hostclass: under settings with a default, or under required")
            }
        }
    }
}

extension Template {
    /// The names of tags that are looked up among the settings alone, each with its first part: those that stand in no
    /// section, or only in sections that bring no names with them.
    fileprivate func outerNames(_ types: [String: ValueType]) -> [(first: String, mention: Mention)] {
        var found: [(String, Mention)] = []
        var index = 0
        while index < nodes.count {
            let node = nodes[index]
            if let name = node.name, let first = name.parts.first {
                found.append((first, Mention(name: name.text, location: node.place.location(in: file))))
            }
            index = node.bringsNames(types) ? node.end : index + 1
        }
        return found
    }
}

extension Template.Node {
    /// Whether what stands inside can have names that are not settings. Of a part of a map nobody knows its type.
    fileprivate func bringsNames(_ types: [String: ValueType]) -> Bool {
        guard case .section(let name, .on) = kind else { return false }
        guard let first = name.parts.first, name.parts.count == 1 else { return true }
        switch types[first] {
        case .bool, .int, .string: return false
        case .list, .map, nil: return true
        }
    }
}
