/// A second, strict reading of the tar stream on its way to libarchive.
///
/// libarchive forgives much: it takes a stream without an end for a whole one, skips what follows the end, and has its
/// own mind about headers that contradict each other, where other readers have theirs (CVE-2025-62518 is the pattern).
/// The audit finds the headers on its own; an entry counts only when both readings agree about it.
struct TarAudit {
    /// An entry as its headers have it.
    struct Entry {
        let type: UInt8
        let size: Int64
        let path: [UInt8]
        let link: [UInt8]
        let attributes: [String: [UInt8]]
    }

    private enum State {
        case header
        /// `left` bytes of contents and padding to skip.
        case body(left: Int64)
        /// Bytes of an extension header to keep, then padding to skip.
        case extensionHeader(TarHeader, left: Int, padding: Int)
        case loneZeroBlock
        case ended
    }

    /// An extension header larger than this is refused; real ones hold a path or two.
    private static let maxExtensionBytes = 1 << 16
    /// What all extension headers may hold together: a bound on work, as they count towards no other limit.
    private static let maxExtensionBytesInAll = 256 << 20
    /// What may follow the end in zero bytes: several times the largest record anyone pads to.
    private static let maxPadding = 1 << 20
    /// The largest size that fits the 11 octal digits of a plain header.
    private static let maxOctalSize: Int64 = 0o777_7777_7777

    /// Entries met and not yet taken, oldest first. Bounded by the length of one chunk.
    private(set) var entries: [Entry] = []
    private var taken = 0

    private var state = State.header
    private var partial: [UInt8] = []
    private var extensionBytesInAll = 0
    private var padding = 0
    private var total: Int64 = 0
    private var pax: PaxRecords?
    private var gnuPath: [UInt8]?
    private var gnuLink: [UInt8]?

    /// The oldest entry not yet taken.
    mutating func takeEntry() -> Entry? {
        guard taken < entries.count else { return nil }
        defer {
            taken += 1
            if taken == entries.count {
                entries.removeAll(keepingCapacity: true)
                taken = 0
            }
        }
        return entries[taken]
    }

    /// Whether the end of the tarball was met.
    var hasEnded: Bool { if case .ended = state { true } else { false } }

    /// To be called when no more bytes come.
    func checkEnd() throws(TarballError) {
        guard hasEnded, partial.isEmpty, total % Int64(TarHeader.size) == 0 else { throw .truncated }
    }

    mutating func feed(_ chunk: UnsafeRawBufferPointer) throws(TarballError) {
        total += Int64(chunk.count)
        var rest = chunk[...]
        while !rest.isEmpty {
            switch state {
            case .body(let left):
                let step = Int(min(left, Int64(rest.count)))
                rest = rest.dropFirst(step)
                state = left > Int64(step) ? .body(left: left - Int64(step)) : .header
            case .extensionHeader(let header, let left, let padding):
                let kept = min(left, rest.count)
                partial += rest.prefix(kept)
                let skipped = min(padding, rest.count - kept)
                rest = rest.dropFirst(kept + skipped)
                state = .extensionHeader(header, left: left - kept, padding: padding - skipped)
                if left == kept, padding == skipped { try finishExtension(header) }
            case .header, .loneZeroBlock:
                if partial.isEmpty, rest.count >= TarHeader.size {
                    try readBlock(UnsafeRawBufferPointer(rebasing: rest.prefix(TarHeader.size)))
                    rest = rest.dropFirst(TarHeader.size)
                } else {
                    let step = min(TarHeader.size - partial.count, rest.count)
                    partial += rest.prefix(step)
                    rest = rest.dropFirst(step)
                    if partial.count == TarHeader.size {
                        let block = partial
                        partial.removeAll(keepingCapacity: true)
                        try block.span.bytes.withUnsafeBytes { bytes throws(TarballError) in try readBlock(bytes) }
                    }
                }
            case .ended:
                padding += rest.count
                guard padding <= TarAudit.maxPadding, rest.allSatisfy({ $0 == 0 }) else { throw .trailingData }
                return
            }
        }
    }

    private mutating func readBlock(_ block: UnsafeRawBufferPointer) throws(TarballError) {
        let isZero = block[0] == 0 && block.allSatisfy { $0 == 0 }
        if case .loneZeroBlock = state {
            guard isZero else { throw .trailingData }
            state = .ended
            return
        }
        if isZero {
            guard pax == nil, gnuPath == nil, gnuLink == nil else { throw .truncated }
            state = .loneZeroBlock
            return
        }
        let header = try TarHeader(block)
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard header.bodySize > 0, header.bodySize <= Int64(TarAudit.maxExtensionBytes) else {
                throw .badHeader(
                    text(header.name), why: "its extension of \(header.bodySize) bytes is empty or too large")
            }
            extensionBytesInAll += Int(header.bodySize)
            guard extensionBytesInAll <= TarAudit.maxExtensionBytesInAll else {
                throw .tooManyPathBytes(limit: TarAudit.maxExtensionBytesInAll)
            }
            let size = Int(header.bodySize)
            state = .extensionHeader(header, left: size, padding: paddingAfter(size))
        default: try finishEntry(header)
        }
    }

    private mutating func finishExtension(_ header: TarHeader) throws(TarballError) {
        let body = partial
        partial.removeAll(keepingCapacity: true)
        state = .header
        let name = text(header.name)
        switch header.type {
        case UInt8(ascii: "g"): _ = try PaxRecords(body, isGlobal: true, name: name)
        case UInt8(ascii: "x"):
            guard pax == nil, gnuPath == nil, gnuLink == nil else {
                throw .badHeader(name, why: "an entry has several extension headers")
            }
            pax = try PaxRecords(body, isGlobal: false, name: name)
        default:
            let value = Array(body.prefix { $0 != 0 })
            let isPath = header.type == UInt8(ascii: "L")
            guard !value.isEmpty, body.dropFirst(value.count).allSatisfy({ $0 == 0 }), pax == nil,
                isPath ? gnuPath == nil : gnuLink == nil
            else { throw .badHeader(name, why: "its long name is empty, holds a NUL, or is not the only one") }
            if isPath { gnuPath = value } else { gnuLink = value }
        }
    }

    private mutating func finishEntry(_ header: TarHeader) throws(TarballError) {
        let path = pax?.path ?? gnuPath ?? header.name
        guard header.type == 0 || (UInt8(ascii: "0")...UInt8(ascii: "6")).contains(header.type) else {
            // Sparse files, parts of volumes and the like: GNU's letters, which not every reader knows.
            let type = Character(Unicode.Scalar(header.type))
            throw .unsupportedType(text(path), type: "tar type '\(type)'")
        }
        let link = pax?.link ?? gnuLink ?? header.link
        var size = header.bodySize
        if let paxSize = pax?.size, paxSize != size {
            // Only a size that the plain field cannot hold may be said elsewhere.
            guard paxSize > TarAudit.maxOctalSize else {
                throw .badHeader(text(path), why: "its headers give two sizes, \(size) and \(paxSize)")
            }
            size = paxSize
        }
        let isFile = header.type == UInt8(ascii: "0") || header.type == 0
        guard isFile || size == 0 else {
            throw .badHeader(text(path), why: "it is no file and has \(size) bytes of contents")
        }
        entries.append(
            Entry(type: header.type, size: size, path: path, link: link, attributes: pax?.attributes ?? [:]))
        pax = nil
        gnuPath = nil
        gnuLink = nil
        let (padded, overflow) = size.addingReportingOverflow(Int64(TarHeader.size - 1))
        guard !overflow else { throw .badHeader(text(path), why: "its size is \(size)") }
        let left = padded / Int64(TarHeader.size) * Int64(TarHeader.size)
        state = left > 0 ? .body(left: left) : .header
    }

    private func paddingAfter(_ size: Int) -> Int {
        (TarHeader.size - size % TarHeader.size) % TarHeader.size
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
