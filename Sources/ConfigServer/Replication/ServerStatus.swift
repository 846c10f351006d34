internal import Crypto
internal import RollerCore

/// When a package came to a server.
struct Arrival: Hashable, Sendable, Codable {
    /// Milliseconds since 1970, by that server's clock.
    var since: Int
    /// Milliseconds from its announcement to there; nil where that is not known.
    var took: Int?
}

/// What a server has, and what it waits for: part of its packages, by their names. Each part is an object of its own, so
/// that one more package does not have all of them written and read again.
struct StatusShard: Hashable, Sendable, Codable {
    var packages: [String: Arrival] = [:]
    /// Why a package is not there, in words that follow "waits for".
    var waiting: [String: String] = [:]

    /// How many parts there are.
    static let count = 16

    /// Which part a package is in.
    static func index(of key: PackageKey) -> Int {
        // Of the name alone, so that versions of one package lie together.
        SHA256.hash(data: Array(key.name.rawValue.utf8)).first { _ in true }.map { Int($0) % count } ?? 0
    }

    static func name(_ index: Int) -> String { "\(index).json" }

    /// As an object.
    var bytes: [UInt8] {
        let packages = self.packages.sorted { $0.key < $1.key }.map { key, arrival -> (String, Value) in
            var entries: [(String, Value)] = [("since", .int(arrival.since))]
            if let took = arrival.took { entries.append(("took", .int(took))) }
            return (key, .entries(entries))
        }
        let waiting = self.waiting.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
        return Value.entries([("packages", .entries(packages)), ("waiting", .entries(waiting))]).json()
    }

    /// As large as one may be.
    static let limit: Int64 = 64 << 20
}

/// A server as the bucket tells of it.
struct PeerStatus: Sendable {
    var shards: [Int: StatusShard] = [:]
    /// What tells that an object is another one than was read.
    var versions: [String: String] = [:]
    /// When it last said that it lives, in seconds since 1970 by the service's clock; nil where it never did.
    var seen: Int?

    /// Servers that said nothing for so long are left out: they were taken away, or are cut off.
    static let silence = 300

    func lives(at now: Int) -> Bool { seen.map { now - $0 < Self.silence } ?? false }
    func arrival(of key: PackageKey) -> Arrival? { shards[StatusShard.index(of: key)]?.packages[key.description] }
    func wait(for key: PackageKey) -> String? { shards[StatusShard.index(of: key)]?.waiting[key.description] }
}
