internal import RollerCore
internal import Synchronization

/// Keeps count of connections and requests, and says which may come in.
final class Admission: Sendable {
    /// What becomes of a new connection.
    enum Entry: Hashable, Sendable {
        case welcome
        /// It is answered once, with what is wrong.
        case excess
        /// It is closed at once: the address goes on and on.
        case refused
    }

    private struct Ledger {
        var connections: [String: Int] = [:]
        /// For each address, when all that it has asked for is paid at its rate (the generic cell rate algorithm of
        /// ITU-T I.371): one instant says all that a token bucket would.
        var paidUntil: [String: ContinuousClock.Instant] = [:]
    }

    let limits: Limits
    private let ledger = Mutex(Ledger())
    private let inFlight = Atomic(0)
    private let open = Atomic(0)
    /// No more addresses than this are kept count of.
    private static let addresses = 1 << 16

    init(_ limits: Limits) { self.limits = limits }

    /// Requests being answered now.
    var requestsInFlight: Int { inFlight.load(ordering: .relaxed) }
    /// Connections now.
    var connections: Int { open.load(ordering: .relaxed) }

    /// Counts a connection. What is counted must be given back by `leave`, whatever the answer.
    func enter(_ address: String, isLocal: Bool) -> Entry {
        open.add(1, ordering: .relaxed)
        let count = ledger.withLock { ledger in
            ledger.connections[address, default: 0] += 1
            return ledger.connections[address, default: 0]
        }
        guard !isLocal || limits.includesLoopback else { return .welcome }
        if count > limits.connectionsPerAddress * 2 { return .refused }
        return count > limits.connectionsPerAddress ? .excess : .welcome
    }

    /// A connection has ended.
    func leave(_ address: String) {
        open.subtract(1, ordering: .relaxed)
        ledger.withLock { ledger in
            let left = ledger.connections[address, default: 1] - 1
            ledger.connections[address] = left > 0 ? left : nil
        }
    }

    /// Counts a request that begins. Each is given back by `end`, unless this throws.
    func begin(_ connection: Connection, now: ContinuousClock.Instant = .now) throws(Overload) {
        if connection.isExcess { throw .connections(address: connection.address, limit: limits.connectionsPerAddress) }
        if !connection.isLocal || limits.includesLoopback { try pay(connection.address, now) }
        guard inFlight.add(1, ordering: .relaxed).newValue <= limits.concurrentRequests else {
            end()
            // Spread, so that those refused together do not come back together.
            throw .busy(limit: limits.concurrentRequests, retryAfter: .random(in: 1...8))
        }
    }

    /// A request has been answered.
    func end() { inFlight.subtract(1, ordering: .relaxed) }

    private func pay(_ address: String, _ now: ContinuousClock.Instant) throws(Overload) {
        guard limits.rate > 0 else { return }
        let price = Duration.seconds(1) / limits.rate
        let credit = price * limits.burst
        let wait = ledger.withLock { ledger -> Duration? in
            let paid = max(ledger.paidUntil[address] ?? now, now) + price
            guard paid - now <= credit else { return paid - now - credit }
            if ledger.paidUntil.count >= Self.addresses, ledger.paidUntil[address] == nil {
                // Who has paid for all owes nothing, and need not be remembered.
                ledger.paidUntil = ledger.paidUntil.filter { $0.value > now }
                if ledger.paidUntil.count >= Self.addresses { ledger.paidUntil = [:] }
            }
            ledger.paidUntil[address] = paid
            return nil
        }
        if let wait {
            throw .rate(address: address, limit: limits.rate, retryAfter: max(1, Int(wait / .seconds(1) + 0.999)))
        }
    }
}
