extension YAMLProblem {
    static var empty: YAMLProblem {
        YAMLProblem(
            kind: .empty, range: YAMLRange(at: .start, columns: 0), message: "the file holds nothing",
            hint: "write {} for an empty mapping")
    }

    static func severalDocuments(at range: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .severalDocuments, range: range, message: "a second document begins here",
            hint: "keep one document to a file")
    }

    static func directive(_ range: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .directive, range: range, message: "the document has a '%' directive",
            hint: "remove the lines that begin with '%'")
    }

    static func explicitTag(_ tag: String, _ range: YAMLRange) -> YAMLProblem {
        let core = "tag:yaml.org,2002:"
        let written = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
        return YAMLProblem(
            kind: .explicitTag, range: range, message: "the value has the tag \(quoted(written))",
            hint: "remove the tag; a value in quotes is always text")
    }

    static func duplicateKey(_ key: String, _ range: YAMLRange, first: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .duplicateKey, range: range, message: "the key \(quoted(key)) is already used in this mapping",
            hint: "remove one of the two", related: Related(range: first, message: "first used here"))
    }

    static func mergeKey(_ range: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .mergeKey, range: range, message: "'<<' merges mappings in YAML 1.1 only",
            hint: "write the keys out, or put \"<<\" in quotes if it is a name")
    }

    static func nonScalarKey(_ key: YAMLNode, isAlias: Bool) -> YAMLProblem {
        if isAlias {
            return YAMLProblem(
                kind: .nonScalarKey, range: key.range, message: "an alias stands for a key", hint: "write the key out")
        }
        guard case .mapping = key.content else {
            return YAMLProblem(
                kind: .nonScalarKey, range: key.range, message: "a key is a list", hint: "use a text as key")
        }
        return YAMLProblem(
            kind: .nonScalarKey, range: key.range, message: "a key is a mapping",
            hint: "use a text as key; a value that begins with '{{' goes in quotes")
    }

    static func duplicateAnchor(_ name: String, _ range: YAMLRange, first: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .duplicateAnchor, range: range, message: "the anchor \(quoted("&\(name)")) is already used",
            hint: "give one of the two another name", related: Related(range: first, message: "first used here"))
    }

    static func unknownAlias(_ name: String, _ range: YAMLRange) -> YAMLProblem {
        YAMLProblem(
            kind: .unknownAlias, range: range, message: "no anchor \(quoted("&\(name)")) stands above this alias",
            hint: "write the anchor before the value that is meant, or put the alias in quotes if it is text")
    }

    static func recursiveAlias(_ name: String, _ range: YAMLRange, anchor: YAMLRange?) -> YAMLProblem {
        YAMLProblem(
            kind: .recursiveAlias, range: range,
            message: "the alias \(quoted("*\(name)")) stands inside the value that it names",
            hint: "write the value out",
            related: anchor.map { Related(range: $0, message: "the value begins here") })
    }

    static func aliasBudget(_ range: YAMLRange, _ limits: YAMLLimits) -> YAMLProblem {
        YAMLProblem(
            kind: .aliasBudget, range: range,
            message: "aliases let the document grow beyond \(limits.nodes) values or \(limits.expandedBytes) bytes",
            hint: "use fewer aliases")
    }

    static func tooManyNodes(_ range: YAMLRange, _ limits: YAMLLimits) -> YAMLProblem {
        YAMLProblem(
            kind: .tooManyNodes, range: range, message: "the document has more than \(limits.nodes) values",
            hint: "split the file")
    }

    static func tooMuchText(_ range: YAMLRange, _ limits: YAMLLimits) -> YAMLProblem {
        YAMLProblem(
            kind: .tooManyNodes, range: range,
            message: "the document's values have more than \(limits.expandedBytes) bytes of text",
            hint: "split the file")
    }

    static func tooDeep(_ range: YAMLRange, limit: Int) -> YAMLProblem {
        YAMLProblem(
            kind: .tooDeep, range: range, message: "values are nested more than \(limit) levels deep",
            hint: "nest less deeply, or put the value in quotes if it is text")
    }
}
