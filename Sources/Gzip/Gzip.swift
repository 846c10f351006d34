internal import CZlib

/// Gzip, RFC 1952, of bytes in memory.
public enum Gzip {
    /// The same bytes out for the same bytes in, whatever the time or the machine: the header holds no name, and 0 for
    /// its time. Another version of zlib may compress to other bytes.
    /// - Parameter level: 1, fastest, to 9, smallest; 0 does not compress.
    public static func compress(_ bytes: [UInt8], level: Int = 6) throws(GzipError) -> [UInt8] {
        guard (0...9).contains(level) else { throw .invalidLevel(level) }
        let stream = ZlibStream(freedBy: deflateEnd)
        try stream.check(czlib_gzip_init(stream.state, Int32(level)))
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 4 + 64)
        var consumed = 0
        while true {
            // A piece may be no longer than zlib's 32-bit counts.
            let end = min(bytes.count, consumed + (1 << 30))
            let flush = end == bytes.count ? Z_FINISH : Z_NO_FLUSH
            let status = stream.step(bytes[consumed..<end], onto: &output) { deflate($0, flush) }
            consumed = end - stream.unread
            if status == Z_STREAM_END { return output }
            if status != Z_BUF_ERROR { try stream.check(status) }
        }
    }

    /// The bytes within one gzip member, or several one after the other, as the gzip command writes and reads them.
    /// - Parameter limit: How many bytes may come out. No more memory than about that is used.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        let stream = ZlibStream(freedBy: inflateEnd)
        try stream.check(czlib_gunzip_init(stream.state))
        var output: [UInt8] = []
        var consumed = 0
        while true {
            let end = min(bytes.count, consumed + (1 << 30))
            let before = (consumed, output.count)
            let status = stream.step(bytes[consumed..<end], onto: &output) { inflate($0, Z_NO_FLUSH) }
            consumed = end - stream.unread
            guard output.count <= limit else { throw .tooLarge(limit: limit) }
            if status == Z_STREAM_END {
                if consumed == bytes.count { return output }
                guard bytes[consumed...].starts(with: [0x1F, 0x8B]) else {
                    throw .trailingBytes(bytes.count - consumed)
                }
                try stream.check(inflateReset(stream.state))
                continue
            }
            if status != Z_BUF_ERROR { try stream.check(status) }
            if consumed == bytes.count, before == (consumed, output.count) { throw .truncated }
        }
    }
}

/// Why bytes could not be compressed or decompressed.
public enum GzipError: Error, Hashable, Sendable {
    /// More bytes would come out than allowed.
    case tooLarge(limit: Int)
    /// The input ends before its last member does.
    case truncated
    /// After the last member there are so many bytes that are no member.
    case trailingBytes(Int)
    /// The input is no gzip, or was altered.
    case corrupt(detail: String)
    /// Levels are 0 to 9.
    case invalidLevel(Int)
    /// zlib got no memory.
    case outOfMemory

    /// What is wrong, as one sentence without a full stop.
    public var message: String {
        switch self {
        case .tooLarge(let limit): "the gzip data holds more than \(limit) bytes"
        case .truncated: "the gzip data is cut short"
        case .trailingBytes(let count): "\(count) bytes follow the gzip data that are no part of it"
        case .corrupt(let detail): "the gzip data is damaged: \(detail)"
        case .invalidLevel(let level): "gzip has levels 0 to 9, and not \(level)"
        case .outOfMemory: "zlib cannot get memory"
        }
    }
}
