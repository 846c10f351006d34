internal import LinuxSystem
internal import SystemPackage
internal import Transfer

/// A part that the service has.
struct UploadedPart: Sendable, Hashable {
    var number: Int
    var etag: String
    var sha256: [UInt8]
}

extension S3Bucket {
    func putInParts(
        _ file: PartedFile, _ order: PutOrder, _ record: FilePath?, _ progress: (@Sendable (TransferProgress) -> Void)?
    ) async throws(S3Error) -> S3ObjectInfo {
        var order = order
        let (uploadID, there) = try await beginOrResume(file, &order, record)
        do throws(S3Error) {
            let parts = try await upload(file, to: uploadID, order, there, progress)
            try await complete(uploadID, parts, order)
        } catch {
            // A precondition that failed will fail again; anything else may be gone on from, if somebody noted it.
            if record == nil || error.reason == .alreadyExists || error.reason == .noSuchUpload {
                await abandon(uploadID, order.key)
                if let record { try forget(record, order) }
            }
            throw error
        }
        let info = try await verify(file.digest, order)
        if let record { try forget(record, order) }
        return info
    }

    /// The upload that `record` speaks of, with what is there of it, or else a new one.
    private func beginOrResume(
        _ file: PartedFile, _ order: inout PutOrder, _ path: FilePath?
    ) async throws(S3Error) -> (uploadID: String, there: [Int: ListedPart]) {
        var record = UploadRecord(
            bucket: endpoint.bucket, key: order.key, uploadID: "", sha256: file.digest.sha256.hexadecimal,
            size: file.digest.size, partSize: file.partSize, writer: order.writer)
        if let path, let earlier = try onDisk(order, { () throws(FileError) in try UploadRecord(at: path) }) {
            if earlier.fits(record) {
                do throws(S3Error) {
                    let there = try await listParts(earlier.uploadID, order.key)
                    order.writer = earlier.writer
                    return (earlier.uploadID, there)
                } catch {
                    // Over or swept away: it begins anew.
                    guard error.reason == .noSuchUpload || error.reason == .noSuchKey else { throw error }
                }
            } else if earlier.bucket == endpoint.bucket {
                await abandon(earlier.uploadID, earlier.key)
            }
        }
        record.uploadID = try await begin(file, order)
        if let path { try onDisk(order) { () throws(FileError) in try record.write(to: path) } }
        return (record.uploadID, [:])
    }

    private func begin(_ file: PartedFile, _ order: PutOrder) async throws(S3Error) -> String {
        var call = S3Call(operation: "CreateMultipartUpload", method: .post, key: order.key)
        call.query = [("uploads", "")]
        call.headers = order.headers(file.digest)
        if options.sendsChecksum { call.headers.append(("x-amz-checksum-algorithm", "SHA256")) }
        let root = try document(
            try await send(call), "InitiateMultipartUploadResult", or: "InitiateMultipartUpload", call)
        guard let id = root["UploadId"], !id.isEmpty else { throw error(.malformedAnswer("no UploadId"), call) }
        return id
    }

    private func onDisk<Success>(
        _ order: PutOrder, _ work: () throws(FileError) -> Success
    ) throws(S3Error) -> Success {
        do throws(FileError) {
            return try work()
        } catch {
            throw self.error(.localFile(FilePath(error.path), error.message), order.call)
        }
    }

    private func forget(_ record: FilePath, _ order: PutOrder) throws(S3Error) {
        try onDisk(order) { () throws(FileError) in try UploadRecord.remove(record) }
    }

    /// Best effort: what stays is found by `abortUploads`, and the error that led here is the one to tell.
    private func abandon(_ uploadID: String, _ key: String) async {
        // In a task of its own, since the one that uploads may be cancelled by now.
        await Task { try? await self.abortUpload(uploadID, of: key) }.value
    }
}

extension S3Bucket {
    /// Uploads what is not there yet, some parts at once.
    private func upload(
        _ file: PartedFile, to uploadID: String, _ order: PutOrder, _ there: [Int: ListedPart],
        _ report: (@Sendable (TransferProgress) -> Void)?
    ) async throws(S3Error) -> [UploadedPart] {
        let progress = PartProgress(total: file.digest.size, report: report)
        var rest = file.parts[...]
        return try await withTaskGroup(of: Result<UploadedPart, S3Error>.self) { group in
            var done: [UploadedPart] = []
            var failure: S3Error?
            func addNext() {
                guard failure == nil, let part = rest.popFirst() else { return }
                group.addTask {
                    do throws(S3Error) {
                        return .success(
                            try await self.upload(part, of: file, to: uploadID, order, there[part.number], progress))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for _ in 0..<max(1, self.options.partsAtOnce) { addNext() }
            for await result in group {
                switch result {
                case .success(let part): done.append(part)
                case .failure(let error):
                    failure = failure ?? error
                    group.cancelAll()
                }
                addNext()
            }
            return failure.map { Result<[UploadedPart], S3Error>.failure($0) }
                ?? .success(done.sorted { $0.number < $1.number })
        }.get()
    }

    private func upload(
        _ part: PartedFile.Part, of file: PartedFile, to uploadID: String, _ order: PutOrder, _ there: ListedPart?,
        _ progress: PartProgress
    ) async throws(S3Error) -> UploadedPart {
        var call = S3Call(operation: "UploadPart", method: .put, key: order.key)
        call.query = [("partNumber", "\(part.number)"), ("uploadId", uploadID)]
        call.body = file.body(part)
        let digest: BodyDigest
        do throws(TransferError) {
            digest = try await call.body.digest(withMD5: options.sendsMD5 || there != nil)
        } catch {
            throw self.error(S3Error.Reason(error), call)
        }
        if let there, there.holds(digest) {
            progress.moved(part.number, to: part.length)
            return UploadedPart(number: part.number, etag: there.etag, sha256: digest.sha256)
        }
        call.digest = digest
        if !options.sendsMD5 { call.digest?.md5 = nil }
        let response = try await perform(call) { client, request async throws(TransferError) in
            let response = try await client.send(request) { progress.moved(part.number, to: $0.done) }
            return response.isSuccess ? .success(response, response) : .answer(response)
        }
        guard let etag = response.headers["ETag"], !etag.isEmpty else {
            throw error(.malformedAnswer("no ETag for a part"), call)
        }
        progress.moved(part.number, to: part.length)
        return UploadedPart(number: part.number, etag: etag, sha256: digest.sha256)
    }

    /// Makes the object visible.
    private func complete(_ uploadID: String, _ parts: [UploadedPart], _ order: PutOrder) async throws(S3Error) {
        var call = S3Call(operation: "CompleteMultipartUpload", method: .post, key: order.key)
        call.query = [("uploadId", uploadID)]
        call.headers = order.preconditions + [("Content-Type", "application/xml")]
        let lines = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(part.etag.escapedForXML)</ETag>"
                + (options.sendsChecksum ? "<ChecksumSHA256>\(part.sha256.base64)</ChecksumSHA256>" : "") + "</Part>"
        }
        let text = "<CompleteMultipartUpload>" + lines.joined() + "</CompleteMultipartUpload>"
        call.body = .bytes(Array(text.utf8))
        // The checksum header would speak of the object here, not of this document.
        do throws(TransferError) { call.payload = try await call.body.digest().sha256 } catch {
            throw self.error(S3Error.Reason(error), call)
        }
        do throws(S3Error) {
            _ = try await perform(call) { client, request async throws(TransferError) -> Attempt<HTTPResponse> in
                var response = try await client.send(request)
                guard response.isSuccess else { return .answer(response) }
                // The service may answer 200 before it knows, and the document says otherwise then.
                guard let root = try? XMLElement(document: response.body), root.name != "Error" else {
                    response.status = 500
                    return .answer(response)
                }
                return .success(response, response)
            }
        } catch {
            guard try await isOwnWork(error, order) else { throw error }
        }
    }
}

extension String {
    fileprivate var escapedForXML: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
