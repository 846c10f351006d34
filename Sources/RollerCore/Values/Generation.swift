/// The number of one whole install tree on a host. 0 is what was there before Roller.
public struct Generation: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The number.
    public let number: Int
    /// What was there before the first roll; never collected.
    public static let beforeRoller = Generation(unchecked: 0)

    /// More than any host will ever see, and far from where numbers end.
    private static let limit = 1_000_000_000_000

    /// Nil for a negative number, and for one that nobody counted to.
    public init?(_ number: Int) {
        guard (0...Self.limit).contains(number) else { return nil }
        self.number = number
    }

    private init(unchecked number: Int) { self.number = number }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let generation = Generation(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number of a generation")
        }
        self = generation
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// The generation that a roll makes when this is the highest there is.
    public var following: Generation { Generation(unchecked: number + 1) }

    public var description: String { "\(number)" }
    public static func < (a: Generation, b: Generation) -> Bool { a.number < b.number }
}

/// What the file `.roller/generation.json` of a tree says: which generation the tree is, and nothing that differs
/// between hosts that should be alike.
public struct GenerationMarker: Hashable, Sendable, Codable {
    /// Where it stands in a tree.
    public static let directory = ".roller"
    /// Its name there.
    public static let file = "generation.json"
    /// Which generation the tree is.
    public let generation: Generation

    /// The marker of a generation.
    public init(_ generation: Generation) { self.generation = generation }
}
