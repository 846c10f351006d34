internal import YAMLDocument

/// `roller.yml`: the marker of the repository's root, and what holds for all of it.
public struct RepoRoot: Hashable, Sendable {
    /// The path of the file, from the repository's root.
    public static let path = "roller.yml"
    /// The format this code reads.
    public static let format = 1

    static func read(_ bytes: [UInt8], _ reader: inout FileReader) -> RepoRoot? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(of: node, as: "roller.yml", known: ["format"], required: ["format"]),
            let formatNode = fields["format"],
            let found = reader.int(formatNode, of: "the format", in: 1...Int.max)
        else { return nil }
        guard found == format else {
            reader.add(
                .unsupportedFormat, at: formatNode.range,
                "the repository has format \(found), and this is a program for format \(format)",
                hint: "upgrade Roller, or write `format: \(format)`")
            return nil
        }
        return RepoRoot()
    }
}
