internal import Synchronization

/// What was made or asked for lately, up to a limit. Values are immutable, so it is of no matter which of two threads
/// that make the same one wins.
///
/// There are two generations: when the young one is full it becomes the old one, which is dropped then. What is asked
/// for moves to the young one, so what is in use stays.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Held {
        let value: Value
        let cost: Int
    }

    private struct Generations {
        var young: [Key: Held] = [:]
        var old: [Key: Held] = [:]
        var youngCost = 0
    }

    private let limit: Int
    private let generations = Mutex(Generations())

    /// - Parameter limit: About the most that the costs of all values may sum up to.
    init(limit: Int) { self.limit = limit }

    /// The value of `key`, if it is held. Setting it costs 1.
    subscript(key: Key) -> Value? {
        get {
            generations.withLock { held in
                if let found = held.young[key] { return found.value }
                guard let found = held.old[key] else { return nil }
                insert(found, for: key, into: &held)
                return found.value
            }
        }
        set { if let newValue { insert(newValue, for: key, cost: 1) } }
    }

    /// Keeps `value`, unless it alone is beyond half of the limit.
    func insert(_ value: Value, for key: Key, cost: Int) {
        guard cost <= limit / 2 else { return }
        generations.withLock { insert(Held(value: value, cost: cost), for: key, into: &$0) }
    }

    private func insert(_ new: Held, for key: Key, into held: inout Generations) {
        if held.youngCost + new.cost > limit / 2 {
            held.old = held.young
            held.young = [:]
            held.youngCost = 0
        }
        let replaced = held.young.updateValue(new, forKey: key)
        held.youngCost += new.cost - (replaced?.cost ?? 0)
    }
}
