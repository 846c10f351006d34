public import OrderedCollections

extension Whereabouts {
    /// As JSON writes it.
    public var value: Value {
        .map([
            "kind": .string(kind.rawValue), "name": .string(name), "places": .list(mentions.map(\.value)),
        ])
    }
}

extension Mention {
    /// As JSON writes it.
    public var value: Value {
        var fields: OrderedDictionary<String, Value> = ["role": .string(role.rawValue)]
        fields.merge(location.fields) { old, _ in old }
        if let detail { fields["detail"] = .string(detail) }
        if let hosts { fields["hosts"] = .int(hosts) }
        return .map(fields)
    }
}

extension SourceLocation {
    /// A place for programs: the release it is of, where it is not the state itself, the file, line and column.
    public var fields: OrderedDictionary<String, Value> {
        let (release, path) = releaseAndPath
        var fields: OrderedDictionary<String, Value> = [:]
        if let release { fields["release"] = .string(release) }
        fields["file"] = .string(path)
        if line > 0 { fields["line"] = .int(line) }
        if column > 0 { fields["column"] = .int(column) }
        return fields
    }
}

extension String {
    /// A path without the prefix before it, as people copy it from a host.
    public var belowThePrefix: String {
        let prefix = "/usr/local/"
        return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
