/// Makes nodes of events, and keeps count of what they cost. It never recurses, so that no text can exhaust the stack.
struct TreeBuilder {
    /// How reading ended.
    enum Ending {
        case complete
        /// A problem was noted behind which reading makes no sense.
        case stopped
        case failed(ReadingFailure)
    }

    private(set) var problems: ProblemList
    private let limits: YAMLLimits
    private let depthLimit: Int
    private let notesScalars: Bool

    private var root: YAMLNode?
    private var open: [OpenCollection] = []
    private var anchors = AnchorTable()
    private var spent = Cost()
    private var hasDocument = false
    private var isOver = false
    private var lastEnd = YAMLPosition.start
    /// Quoted and block scalars in the order of the text, where `notesScalars`: tabs may stand in these.
    private var scalars: [NotedScalar] = []
    /// Where readers may disagree, in any order.
    private var marks: [NotedMark] = []

    /// - Parameter notesScalars: Whether the text has tabs, whose places must be judged at the end.
    init(limits: YAMLLimits, notesScalars: Bool, problems: ProblemList) {
        self.limits = limits
        self.notesScalars = notesScalars
        self.problems = problems
        depthLimit = min(limits.depth, YAMLLimits.deepest)
    }

    mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> Ending {
        guard let start = text.baseAddress, !text.isEmpty else { return .complete }
        var reader = EventReader(start, count: text.count)
        while !isOver {
            do throws(ReadingFailure) {
                if take(try reader.next()) { return .complete }
            } catch { return .failed(error) }
        }
        return .stopped
    }

    /// True at the end of the text.
    private mutating func take(_ event: consuming Event) -> Bool {
        switch consume event {
        case .streamEnd: return true
        case .stream, .documentEnd: break
        case .documentStart(let range, let hasDirectives): startDocument(range, hasDirectives: hasDirectives)
        case .alias(let name, let range):
            lastEnd = range.end
            marks.append(.name(range.start, length: name.utf8.count))
            expand(name, range)
        case .scalar(let scalar, let properties): take(scalar, properties)
        case .sequenceStart(let properties, let isFlow): begin(properties, isMapping: false, isFlow: isFlow)
        case .mappingStart(let properties, let isFlow): begin(properties, isMapping: true, isFlow: isFlow)
        case .collectionEnd(let range): end(range)
        }
        return false
    }

    private mutating func startDocument(_ range: YAMLRange, hasDirectives: Bool) {
        if hasDocument { return stop(.severalDocuments(at: range)) }
        hasDocument = true
        if hasDirectives { problems.add(.directive(range)) }
    }

    private mutating func take(_ scalar: YAMLScalar, _ properties: Event.Properties) {
        let range = properties.range
        lastEnd = range.end
        let byteCount = scalar.text.utf8.count
        guard spend(Cost(nodes: 1, bytes: byteCount), at: range) else { return }
        if notesScalars, scalar.style != .plain { scalars.append(NotedScalar(range: range, style: scalar.style)) }
        // Only an escape can bring a NUL; it takes double quotes.
        if scalar.style == .doubleQuoted, scalar.text.utf8.contains(0) {
            problems.add(.escapedNUL(in: scalar, range: range))
        }
        if let problem = Self.questionMark(in: scalar, range, isInFlow: open.last?.isFlow ?? false) {
            problems.add(problem)
        }
        check(properties)
        if scalar.isBlock { marks.append(.block(range.start)) }
        let node = YAMLNode(content: .scalar(scalar), range: range, anchor: properties.anchor)
        if let name = properties.anchor { anchors.define(name, as: node, cost: Cost(nodes: 1, bytes: byteCount)) }
        add(node)
    }

    private mutating func begin(_ properties: Event.Properties, isMapping: Bool, isFlow: Bool) {
        lastEnd = properties.range.end
        guard open.count < depthLimit else { return stop(.tooDeep(properties.range, limit: depthLimit)) }
        let before = spent
        guard spend(Cost(nodes: 1, bytes: 0), at: properties.range) else { return }
        check(properties)
        open.append(
            OpenCollection(
                range: properties.range, anchor: properties.anchor, isMapping: isMapping, isFlow: isFlow, before: before
            ))
    }

    private mutating func end(_ range: YAMLRange) {
        guard let closed = open.popLast() else {
            preconditionFailure("libyaml ends a collection that it did not begin")
        }
        lastEnd = range.end
        // In block style libyaml's end mark stands at the next token, maybe many comments below.
        let whole = YAMLRange(start: closed.range.start, end: closed.isFlow ? range.end : closed.lastEnd)
        let node = YAMLNode(content: closed.content, range: whole, anchor: closed.anchor)
        // A pair in a list without braces begins with its key.
        if closed.isFlow, let entry = node.mapping?.first, entry.key.range.start == closed.range.start {
            marks.append(.pair(entry.value.range.start))
        }
        var cost = spent - closed.before
        cost.height = closed.height
        if let name = closed.anchor { anchors.define(name, as: node, cost: cost) }
        add(node, height: closed.height)
    }

    /// Tags and anchors of a node that begins.
    private mutating func check(_ properties: Event.Properties) {
        if let tag = properties.tag { problems.add(.explicitTag(tag, properties.range)) }
        guard let name = properties.anchor else { return }
        marks.append(.name(properties.range.start, length: name.utf8.count))
        if let first = anchors.introduce(name, at: properties.range) {
            problems.add(.duplicateAnchor(name, properties.range, first: first))
        }
    }

    private mutating func expand(_ name: String, _ range: YAMLRange) {
        // What cannot be expanded becomes a missing value, so that reading can go on.
        var node = YAMLNode(content: .scalar(YAMLScalar(text: "", style: .plain)), range: range)
        var height = 0
        if open.contains(where: { $0.anchor == name }) {
            problems.add(.recursiveAlias(name, range, anchor: anchors.range(of: name)))
        } else if let anchored = anchors[name] {
            guard open.count + anchored.cost.height <= depthLimit else {
                return stop(.tooDeep(range, limit: depthLimit))
            }
            guard spend(anchored.cost, at: range, isAlias: true) else { return }
            node = YAMLNode(content: anchored.node.content, range: range)
            height = anchored.cost.height
        } else {
            problems.add(.unknownAlias(name, range))
        }
        add(node, height: height, isAlias: true)
    }

    /// Puts a finished node where it belongs.
    private mutating func add(_ node: YAMLNode, height: Int = 0, isAlias: Bool = false) {
        guard !open.isEmpty else { return root = node }
        if let problem = open[open.count - 1].add(node, height: height, isAlias: isAlias) { problems.add(problem) }
    }

    /// Charges the budgets, before any memory is spent. False when one of them is exceeded.
    private mutating func spend(_ cost: Cost, at range: YAMLRange, isAlias: Bool = false) -> Bool {
        // What is left is never negative, and so no sum can overflow, whatever the limits are.
        let fits = cost.nodes <= limits.nodes - spent.nodes
        if fits, cost.bytes <= limits.expandedBytes - spent.bytes {
            spent.nodes += cost.nodes
            spent.bytes += cost.bytes
            return true
        }
        stop(isAlias ? .aliasBudget(range, limits) : fits ? .tooMuchText(range, limits) : .tooManyNodes(range, limits))
        return false
    }

    private mutating func stop(_ problem: YAMLProblem) {
        problems.add(problem)
        isOver = true
        if problem.kind != .severalDocuments { root = nil }
    }

    /// The last findings, and the document if there is one.
    mutating func finish(_ ending: Ending, text: UnsafeBufferPointer<UInt8>) -> YAMLNode? {
        let source = SourceText(text)
        switch ending {
        case .stopped: break
        case .complete:
            if notesScalars { problems.add(tabsIn: source, outside: scalars, before: nil) }
            problems.add(readingsOf: source, marks: marks, root: root)
            if let root, root.scalar != YAMLScalar(text: "", style: .plain) { return root }
            problems.add(.empty)
            root = nil
        case .failed(let failure):
            root = nil
            let problem = YAMLProblem(failure, in: source, tabsAllowedIn: scalars)
            let known = problem.kind == .tab ? min(problem.range.start, lastEnd) : lastEnd
            if notesScalars { problems.add(tabsIn: source, outside: scalars, before: known) }
            problems.add(problem)
        }
        return root
    }
}

/// What reading has taken, or what an alias would take.
struct Cost {
    var nodes = 0
    var bytes = 0
    /// Levels of nesting: 0 for a scalar.
    var height = 0

    static func - (left: Cost, right: Cost) -> Cost {
        Cost(nodes: left.nodes - right.nodes, bytes: left.bytes - right.bytes)
    }
}
