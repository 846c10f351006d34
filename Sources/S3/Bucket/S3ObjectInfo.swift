internal import Transfer

/// What is known of an object without its bytes.
public struct S3ObjectInfo: Sendable, Hashable {
    /// Its key.
    public var key: String
    /// How many bytes it has.
    public var size: Int64
    /// The service's validator, quotes included; not always a digest of the bytes.
    public var etag: String?
    /// When it was written, in seconds since 1970 by the service's clock.
    public var lastModified: Int64?
    /// SHA-256 of its bytes in hexadecimal, as whoever put it says; nil in listings and where others put it.
    public var sha256: String?
    /// Which put made it, where this client did.
    var writer: String?
}

/// An object in memory.
public struct S3Object: Sendable, Hashable {
    /// What is known of it.
    public var info: S3ObjectInfo
    /// Its bytes, or those of the range asked for.
    public var bytes: [UInt8]
}

/// Names of metadata that this client gives each object.
enum Metadata {
    static let sha256 = "x-amz-meta-sha256"
    /// A word of chance for each put, by which a client knows its own work again after an answer was lost.
    static let writer = "x-amz-meta-writer"
}

extension S3ObjectInfo {
    init(key: String, size: Int64, headers: HTTPHeaders) {
        self.init(
            key: key, size: size, etag: headers["ETag"], lastModified: headers.lastModified,
            sha256: headers[Metadata.sha256], writer: headers[Metadata.writer])
    }
}
