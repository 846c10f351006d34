/// Fills one template with the values of one host. It goes on after a finding, so that one pass reports them all.
struct TemplateRenderer {
    let template: Template
    let escaping: Template.Escaping
    let limits: Template.Limits
    /// The values that names are looked up in, innermost last. Never empty.
    private(set) var frames: [Frame]
    private var output: [UInt8] = []
    private var pieces: [Rendering.Piece] = []
    private var paths: [Rendering.PathStep] = []
    private var steps = 0
    private(set) var findings: TemplateFindings
    /// The nodes that have a finding. A tag in a list has one, however often the list repeats it.
    private var reported: Set<Int> = []

    /// A value that a section has entered.
    struct Frame {
        let value: Value
        /// The step of `paths` that leads to it, nil for the values as a whole.
        let path: Int?
    }

    /// The code of a limit that was reached.
    private static let limitCode = DiagnosticCode.templateTooLarge

    /// Rendering cannot go on: a limit is reached, or nobody would read more findings.
    private struct Stop: Error {}

    init(_ template: Template, scope: Value, escaping: Template.Escaping, limits: Template.Limits) {
        self.template = template
        self.escaping = escaping
        self.limits = limits
        frames = [Frame(value: scope, path: nil)]
        findings = TemplateFindings(file: template.file)
    }

    mutating func render() -> Result<Rendering, TemplateErrors> {
        output.reserveCapacity(min(template.source.count, max(0, limits.outputBytes)))
        do throws(Stop) { try render(0..<template.nodes.count) } catch { assert(!findings.diagnostics.isEmpty) }
        guard findings.diagnostics.isEmpty else { return .failure(findings.errors) }
        return .success(
            Rendering(
                text: String(decoding: output, as: UTF8.self), template: template, pieces: pieces, paths: paths))
    }

    /// Sections call this again: the parser's bound on their depth bounds the stack.
    private mutating func render(_ range: Range<Int>) throws(Stop) {
        var index = range.lowerBound
        while index < range.upperBound {
            try spendStep(on: index)
            let node = template.nodes[index]
            switch node.kind {
            case .text(let bytes):
                pieces.append(.init(start: output.count, node: index, path: nil))
                output.append(contentsOf: template.source[bytes])
                try checkSize(at: index)
            case .value(let name, let form):
                if let found = lookUp(name, at: index) { try write(found, of: name, form, at: index) }
            case .section(let name, let polarity):
                if let found = lookUp(name, at: index) { try enter(found, polarity, at: index) }
            }
            index = node.end
        }
    }

    private mutating func enter(_ found: Found, _ polarity: Template.Polarity, at index: Int) throws(Stop) {
        let body = index + 1..<template.nodes[index].end
        switch (polarity, found.value) {
        case (.off, let value):
            if !value.isOn { try render(body) }
        case (.on, .bool(let isOn)):
            if isOn { try render(body) }
        case (.on, .list(let elements)):
            for (offset, element) in elements.enumerated() {
                try spendStep(on: index)
                try render(body, inside: element, .init(parent: found.path, node: index, element: offset))
            }
        case (.on, .map), (.on, .string), (.on, .int):
            guard found.value.isOn else { return }
            try render(body, inside: found.value, .init(parent: found.path, node: index, element: nil))
        }
    }

    private mutating func render(_ body: Range<Int>, inside value: Value, _ path: Rendering.PathStep) throws(Stop) {
        frames.append(Frame(value: value, path: paths.count))
        paths.append(path)
        try render(body)
        frames.removeLast()
    }

    private mutating func write(
        _ found: Found, of name: Template.Name, _ form: Template.Form, at index: Int
    ) throws(Stop) {
        let start = output.count
        switch found.value {
        case .string(let text) where escaping == .html && form == .plain: output.appendEscaped(text)
        case .string(let text): output.append(contentsOf: text.utf8)
        case .int(let number): output.append(contentsOf: String(number).utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .list, .map:
            report(noText: found.value, name, at: index)
            return
        }
        pieces.append(.init(start: start, node: index, path: found.path))
        try checkSize(at: index)
    }

    private mutating func spendStep(on index: Int) throws(Stop) {
        if findings.isFull { throw Stop() }
        steps += 1
        guard steps > limits.steps else { return }
        try stop(
            at: index, "rendering stopped after \(limits.steps) tags and texts",
            hint: "look for lists within lists: their lengths multiply")
    }

    private mutating func checkSize(at index: Int) throws(Stop) {
        guard output.count > limits.outputBytes else { return }
        try stop(
            at: index, "the text grew beyond \(limits.outputBytes) bytes here",
            hint: "look for lists within lists: their lengths multiply")
    }

    private mutating func stop(at index: Int, _ message: String, hint: String) throws(Stop) {
        findings.add(Self.limitCode, at: template.nodes[index].place, message, hint: hint)
        throw Stop()
    }
}

extension TemplateRenderer {
    /// Whether the innermost section has entered an element of a list.
    var isInElement: Bool { frames.last?.path.map { paths[$0].element != nil } ?? false }

    /// The value of a tag, or nil after saying what is wrong with its name.
    private mutating func lookUp(_ name: Template.Name, at index: Int) -> Found? {
        switch lookUp(name) {
        case .found(let found): return found
        case .absent(let part, let map): report(absent: part, in: map, of: name, at: index)
        case .notAMap(let part, let value): report(notAMap: value, part, of: name, at: index)
        }
        return nil
    }

    private mutating func report(absent part: Int, in map: Value?, of name: Template.Name, at index: Int) {
        guard reported.insert(index).inserted else { return }
        let inside = frames.last?.path.map { Rendering.describe($0, in: paths, of: template) }
        findings.add(
            .templateUnknownName, at: template.nodes[index].place,
            Self.message(absent: part, of: name, inside: inside),
            hint: hint(absent: part, in: map, of: name, at: index))
    }

    private mutating func report(notAMap value: Value, _ part: Int, of name: Template.Name, at index: Int) {
        guard reported.insert(index).inserted else { return }
        let owner = name.parts[...part].joined(separator: ".")
        findings.add(
            .templateWrongType, at: template.nodes[index].place,
            "'\(name.text)' cannot be looked up: '\(owner)' is \(value.type.withArticle), and only a map has names in it",
            hint: value.type == .list
                ? "repeat over the list: {{#\(owner)}} … {{/\(owner)}}" : "write {{\(owner)}}, or make '\(owner)' a map"
        )
    }

    private mutating func report(noText value: Value, _ name: Template.Name, at index: Int) {
        guard reported.insert(index).inserted else { return }
        findings.add(
            .templateWrongType, at: template.nodes[index].place,
            "'\(name.text)' is \(value.type.withArticle) and cannot be written as text",
            hint: Self.hint(noText: value, name))
    }
}
