internal import Transfer

extension S3Bucket {
    /// What is known of an object.
    /// - Throws: `.noSuchKey` when there is none.
    public func head(_ key: String) async throws(S3Error) -> S3ObjectInfo {
        let call = S3Call(operation: "HeadObject", method: .head, key: key)
        try check(key, call.operation)
        let response = try await send(call)
        guard let size = response.headers["Content-Length"].flatMap({ Int64($0) }) else {
            throw error(.malformedAnswer("it says no size"), call)
        }
        return S3ObjectInfo(key: key, size: size, headers: response.headers)
    }

    /// Removes an object. That there is none is a success.
    public func delete(_ key: String) async throws(S3Error) {
        let call = S3Call(operation: "DeleteObject", method: .delete, key: key)
        try check(key, call.operation)
        do throws(S3Error) {
            _ = try await send(call)
        } catch  where error.reason == .noSuchKey {
            return
        }
    }
}
