// A template and its values, parted by a line of three hyphens: it ends within its limits, its spans cover the output, and
// the same again gives the same.
import OrderedCollections
import RollerCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = text(Array(UnsafeBufferPointer(start: start, count: count)))
    let parts = input.split(separator: "\n---\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let source = parts.first else { return 0 }
    let values = parts.count == 2 ? values(String(parts[1])) : Value.map([:])
    guard case .success(let template) = Template.parse(String(source), file: "fuzz.mustache") else { return 0 }
    _ = template.names
    let limits = Template.Limits(outputBytes: 1 << 20, steps: 100_000)
    guard case .success(let rendering) = template.render(values, limits: limits) else { return 0 }
    require(rendering.text.utf8.count <= 1 << 20, "more output than allowed")
    var end = 0
    for span in rendering.spans {
        require(span.range.lowerBound == end, "a gap in the spans")
        end = span.range.upperBound
    }
    require(end == rendering.text.utf8.count, "spans that do not cover the output")
    guard case .success(let again) = template.render(values, limits: limits) else {
        fatalError("rendered once and not twice")
    }
    require(again == rendering, "two renderings differ")
    return 0
}

/// Settings as a datacenter of that text would have them.
private func values(_ yaml: String) -> Value {
    let file = RepoFile(path: "datacenters/d.yml", bytes: Array(yaml.utf8))
    let settings = ConfigRepo.read([file]).repo.datacenters.values.first?.settings ?? []
    return .map(.init(settings.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }))
}
