extension HostclassTree {
    /// Names that templates of the class as it stands mention and that it does not declare: once it is released, no host
    /// could be rendered. Warnings, since no host has it yet. Within sections, names can be those of a value, and only a
    /// host's values tell.
    func undeclaredNames() -> [Diagnostic] {
        let declared = Set(
            hostclass.settings.map(\.key.rawValue) + hostclass.required.map(\.key.rawValue) + ["roller"])
        return files.compactMap(\.template).flatMap { template in
            template.outerNames.filter { !declared.contains($0.first) }.map { first, mention in
                Diagnostic(
                    .templateUnknownName, severity: .warning, at: mention.location,
                    "'\(mention.name)' is not set: '\(hostclass.name)' declares no '\(first)'",
                    hint: nearestName(to: first, among: declared.sorted()).map { "did you mean '\($0)'?" }
                        ?? "declare it in the hostclass: under settings with a default, or under required")
            }
        }
    }
}

extension Template {
    /// The names of tags that stand in no section, each with its first part.
    fileprivate var outerNames: [(first: String, mention: Mention)] {
        var found: [(String, Mention)] = []
        var index = 0
        while index < nodes.count {
            let node = nodes[index]
            if let name = node.name, let first = name.parts.first {
                found.append((first, Mention(name: name.text, location: node.place.location(in: file))))
            }
            index = node.end
        }
        return found
    }
}
