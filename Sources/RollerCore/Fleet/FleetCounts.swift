internal import OrderedCollections

/// How many hosts are in each bucket.
public struct FleetCounts: Hashable, Sendable {
    private var counts: [FleetBucket: Int] = [:]

    /// No hosts.
    public init() {}

    /// All hosts.
    public var total: Int { counts.values.reduce(0, +) }

    /// The hosts of one bucket.
    public subscript(bucket: FleetBucket) -> Int { counts[bucket] ?? 0 }

    /// Whether there are hosts, and all of them are healthy on the bundle that they would get now.
    public var isConverged: Bool { total > 0 && self[.converged] == total }

    /// Counts one more host.
    public mutating func add(_ bucket: FleetBucket) { counts[bucket, default: 0] += 1 }

    /// Every bucket with its number, those that want a person first.
    public var inOrder: [(bucket: FleetBucket, hosts: Int)] { FleetBucket.allCases.map { ($0, self[$0]) } }
}

extension FleetCounts: Codable {
    /// `hosts` and each bucket by its name. A bucket that is not known is an error: the numbers would not add up.
    public init(from decoder: any Decoder) throws {
        var numbers = try decoder.singleValueContainer().decode([String: Int].self)
        let total = numbers.removeValue(forKey: "hosts")
        for (name, number) in numbers {
            guard let bucket = FleetBucket(rawValue: name), number >= 0 else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "'\(name)' is no bucket of hosts"))
            }
            counts[bucket] = number == 0 ? nil : number
        }
        guard total == self.total else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "the buckets do not add up"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var numbers = ["hosts": total]
        for (bucket, number) in inOrder { numbers[bucket.rawValue] = number }
        var container = encoder.singleValueContainer()
        try container.encode(numbers)
    }

    /// `hosts` and every bucket, in order.
    public var asValue: Value {
        .map(
            OrderedDictionary(
                [("hosts", .int(total))] + inOrder.map { ($0.bucket.rawValue, .int($0.hosts)) },
                uniquingKeysWith: { first, _ in first }))
    }
}
