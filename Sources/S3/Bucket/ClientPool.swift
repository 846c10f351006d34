internal import Transfer

/// Clients with their connections, each used by one task at a time. Those who find none free wait in order.
actor ClientPool {
    private let options: TransferOptions
    private let limit: Int
    private var idle: [HTTPClient] = []
    private var busy = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(options: TransferOptions, limit: Int) {
        self.options = options
        self.limit = max(1, limit)
    }

    /// Runs `work` with a client of its own.
    nonisolated func withClient<Success: Sendable>(
        _ work: (HTTPClient) async throws(TransferError) -> Success
    ) async throws(TransferError) -> Success {
        let client = try await take()
        do throws(TransferError) {
            let result = try await work(client)
            await give(back: client)
            return result
        } catch {
            await give(back: client)
            throw error
        }
    }

    private func take() async throws(TransferError) -> HTTPClient {
        if busy < limit {
            busy += 1
        } else {
            // Whoever gives a client back hands its place to the first who waits: `busy` stays as it is.
            await withCheckedContinuation { waiting.append($0) }
        }
        if let client = idle.popLast() { return client }
        do throws(TransferError) {
            return try HTTPClient(options: options)
        } catch {
            leave()
            throw error
        }
    }

    private func give(back client: HTTPClient) {
        idle.append(client)
        leave()
    }

    private func leave() {
        if waiting.isEmpty { busy -= 1 } else { waiting.removeFirst().resume() }
    }
}
