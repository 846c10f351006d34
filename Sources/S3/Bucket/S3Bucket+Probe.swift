/// What a bucket makes of `If-None-Match: *`.
public enum S3ConditionalPuts: Sendable, Hashable {
    /// A second put is refused: of several writers one wins.
    case honoured
    /// A second put replaces the first without a word: somebody else must see to it that there is one writer.
    case ignored
    /// The service refuses requests that have it, with this status.
    case unsupported(status: Int)
}

extension S3Bucket {
    /// Finds out whether the bucket honours conditional puts, by putting a small object twice and removing it.
    /// - Parameter prefix: Where the object is put; its name is one of chance.
    public func probeConditionalPuts(prefix: String = ".probe/") async throws(S3Error) -> S3ConditionalPuts {
        let key = prefix + (0..<16).map { _ in UInt8.random(in: 0...255) }.hexadecimal
        let answer: S3ConditionalPuts
        do throws(S3Error) {
            try await put(Array("first".utf8), as: key, .ifAbsent)
            answer = try await isReplaced(key) ? .ignored : .honoured
        } catch {
            guard error.reason == .refused, let status = error.status else { throw error }
            return .unsupported(status: status)
        }
        try await delete(key)
        return answer
    }

    private func isReplaced(_ key: String) async throws(S3Error) -> Bool {
        do throws(S3Error) {
            try await put(Array("second".utf8), as: key, .ifAbsent)
            return true
        } catch  where error.reason == .alreadyExists {
            return false
        }
    }
}
