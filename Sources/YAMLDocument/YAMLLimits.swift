/// How much a document may ask for. What goes beyond is a problem, found before the memory is spent.
public struct YAMLLimits: Hashable, Sendable {
    /// Bytes of text.
    public var bytes: Int
    /// Sequences and mappings inside one another; the outermost counts 1. libyaml's time is quadratic in the nesting of
    /// `[` and `{`, so reading stops at this depth. More than `deepest` is taken for `deepest`.
    public var depth: Int
    /// Scalars, sequences, mappings and keys, with every alias counted as all that it stands for.
    public var nodes: Int
    /// Bytes of all scalars and keys, with every alias counted as all that it stands for.
    public var expandedBytes: Int
    /// Problems listed. Those beyond are counted only, in `YAMLParse.unlistedProblems`.
    public var problems: Int

    /// The deepest nesting that any limits allow, so that walking or freeing a tree needs little stack.
    public static let deepest = 256

    /// 1 MiB of text, 32 levels, 100,000 nodes, 4 MiB of expanded scalars, 100 problems.
    public static let standard = YAMLLimits()

    /// - Parameters:
    ///   - bytes: Bytes of text. At most 1 GiB are taken.
    ///   - depth: Nesting; the outermost counts 1.
    ///   - nodes: Nodes, aliases expanded.
    ///   - expandedBytes: Bytes of scalars, aliases expanded.
    ///   - problems: Problems listed.
    public init(
        bytes: Int = 1 << 20, depth: Int = 32, nodes: Int = 100_000, expandedBytes: Int = 4 << 20, problems: Int = 100
    ) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
        self.expandedBytes = expandedBytes
        self.problems = problems
    }
}
