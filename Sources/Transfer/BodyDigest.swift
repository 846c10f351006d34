internal import Crypto

/// Digests of a request's body, for headers that vouch for it.
public struct BodyDigest: Sendable, Hashable {
    /// SHA-256 of the bytes that will be sent, 32 bytes.
    public var sha256: [UInt8]
    /// MD5 of the same, 16 bytes, where it was asked for. It finds damage, not malice.
    public var md5: [UInt8]?
    /// How many bytes there are.
    public var size: Int64
}

extension HTTPRequest.Body {
    /// Reads what would be sent, on a thread of its own. Cancelling the task ends it with `.cancelled`.
    /// - Parameter withMD5: Whether a server is to be shown MD5 as well, which costs three times the time of SHA-256.
    public func digest(withMD5: Bool = false) async throws(TransferError) -> BodyDigest {
        try await onOwnThread { cancellation throws(TransferError) in
            try digest(withMD5: withMD5, unless: cancellation)
        }
    }

    private func digest(withMD5: Bool, unless cancellation: TransferCancellation) throws(TransferError) -> BodyDigest {
        var sha256 = SHA256()
        var md5 = withMD5 ? Insecure.MD5() : nil
        var size: Int64 = 0
        if let source = try BodySource(self) {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
            defer { buffer.deallocate() }
            while case let count = try source.read(into: buffer), count > 0 {
                if cancellation.isCancelled { throw .cancelled }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                sha256.update(bufferPointer: bytes)
                md5?.update(bufferPointer: bytes)
                size += Int64(count)
            }
        }
        return BodyDigest(sha256: [UInt8](sha256.finalize()), md5: md5.map { [UInt8]($0.finalize()) }, size: size)
    }
}
