/// A fleet in words, for windows of 80 columns.
public struct FleetText: Sendable {
    private let report: FleetOverview
    private let now: Int
    private let paint: @Sendable (String, FleetBucket) -> String

    /// - Parameters:
    ///   - now: Seconds since 1970, for ages.
    ///   - paint: Colours what is said of a bucket.
    public init(
        _ report: FleetOverview, now: Int,
        paint: @escaping @Sendable (String, FleetBucket) -> String = { text, _ in text }
    ) {
        self.report = report
        self.now = now
        self.paint = paint
    }

    /// The buckets in one line, those with hosts alone: `2 failed, 1 behind, 7 converged`.
    public var line: String {
        let parts = report.buckets.inOrder.filter { $0.hosts > 0 }
            .map { paint("\($0.hosts) \($0.bucket.rawValue)", $0.bucket) }
        return parts.isEmpty ? "no hosts" : parts.joined(separator: ", ")
    }

    /// All of it.
    public var text: String {
        var text = "\(report.buckets.total) hosts at \(report.revision.short): \(line)\n"
        if report.known < report.buckets.total {
            text += "what \(report.buckets.total - report.known) of them would get now is still being made out\n"
        }
        text += table("hostclass", report.hostclasses)
        if report.datacenters.count > 1 { text += table("datacenter", report.datacenters) }
        text += table("release", report.releases)
        guard !report.hosts.isEmpty else { return text }
        text += "\n"
        for entry in report.hosts { text += lines(entry) }
        if let next = report.next { text += "more after \(next)\n" }
        return text
    }

    /// One row a name: how many hosts, how many are converged, and what the others are.
    private func table<Name: ValidatedText>(_ title: String, _ counts: [Name: FleetCounts]) -> String {
        let rows = counts.sorted { $0.key < $1.key }
        let width = min(40, max(title.count, rows.map(\.key.rawValue.count).max() ?? 0))
        var text = "\n" + title.padded(to: width) + "     hosts  converged  others\n"
        for (name, counts) in rows {
            let others = counts.inOrder.filter { $0.hosts > 0 && $0.bucket != .converged }
                .map { paint("\($0.hosts) \($0.bucket.rawValue)", $0.bucket) }.joined(separator: ", ")
            let row =
                name.rawValue.padded(to: width) + "\(counts.total)".padded(to: 10, left: true)
                + "\(counts[.converged])".padded(to: 11, left: true)
            text += row + (others.isEmpty ? "" : "  " + others) + "\n"
        }
        return text
    }

    private func lines(_ entry: FleetOverview.Entry) -> String {
        let age = entry.heard.map { "\(Self.age(max(0, now - $0))) ago" } ?? "never heard of"
        var line = "\(paint(entry.bucket.rawValue.padded(to: 12), entry.bucket))  \(entry.host)  \(age)"
        if let applied = entry.applied, applied != entry.release {
            line += "\n" + String(repeating: " ", count: 14) + "on \(applied), to be \(entry.release)"
        }
        guard let reason = entry.reason, entry.bucket != .converged else { return line + "\n" }
        let words = printable(String(reason.prefix { $0 != "\n" }))
        let room = 80 - 14
        return line + "\n" + String(repeating: " ", count: 14)
            + (words.count > room ? String(words.prefix(room - 1)) + "…" : words) + "\n"
    }

    /// A length of time in one unit: `42s`, `17m`, `5h`, `3d`.
    static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86400)d"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int, left: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - unicodeScalars.count))
        return left ? spaces + self : self + spaces
    }
}
