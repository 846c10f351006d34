/// A file as one side has it.
struct DiffedFile {
    let path: String
    let bytes: [UInt8]
    let mode: ModeAndOwner
}

/// The files that differ, sorted by path.
/// - Parameters:
///   - old: Files of the old side, in any order, each path once.
///   - new: Those of the new side.
func fileChanges(from old: [DiffedFile], to new: [DiffedFile]) -> [FileChange] {
    // By bytes, as file systems do.
    let before = Dictionary(old.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let paths = Set(before.keys).union(after.keys).sorted { $0.lexicographicallyPrecedes($1) }
    return paths.compactMap { FileChange(before[$0], after[$0]) }
}

extension FileChange {
    /// Nil where both sides have the same.
    fileprivate init?(_ old: DiffedFile?, _ new: DiffedFile?) {
        guard let path = new?.path ?? old?.path else { return nil }
        self.path = path
        presence = old == nil ? .added : new == nil ? .removed : .changed
        mode =
            old?.mode == new?.mode
            ? nil : TextChange(name: path, old: old?.mode.rawValue, new: new?.mode.rawValue)
        guard old?.bytes != new?.bytes else {
            guard mode != nil else { return nil }
            contents = .same
            return
        }
        guard let before = text(old), let after = text(new) else {
            contents = .binary(old: size(old), new: size(new))
            return
        }
        contents = .text(unifiedDiff(before, after, name: path, missing: old == nil ? .old : new == nil ? .new : nil))
    }

    /// The lines that were added or taken away, without what stands around them.
    var changedLines: [String] {
        guard case .text(let diff) = contents else { return [] }
        // By bytes, since CR LF is one character to Swift; behind the two lines that name the file.
        return diff.utf8.split(separator: UInt8(ascii: "\n")).dropFirst(2).filter {
            $0.first == UInt8(ascii: "+") || $0.first == UInt8(ascii: "-")
        }.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Nil where the file is no text. A file that is not there has none, and can be compared with one.
private func text(_ file: DiffedFile?) -> String? {
    guard let file else { return "" }
    guard case .text(let text) = FileContents(file.bytes) else { return nil }
    return text
}

private func size(_ file: DiffedFile?) -> ByteCount? { file.map { ByteCount(Int64($0.bytes.count)) } }

private enum MissingSide { case old, new }

/// With /dev/null for a side that has no file, as git and patch have it; an empty file's own diff is its names alone.
private func unifiedDiff(_ old: String, _ new: String, name: String, missing: MissingSide?) -> String {
    let diff = unifiedDiff(old, new, name: name)
    let header = "--- a/\(name)\n+++ b/\(name)\n"
    switch missing {
    case nil: return diff
    case .old: return "--- /dev/null\n+++ b/\(name)\n" + diff.dropPrefix(header)
    case .new: return "--- a/\(name)\n+++ /dev/null\n" + diff.dropPrefix(header)
    }
}

extension String {
    /// What follows `prefix`, by bytes; nothing where the text is empty.
    fileprivate func dropPrefix(_ prefix: String) -> String {
        utf8.isEmpty ? "" : String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}
