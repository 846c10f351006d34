/// A sequence or mapping whose end has not come yet.
struct OpenCollection {
    let range: YAMLRange
    let anchor: String?
    let isMapping: Bool
    let isFlow: Bool
    /// What had been spent before it.
    let before: Cost

    /// Levels of nesting, itself included.
    private(set) var height = 1
    /// Where its last part ends.
    private(set) var lastEnd: YAMLPosition

    private var items: [YAMLNode] = []
    private var entries: [YAMLEntry] = []
    private var pending = Pending.nothing
    /// Places in `entries` by key, once there are more than a few.
    private var places: [String: Int] = [:]
    private static let few = 16

    /// The key whose value comes next.
    private enum Pending {
        case nothing
        case key(YAMLKey)
        /// A key that was a problem: its value is left out.
        case refused
    }

    init(range: YAMLRange, anchor: String?, isMapping: Bool, isFlow: Bool, before: Cost) {
        self.range = range
        self.anchor = anchor
        self.isMapping = isMapping
        self.isFlow = isFlow
        self.before = before
        lastEnd = range.end
    }

    var content: YAMLNode.Content { isMapping ? .mapping(entries) : .sequence(items) }

    /// Takes the next item, key or value. Returns what is wrong with it as a key.
    mutating func add(_ node: YAMLNode, height nodeHeight: Int, isAlias: Bool) -> YAMLProblem? {
        lastEnd = max(lastEnd, node.range.end)
        height = max(height, nodeHeight + 1)
        guard isMapping else {
            items.append(node)
            return nil
        }
        switch pending {
        case .nothing: return addKey(node, isAlias: isAlias)
        case .key(let key): entries.append(YAMLEntry(key: key, value: node))
        case .refused: break
        }
        pending = .nothing
        return nil
    }

    private mutating func addKey(_ node: YAMLNode, isAlias: Bool) -> YAMLProblem? {
        pending = .refused
        guard !isAlias, let scalar = node.scalar else { return .nonScalarKey(node, isAlias: isAlias) }
        if scalar.style == .plain, scalar.text == "<<" { return .mergeKey(node.range) }
        if let first = place(of: scalar.text) {
            return .duplicateKey(scalar.text, node.range, first: entries[first].key.range)
        }
        if entries.count >= Self.few { places[scalar.text] = entries.count }
        // An ambiguous key is most likely meant as text, so its value is kept and can be checked further.
        pending = .key(YAMLKey(scalar: scalar, range: node.range))
        return .ambiguousKey(scalar, node.range)
    }

    private mutating func place(of key: String) -> Int? {
        if entries.count < Self.few { return entries.firstIndex { $0.key.text == key } }
        if places.isEmpty { for (index, entry) in entries.enumerated() { places[entry.key.text] = index } }
        return places[key]
    }
}

/// What the anchors above stand for.
struct AnchorTable {
    /// A node that can stand for an alias, and what each use of it costs.
    struct Anchored {
        let node: YAMLNode
        let cost: Cost
    }

    private var nodes: [String: Anchored] = [:]
    private var ranges: [String: YAMLRange] = [:]

    subscript(name: String) -> Anchored? { nodes[name] }

    func range(of name: String) -> YAMLRange? { ranges[name] }

    /// Notes an anchor at the start of its node. Returns where the name was used before, if it was.
    mutating func introduce(_ name: String, at range: YAMLRange) -> YAMLRange? {
        ranges.updateValue(range, forKey: name)
    }

    /// Notes the whole node: from here on aliases may use it.
    mutating func define(_ name: String, as node: YAMLNode, cost: Cost) {
        nodes[name] = Anchored(node: node, cost: cost)
    }
}
