/// What of a resource's bytes a request asks for (RFC 9110, section 14).
enum ByteRange: Hashable {
    /// All of them. Also where the header is one to ignore: of another unit, malformed, or with several ranges, which
    /// would let a small request ask for much work.
    case whole
    /// These.
    case part(Range<Int64>)
    /// Some that are not there.
    case unsatisfiable

    /// Reads a Range header.
    /// - Parameter size: How many bytes the resource has.
    init(_ header: String?, of size: Int64) {
        guard let header, header.lowercased().hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let spec = header.dropFirst("bytes=".count).trimmed
        let sides = spec.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, let first = Self.position(sides[0]), let last = Self.position(sides[1]) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (nil, nil): self = .whole
        case (nil, let suffix?):
            self = suffix == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - suffix)..<size)
        case (let first?, nil): self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?):
            guard first <= last else {
                self = .whole
                return
            }
            self = first < size ? .part(first..<min(size, last + 1)) : .unsatisfiable
        }
    }

    /// The number that `text` writes; nil inside for none written, nil outside for no number. What is beyond any file
    /// counts as the largest position there is, less one for the sum above.
    private static func position(_ text: Substring) -> Int64?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return .some(min(Int64(text) ?? .max, .max - 1))
    }
}
