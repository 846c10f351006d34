internal import SystemPackage
internal import Transfer

/// A file cut into parts for an upload.
struct PartedFile: Sendable {
    /// One part.
    struct Part: Sendable, Hashable {
        /// From 1 on.
        var number: Int
        var offset: Int64
        var length: Int64
    }

    let path: FilePath
    let digest: BodyDigest
    let partSize: Int64

    /// Most parts that an upload can have.
    static let mostParts: Int64 = 10_000

    init(_ path: FilePath, _ digest: BodyDigest, partSize: Int64) {
        self.path = path
        self.digest = digest
        let mebibyte: Int64 = 1 << 20
        let least = (digest.size + Self.mostParts - 1) / Self.mostParts
        self.partSize = max(partSize, (least + mebibyte - 1) / mebibyte * mebibyte)
    }

    var parts: [Part] {
        stride(from: 0, to: digest.size, by: Int64.Stride(partSize)).enumerated().map { index, offset in
            Part(number: index + 1, offset: offset, length: min(partSize, digest.size - offset))
        }
    }

    func body(_ part: Part) -> HTTPRequest.Body { .fileRange(path, offset: part.offset, length: part.length) }
}
