public import SystemPackage
public import Transfer

/// Whether a put may replace an object.
public enum S3PutCondition: Sendable, Hashable {
    /// It may.
    case always
    /// It may not (`If-None-Match: *`): of several writers one wins, the others get `.alreadyExists`. Only where
    /// `probeConditionalPuts` says `.honoured`; other services replace the object all the same.
    case ifAbsent
}

extension S3Bucket {
    /// Puts bytes under `key`, and looks at what is there then.
    /// - Returns: What the service says of the object.
    @discardableResult
    public func put(
        _ bytes: [UInt8], as key: String, _ condition: S3PutCondition = .always,
        contentType: String = "application/octet-stream"
    ) async throws(S3Error) -> S3ObjectInfo {
        let order = PutOrder(key: key, condition: condition, contentType: contentType, writer: newWriter())
        try check(key, order.operation)
        return try await putAtOnce(.bytes(bytes), try await digest(.bytes(bytes), order), order, nil)
    }

    /// Puts a file under `key`, in parts if it is large, and looks at what is there then.
    ///
    /// The object is visible once it is whole, not before. The file must not change meanwhile: that is noticed, and
    /// nothing becomes visible.
    /// - Parameters:
    ///   - sha256: What the file is to hold; `.wrongDigest` before anything is visible if it does not.
    ///   - record: Where to note how far an upload in parts has come. With it, what is uploaded stays when this ends
    ///     early, and the next call with the same file and record goes on; without it, parts are removed.
    ///   - progress: Called on some thread whenever data moved.
    /// - Returns: What the service says of the object.
    @discardableResult
    public func put(
        file: FilePath, as key: String, _ condition: S3PutCondition = .always, sha256: [UInt8]? = nil,
        contentType: String = "application/octet-stream", record: FilePath? = nil,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(S3Error) -> S3ObjectInfo {
        let order = PutOrder(key: key, condition: condition, contentType: contentType, writer: newWriter())
        try check(key, order.operation)
        let digest = try await digest(.file(file), order)
        if let sha256, sha256 != digest.sha256 {
            throw error(
                .wrongDigest(expected: sha256.hexadecimal, actual: digest.sha256.hexadecimal), order.call)
        }
        guard digest.size > options.multipartThreshold else {
            return try await putAtOnce(.file(file), digest, order, progress)
        }
        return try await putInParts(PartedFile(file, digest, partSize: options.partSize), order, record, progress)
    }

    private func newWriter() -> String {
        // 128 bits of chance: no two puts ever share it.
        [UInt8].init((0..<16).map { _ in UInt8.random(in: 0...255) }).hexadecimal
    }
}

/// What is put where, and by whom.
struct PutOrder: Sendable {
    var key: String
    var condition: S3PutCondition
    var contentType: String
    /// Tells this put from all others.
    var writer: String

    var operation: String { "PutObject" }
    var call: S3Call { S3Call(operation: operation, method: .put, key: key) }

    /// Headers that go with the request that makes the object.
    func headers(_ digest: BodyDigest) -> [(name: String, value: String)] {
        [
            ("Content-Type", contentType), (Metadata.sha256, digest.sha256.hexadecimal), (Metadata.writer, writer),
        ]
    }

    /// Headers of the request that makes it visible.
    var preconditions: [(name: String, value: String)] {
        switch condition {
        case .always: []
        case .ifAbsent: [("If-None-Match", "*")]
        }
    }
}

extension S3Bucket {
    func digest(_ body: HTTPRequest.Body, _ order: PutOrder) async throws(S3Error) -> BodyDigest {
        do throws(TransferError) {
            return try await body.digest(withMD5: options.sendsMD5)
        } catch {
            throw self.error(S3Error.Reason(error), order.call)
        }
    }

    private func putAtOnce(
        _ body: HTTPRequest.Body, _ digest: BodyDigest, _ order: PutOrder,
        _ progress: (@Sendable (TransferProgress) -> Void)?
    ) async throws(S3Error) -> S3ObjectInfo {
        var call = order.call
        call.headers = order.headers(digest) + order.preconditions
        call.body = body
        call.digest = digest
        do throws(S3Error) {
            _ = try await perform(call) { client, request async throws(TransferError) in
                let response = try await client.send(request, progress: progress)
                return response.isSuccess ? .success(response, response) : .answer(response)
            }
        } catch {
            guard try await isOwnWork(error, order) else { throw error }
        }
        return try await verify(digest, order)
    }

    /// Whether what stands in the way of a repeated put is what its first try made before the answer was lost.
    func isOwnWork(_ failure: S3Error, _ order: PutOrder) async throws(S3Error) -> Bool {
        guard failure.attempts > 1, failure.reason == .alreadyExists || failure.reason == .noSuchUpload else {
            return false
        }
        do throws(S3Error) {
            return try await head(order.key).writer == order.writer
        } catch  where error.reason == .noSuchKey {
            return false
        }
    }

    /// Asks what is there, and holds it against what was sent.
    func verify(_ digest: BodyDigest, _ order: PutOrder) async throws(S3Error) -> S3ObjectInfo {
        let info = try await head(order.key)
        guard info.size == digest.size else {
            throw error(.wrongSize(expected: digest.size, actual: info.size), order.call)
        }
        guard let sha256 = info.sha256 else {
            throw error(.malformedAnswer("the service does not keep \(Metadata.sha256)"), order.call)
        }
        guard sha256 == digest.sha256.hexadecimal else {
            throw error(
                .wrongDigest(expected: digest.sha256.hexadecimal, actual: sha256.shortened), order.call)
        }
        return info
    }
}
