internal import Synchronization
internal import Transfer

/// An upload in parts that is neither completed nor aborted. Its parts are stored, and paid for.
public struct S3Upload: Sendable, Hashable {
    /// What it will be.
    public var key: String
    /// The service's name for it.
    public var id: String
    /// When it was begun, in seconds since 1970 by the service's clock.
    public var begun: Int64?
}

/// What the service says of a part that it has.
struct ListedPart: Sendable, Hashable {
    var etag: String
    var size: Int64
    /// In base64.
    var sha256: String?

    /// Whether it is known to hold these bytes: by SHA-256 where the service keeps it, or else by an ETag that is MD5.
    func holds(_ digest: BodyDigest) -> Bool {
        guard size == digest.size else { return false }
        if let sha256 { return sha256 == digest.sha256.base64 }
        return digest.md5.map { etag.filter { $0 != "\"" }.lowercased() == $0.hexadecimal } ?? false
    }
}

extension S3Bucket {
    /// Uploads in parts that somebody began and left.
    /// - Parameter limit: `.tooMany` when there are more.
    public func uploads(prefix: String = "", limit: Int = 10_000) async throws(S3Error) -> [S3Upload] {
        var call = S3Call(operation: "ListMultipartUploads", method: .get)
        var uploads: [S3Upload] = []
        var marker: (key: String, id: String)?
        while true {
            call.query = [("uploads", ""), ("prefix", prefix), ("max-uploads", "1000")]
            if let marker { call.query += [("key-marker", marker.key), ("upload-id-marker", marker.id)] }
            let root = try document(try await send(call), "ListMultipartUploadsResult", call)
            for entry in root.all("Upload") {
                guard let key = entry["Key"], let id = entry["UploadId"], !id.isEmpty else {
                    throw error(.malformedAnswer("an upload without key or ID"), call)
                }
                guard key.utf8.starts(with: prefix.utf8) else { continue }  // some servers know no prefix here
                uploads.append(
                    S3Upload(key: key, id: id, begun: entry["Initiated"].flatMap { UTCTime(iso8601: $0)?.seconds }))
            }
            guard uploads.count <= limit else { throw error(.tooMany(limit: limit), call) }
            guard root["IsTruncated"] == "true" else { return uploads }
            guard let key = root["NextKeyMarker"], !key.isEmpty,
                case let next = (key, root["NextUploadIdMarker"] ?? ""),
                marker.map({ $0 != next }) ?? true
            else { throw error(.malformedAnswer("it is cut short and does not say where to go on"), call) }
            marker = next
        }
    }

    /// Drops an upload and its parts. That there is none is a success.
    public func abortUpload(_ id: String, of key: String) async throws(S3Error) {
        var call = S3Call(operation: "AbortMultipartUpload", method: .delete, key: key)
        try check(key, call.operation)
        call.query = [("uploadId", id)]
        do throws(S3Error) {
            _ = try await send(call)
        } catch  where error.reason == .noSuchUpload || error.reason == .noSuchKey {
            return
        }
    }

    /// Drops the uploads under `prefix` that were begun longer ago than `age`; those that may still be at work stay.
    /// - Returns: What was dropped.
    @discardableResult
    public func abortUploads(prefix: String = "", olderThan age: Duration) async throws(S3Error) -> [S3Upload] {
        let end = options.surroundings.now() + clockOffset.withLock { $0 } - age.wholeSeconds
        let left = try await uploads(prefix: prefix).filter { upload in upload.begun.map { $0 <= end } ?? false }
        for upload in left { try await abortUpload(upload.id, of: upload.key) }
        return left
    }

    /// The parts that an upload has, by number.
    func listParts(_ id: String, _ key: String) async throws(S3Error) -> [Int: ListedPart] {
        var call = S3Call(operation: "ListParts", method: .get, key: key)
        var parts: [Int: ListedPart] = [:]
        var marker = 0
        while true {
            call.query = [("uploadId", id), ("max-parts", "1000")]
            if marker > 0 { call.query.append(("part-number-marker", "\(marker)")) }
            let root = try document(try await send(call), "ListPartsResult", or: "ListPartsResponse", call)
            for entry in root.all("Part") {
                guard let number = entry["PartNumber"].flatMap({ Int($0) }), (1...10_000).contains(number),
                    let size = entry["Size"].flatMap({ Int64($0) }), let etag = entry["ETag"]
                else { throw error(.malformedAnswer("a part without number, size or ETag"), call) }
                parts[number] = ListedPart(etag: etag, size: size, sha256: entry["ChecksumSHA256"])
            }
            guard root["IsTruncated"] == "true" else { return parts }
            guard let next = root["NextPartNumberMarker"].flatMap({ Int($0) }), next > marker else {
                throw error(.malformedAnswer("it is cut short and does not say where to go on"), call)
            }
            marker = next
        }
    }
}
