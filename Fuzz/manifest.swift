// Any bytes as a manifest: what is accepted is written as one text, which reads back as the same manifest.
import RollerCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let manifest = try? PackageManifest.read(bytes) else { return 0 }
    let text = Array(manifest.text.utf8)
    guard let again = try? PackageManifest.read(text) else { fatalError("what was written cannot be read") }
    require(again == manifest, "a manifest reads back as another")
    require(Array(again.text.utf8) == text, "one manifest has two texts")
    var comparison = ManifestComparison(manifest)
    for entry in again.entries {
        require(comparison.difference(of: entry) == nil, "a manifest differs from itself at '\(entry.path)'")
    }
    require(comparison.missing.isEmpty, "a manifest lacks what it has")
    _ = manifest.privilegedPaths
    _ = pathConflicts(packages: [manifest])
    return 0
}
