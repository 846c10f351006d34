internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Work that takes long, such as comparing ten thousand hosts: on threads that no other request waits for, as much at once
/// as they are, and what it makes is kept for the next who asks.
final class DiffQueue: Sendable {
    /// What was compared, and how it is shown.
    struct Key: Hashable, Sendable {
        let what: String
        let format: DiffFormat
    }

    private let threads: NIOThreadPool
    private let known = BoundedCache<Key, View>(limit: 32 << 20)
    private let waiting = Mutex(0)

    /// How many may wait or be at work. One of 10,000 hosts takes seconds.
    private static let longestQueue = 8

    /// - Parameter threads: They must be started before the first call.
    init(on threads: NIOThreadPool) { self.threads = threads }

    /// The text of `key`, made unless it is known.
    /// - Throws: `SnapshotError.busy` where too many ask at once.
    func view(_ key: Key, make: @escaping @Sendable () throws -> [UInt8]) async throws -> View {
        if let view = known[key] { return view }
        let isFree = waiting.withLock { waiting in
            guard waiting < Self.longestQueue else { return false }
            waiting += 1
            return true
        }
        guard isFree else { throw SnapshotError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await threads.runIfActive { [known] in
            // Somebody else may have asked for the same, and had it made by now.
            if let view = known[key] { return view }
            let bytes = try make()
            let view = View(bytes, type: key.format.mediaType)
            known.insert(view, for: key, cost: bytes.count)
            return view
        }
    }
}
