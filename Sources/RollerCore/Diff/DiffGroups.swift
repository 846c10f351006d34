/// Hosts whose diffs are the same but for their own names.
public struct DiffGroup: Sendable {
    /// The hosts, sorted.
    public let hosts: [HostName]
    /// The diff of the first of them, in its own words.
    public let example: HostDiff
}

/// Brings hosts with the same diff together. Only one diff a group is held, however many hosts there are.
///
/// Two diffs are the same when their JSON is, with each host's own full name taken out, and with it what tells nothing
/// about the change: the positions of settings in files, and the lines around a change, which may speak of other
/// things in which the hosts differ.
public struct DiffGroups: Sendable {
    private var byEssence: [Digest: (example: HostDiff, hosts: [HostName])] = [:]

    private let limit: Int
    /// Hosts that differ in ways of their own beyond the limit.
    public private(set) var ungrouped: [HostName] = []

    /// No groups yet.
    /// - Parameter limit: How many groups are kept.
    public init(limit: Int = .max) { self.limit = limit }

    /// Adds one host's diff.
    public mutating func add(_ diff: HostDiff) {
        let essence = Digest(of: replacing(diff.host.rawValue, in: diff.value(.essence).json(), with: "{host}"))
        if byEssence.count >= limit, byEssence[essence] == nil {
            ungrouped.append(diff.host)
            return
        }
        merge(essence, diff, [diff.host])
    }

    /// Adds what others have found.
    public mutating func merge(_ other: DiffGroups) {
        for (essence, group) in other.byEssence { merge(essence, group.example, group.hosts) }
        ungrouped += other.ungrouped
    }

    private mutating func merge(_ essence: Digest, _ example: HostDiff, _ hosts: [HostName]) {
        guard var group = byEssence[essence] else {
            byEssence[essence] = (example, hosts)
            return
        }
        byEssence[essence] = nil  // so that the array is grown in place
        // The first by name speaks for all, whatever order they come in.
        if example.host < group.example.host { group.example = example }
        group.hosts += hosts
        byEssence[essence] = group
    }

    /// The groups, the largest first, and by name where they are as large.
    public var groups: [DiffGroup] {
        byEssence.values.map { DiffGroup(hosts: $0.hosts.sorted(), example: $0.example) }.sorted {
            ($1.hosts.count, $0.example.host) < ($0.hosts.count, $1.example.host)
        }
    }

    /// How many hosts differ.
    public var hostCount: Int { byEssence.values.reduce(ungrouped.count) { $0 + $1.hosts.count } }
}

/// `bytes` with every `name` in it replaced that is not part of a longer word.
private func replacing(_ name: String, in bytes: [UInt8], with other: String) -> [UInt8] {
    let wanted = Array(name.utf8)
    guard let first = wanted.first, bytes.count >= wanted.count else { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
        let end = position + wanted.count
        if bytes[position] == first, end <= bytes.count, bytes[position..<end].elementsEqual(wanted),
            position == 0 || !isOfWord(bytes[position - 1]), end == bytes.count || !isOfWord(bytes[end])
        {
            out += Array(other.utf8)
            position = end
        } else {
            out.append(bytes[position])
            position += 1
        }
    }
    return out
}

/// Whether a host's name goes on with this byte, but for the dot, which may end a sentence or a name in DNS.
private func isOfWord(_ byte: UInt8) -> Bool {
    NameBytes.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
}
