/// Where a bucket is, and how its name goes into URLs.
public struct S3Endpoint: Sendable, Hashable {
    /// How URLs name the bucket.
    public enum Addressing: Sendable, Hashable {
        /// In the path: `https://host/bucket/key`. What most servers other than Amazon's want.
        case path
        /// In the host name: `https://bucket.host/key`.
        case virtualHost
    }

    let scheme: String
    /// Host and port as the `Host` header has them, the bucket's name included where it belongs there.
    let host: String
    /// What stands before the key.
    let pathPrefix: String
    /// The bucket's name.
    public let bucket: String

    /// A bucket at `url`.
    /// - Parameters:
    ///   - url: Scheme and host, with a port if need be and no path: `https://s3.example.com:9000`.
    ///   - insecurely: Whether `http` is taken for hosts other than loopback. Requests are signed, but anybody between
    ///     can read the objects.
    /// - Throws: `S3Error` with `.badRequest`, which says what to change.
    public init(
        url: String, bucket: String, addressing: Addressing = .path, insecurely: Bool = false
    ) throws(S3Error) {
        func refuse(_ why: String) -> S3Error { S3Error(.badRequest(why), "Endpoint", bucket) }
        guard Self.isBucketName(bucket) else {
            throw refuse("'\(bucket)' is no name for a bucket: 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "https" || parts[0] == "http" else {
            throw refuse("the endpoint '\(url)' is no http or https URL")
        }
        var host = parts[1]
        if host.hasSuffix("/") { host.removeLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ Self.isHostByte($0) }) else {
            throw refuse("the endpoint '\(url)' is more than scheme, host and port")
        }
        scheme = String(parts[0])
        let standardPort = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(standardPort) { host.removeLast(standardPort.count) }
        guard scheme == "https" || insecurely || Self.isLoopback(host) else {
            throw refuse("the endpoint '\(url)' is not encrypted: use https, or allow http for it")
        }
        switch addressing {
        case .path:
            self.host = host.lowercased()
            pathPrefix = "/\(bucket)/"
        case .virtualHost:
            guard scheme == "http" || !bucket.contains(".") else {
                throw refuse("no certificate covers '\(bucket).\(host)': address a bucket with dots by path")
            }
            self.host = "\(bucket).\(host.lowercased())"
            pathPrefix = "/"
        }
        self.bucket = bucket
    }

    /// A bucket of Amazon's, in `region`.
    public init(amazonRegion region: String, bucket: String) throws(S3Error) {
        let addressing: Addressing = bucket.contains(".") ? .path : .virtualHost
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        try self.init(url: "https://s3.\(region).\(domain)", bucket: bucket, addressing: addressing)
    }

    /// The path of an object, or of the bucket when `key` is empty, not encoded.
    func path(_ key: String) -> String {
        key.isEmpty && pathPrefix != "/" ? String(pathPrefix.dropLast()) : pathPrefix + key
    }

    private static func isBucketName(_ name: String) -> Bool {
        let letters = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return (3...63).contains(name.utf8.count) && !name.contains("..")
            && name.utf8.allSatisfy { letters($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
            && name.utf8.first.map(letters) == true && name.utf8.last.map(letters) == true
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        if name == "localhost" || name == "[::1]" { return true }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
