// Any bytes, read as YAML: it ends, stays within its budgets, and every place that it names is in the text.
import YAMLDocument

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let parse = YAMLDocument.parse(bytes)
    // YAML also breaks lines at CR, NEL, LS and PS; the last bytes of those in UTF-8.
    let lines = bytes.count { [0x0a, 0x0d, 0x85, 0xa8, 0xa9].contains($0) } + 2
    for problem in parse.problems {
        require(problem.range.start <= problem.range.end, "a range runs backwards: \(problem)")
        require((1...lines).contains(problem.range.start.line), "a line of the text: \(problem)")
        require(!problem.message.isEmpty, "a problem has a message")
    }
    require(parse.root != nil || !parse.problems.isEmpty, "no document and no problem")
    if let root = parse.root { walk(root, depth: 0) }
    return 0
}

private func walk(_ node: YAMLNode, depth: Int) {
    require(depth <= YAMLLimits.deepest, "deeper than allowed")
    switch node.content {
    case .scalar(let scalar): _ = scalar.resolution
    case .sequence(let items): for item in items { walk(item, depth: depth + 1) }
    case .mapping(let entries):
        require(Set(entries.map(\.key.text)).count == entries.count, "a key stands twice")
        for entry in entries { walk(entry.value, depth: depth + 1) }
    }
}
