internal import Crypto
public import SystemPackage
public import Transfer

extension S3Bucket {
    /// Downloads an object into a partial file, going on from what an earlier try left there, and verifies it.
    ///
    /// The file is made with mode 0600, `FILE.etag` beside it as long as it is partial; nothing is synced. Both must be
    /// this call's alone. What does not verify stays for whoever wants to look, and is not gone on from.
    /// - Parameters:
    ///   - size: Exact size of the object.
    ///   - sha256: SHA-256 of the object, 32 bytes.
    ///   - progress: Called on some thread whenever data moved.
    /// - Throws: `.wrongDigest` or `.wrongSize` when the object is another one.
    public func get(
        _ key: String, to file: FilePath, size: Int64, sha256: [UInt8],
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(S3Error) -> Download {
        let call = S3Call(operation: "GetObject", method: .get, key: key)
        try check(key, call.operation)
        let order = FileOrder(file: file, size: size, progress: progress)
        do throws(S3Error) {
            let download = try await self.download(call, order, resume: .ifRecordedETag)
            if download.sha256 == sha256 { return download }
            guard download.resumedFrom > 0 else { throw wrongDigest(sha256, download.sha256, call) }
        } catch {
            // A part of something else: what was there is void, and the object may be right from its beginning.
            guard case .transfer(.malformedResponse) = error.reason else { throw error }
        }
        let download = try await self.download(call, order, resume: .startOver)
        guard download.sha256 == sha256 else { throw wrongDigest(sha256, download.sha256, call) }
        return download
    }

    /// Reads a small object into memory. It is held against `sha256`, or else against what its writer recorded.
    /// - Parameter maxBytes: `.tooLarge` when it has more.
    public func get(_ key: String, maxBytes: Int64, sha256: [UInt8]? = nil) async throws(S3Error) -> S3Object {
        let call = S3Call(
            operation: "GetObject", method: .get, key: key, limits: options.transfer.limits.upTo(maxBytes))
        try check(key, call.operation)
        let response = try await send(call)
        guard response.status == 200, response.headers["Content-Range"] == nil else {
            throw error(.malformedAnswer("a part, where all was asked for"), call)
        }
        let info = S3ObjectInfo(key: key, size: Int64(response.body.count), headers: response.headers)
        let actual = SHA256.hash(data: response.body).map { $0 }
        guard let expected = sha256?.hexadecimal ?? info.sha256, expected != actual.hexadecimal else {
            return S3Object(info: info, bytes: response.body)
        }
        throw error(.wrongDigest(expected: expected.shortened, actual: actual.hexadecimal), call)
    }

    /// Reads a range of an object into memory, and nothing but that range: an answer that holds others is refused.
    ///
    /// A range is verified by nothing; whoever puts ranges together holds the whole against its digest.
    public func get(_ key: String, range: Range<Int64>) async throws(S3Error) -> S3Object {
        var call = S3Call(operation: "GetObject", method: .get, key: key)
        try check(key, call.operation)
        guard !range.isEmpty, range.lowerBound >= 0 else { throw error(.badRequest("the range is empty"), call) }
        call.headers = [("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        call.limits = options.transfer.limits.upTo(Int64(range.count))
        let response = try await send(call)
        // Some servers send the part that was asked for with status 200.
        guard let text = response.headers["Content-Range"] else {
            throw error(.malformedAnswer("all of it, where a range was asked for"), call)
        }
        let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/"
        guard text.hasPrefix(expected), let total = Int64(text.dropFirst(expected.count)), total >= range.upperBound,
            response.body.count == range.count
        else { throw error(.malformedAnswer("Content-Range '\(text.shortened)' to \(expected)"), call) }
        return S3Object(
            info: S3ObjectInfo(key: key, size: total, headers: response.headers), bytes: response.body)
    }
}

/// Where a download goes.
private struct FileOrder: Sendable {
    var file: FilePath
    var size: Int64
    var progress: (@Sendable (TransferProgress) -> Void)?
}

extension S3Bucket {
    private func download(
        _ call: S3Call, _ order: FileOrder, resume first: Resumption
    ) async throws(S3Error) -> Download {
        // The first try may start over; those after it go on from what came.
        let tries = Tries()
        return try await perform(call) { client, request async throws(TransferError) in
            let resume = tries.isFirst() ? first : .ifRecordedETag
            let result = try await client.download(
                request, to: order.file, expectedSize: order.size, resume: resume, progress: order.progress)
            switch result {
            case .complete(let download): return .success(download, download.response)
            case .declined(let response): return .answer(response)
            }
        }
    }

    private func wrongDigest(_ expected: [UInt8], _ actual: [UInt8], _ call: S3Call) -> S3Error {
        error(.wrongDigest(expected: expected.hexadecimal, actual: actual.hexadecimal), call)
    }
}

extension TransferLimits {
    /// The same with another bound for bodies.
    func upTo(_ bytes: Int64) -> TransferLimits {
        var limits = self
        limits.maxBodyBytes = bytes
        return limits
    }
}
