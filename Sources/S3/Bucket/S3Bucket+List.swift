internal import Transfer

/// Objects of a bucket, in the order that the service gives.
public struct S3Listing: Sendable, Hashable {
    /// What was found.
    public var objects: [S3ObjectInfo] = []
    /// Where to go on; nil at the end.
    public var next: String?
}

extension S3Bucket {
    /// All objects whose keys begin with `prefix`, however many requests that takes.
    /// - Parameters:
    ///   - after: Only keys behind this one.
    ///   - limit: `.tooMany` when there are more, so that a bucket of somebody else's cannot fill the memory.
    public func list(prefix: String = "", after: String? = nil, limit: Int = 100_000) async throws(S3Error)
        -> [S3ObjectInfo]
    {
        var objects: [S3ObjectInfo] = []
        var token: String?
        var emptyPages = 0
        repeat {
            let page = try await listPage(prefix: prefix, after: after, continuing: token)
            objects += page.objects
            if objects.count > limit || objects.count == limit && page.next != nil {
                throw error(.tooMany(limit: limit), Self.listCall)
            }
            // Empty pages are allowed, but not for ever.
            if page.objects.isEmpty { emptyPages += 1 }
            guard page.next == nil || page.next != token && emptyPages <= 100 else {
                throw error(.malformedAnswer("the listing does not come to an end"), Self.listCall)
            }
            token = page.next
        } while token != nil
        return objects
    }

    /// One request's worth of objects: up to `count`, of at most 1000.
    /// - Parameter continuing: `next` of the page before.
    public func listPage(
        prefix: String = "", after: String? = nil, continuing: String? = nil, count: Int = 1000
    ) async throws(S3Error) -> S3Listing {
        var call = Self.listCall
        call.query = [
            ("list-type", "2"), ("max-keys", "\(min(max(count, 1), 1000))"), ("prefix", prefix),
            ("encoding-type", "url"),
        ]
        if let after { call.query.append(("start-after", after)) }
        if let continuing { call.query.append(("continuation-token", continuing)) }
        call.limits = options.transfer.limits.upTo(Int64(XMLElement.Limits().bytes))
        let response = try await send(call)
        return try listing(try document(response, "ListBucketResult", call), prefix: prefix, call)
    }

    private static var listCall: S3Call { S3Call(operation: "ListObjectsV2", method: .get) }

    /// The document that an answer holds, if it has the right name, or the other one that some servers give it.
    func document(
        _ response: HTTPResponse, _ name: String, or other: String? = nil, _ call: S3Call
    ) throws(S3Error) -> XMLElement {
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement(document: response.body)
        } catch let problem {
            throw error(.malformedAnswer(problem.description), call)
        }
        guard root.name == name || root.name == other else {
            throw error(.malformedAnswer("it is a '\(root.name.shortened)' in place of a '\(name)'"), call)
        }
        return root
    }

    private func listing(_ root: XMLElement, prefix: String, _ call: S3Call) throws(S3Error) -> S3Listing {
        func malformed(_ why: String) -> S3Error { error(.malformedAnswer(why), call) }
        let isEncoded = root["EncodingType"] == "url"
        var listing = S3Listing()
        for entry in root.all("Contents") {
            guard let text = entry["Key"], let key = isEncoded ? text.percentDecoded : text else {
                throw malformed("an object without key")
            }
            guard key.utf8.starts(with: prefix.utf8) else { throw malformed("a key that was not asked for") }
            guard let size = entry["Size"].flatMap({ Int64($0) }), size >= 0 else {
                throw malformed("no size for '\(key.shortened)'")
            }
            listing.objects.append(
                S3ObjectInfo(
                    key: key, size: size, etag: entry["ETag"],
                    lastModified: entry["LastModified"].flatMap { UTCTime(iso8601: $0)?.seconds }))
        }
        switch root["IsTruncated"] {
        case "true":
            guard let next = root["NextContinuationToken"], !next.isEmpty else {
                throw malformed("it is cut short and does not say where to go on")
            }
            listing.next = next
        case "false": break
        default: throw malformed("it does not say whether there is more")
        }
        return listing
    }
}
