import LinuxSystem
import RollerCore

/// What differs in one file between the live tree and the next one.
struct ContentDiff: Codable {
    let path: String
    /// In unified form, cut after some lines; nil for what is no text, or too large to show.
    let diff: String?
    /// Why nothing is shown, or how much is not.
    let note: String?
}

/// Compares files of the live tree with those of a candidate, as people read them.
struct ContentDiffs {
    let home: RollerHome
    let next: Generation

    /// Larger files have their sizes told.
    private static let largestFile = 256 << 10
    private static let mostLines = 200
    private static let mostFiles = 100

    /// The differences of those of `paths` that are files in both trees and not the same; the first hundred of them.
    func of(_ paths: [String]) -> [ContentDiff] {
        var seen: Set<String> = []
        var diffs: [ContentDiff] = []
        for path in paths where diffs.count < Self.mostFiles && seen.insert(path).inserted {
            if let diff = diff(path) { diffs.append(diff) }
        }
        return diffs
    }

    private func diff(_ path: String) -> ContentDiff? {
        // What cannot be read, or is no file in one of the trees, has no contents to compare.
        guard let live = try? home.parent.status(of: "\(home.name)/\(path)"), live.kind == .regular,
            let other = try? home.generations.status(of: "\(next)/\(path)"), other.kind == .regular,
            !live.isSameFile(as: other)
        else { return nil }
        guard max(live.size, other.size) <= Int64(Self.largestFile),
            let old = try? home.parent.readFile("\(home.name)/\(path)", limit: Self.largestFile),
            let new = try? home.generations.readFile("\(next)/\(path)", limit: Self.largestFile)
        else { return ContentDiff(path: path, diff: nil, note: sizes(live, other)) }
        guard old != new else { return nil }
        guard !old.contains(0), !new.contains(0), let before = String(validating: old, as: UTF8.self),
            let after = String(validating: new, as: UTF8.self)
        else { return ContentDiff(path: path, diff: nil, note: "no text: \(sizes(live, other))") }
        let lines = unifiedDiff(before, after, name: path).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > Self.mostLines else {
            return ContentDiff(path: path, diff: lines.joined(separator: "\n"), note: nil)
        }
        return ContentDiff(
            path: path, diff: lines.prefix(Self.mostLines).joined(separator: "\n") + "\n",
            note: "\(lines.count - Self.mostLines) more lines")
    }

    private func sizes(_ live: FileStatus, _ next: FileStatus) -> String {
        "\(ByteCount(max(0, live.size))), then \(ByteCount(max(0, next.size)))"
    }
}
