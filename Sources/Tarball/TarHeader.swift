/// One 512-byte header of the tar format (POSIX.1-2017 pax, "ustar Interchange Format"), read strictly.
struct TarHeader {
    static let size = 512

    let type: UInt8
    let bodySize: Int64
    /// The name with its prefix, as bytes.
    let name: [UInt8]
    let link: [UInt8]

    /// - Throws: `TarballError.badHeader` when two readers could differ about it.
    init(_ block: UnsafeRawBufferPointer) throws(TarballError) {
        precondition(block.count == TarHeader.size)
        func field(_ range: Range<Int>) -> [UInt8] { Array(block[range].prefix { $0 != 0 }) }

        let magic = Array(block[257..<265])
        let isPOSIX = magic == Array("ustar\u{0}00".utf8)
        var name = field(0..<100)
        let prefix = isPOSIX ? field(345..<500) : []
        if !prefix.isEmpty { name = prefix + [UInt8(ascii: "/")] + name }
        let shown = String(decoding: name, as: UTF8.self)
        // GNU's own variant keeps times where POSIX has the prefix.
        guard isPOSIX || magic == Array("ustar  \u{0}".utf8) else {
            throw .badHeader(shown, why: "it is neither ustar nor GNU tar")
        }

        var sum: Int64 = 0
        for byte in block { sum += Int64(byte) }
        for byte in block[148..<156] { sum += Int64(UInt8(ascii: " ")) - Int64(byte) }
        guard TarHeader.number(block[148..<156]) == sum else { throw .badHeader(shown, why: "its checksum is wrong") }
        guard let bodySize = TarHeader.number(block[124..<136]) else {
            throw .badHeader(shown, why: "its size is no number, or negative")
        }
        for range in [100..<108, 108..<116, 116..<124, 136..<148] where TarHeader.number(block[range]) == nil {
            // A time before 1970 is base-256 and negative; it has no place in a package either.
            throw .badHeader(shown, why: "its mode, owner or time is no number, or negative")
        }
        self.type = block[156]
        self.bodySize = bodySize
        self.name = name
        self.link = field(157..<257)
    }

    /// An octal number ended by NULs or spaces, or GNU's base-256 when the first bit is set. Nil for anything else,
    /// negative numbers among it. An empty field is 0, as GNU tar writes it.
    static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard let first = field.first else { return nil }
        var value: Int64 = 0
        if first & 0x80 != 0 {
            guard first == 0x80 else { return nil }  // 0xFF starts a negative number; other bits overflow
            for byte in field.dropFirst() {
                let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
                guard !overflow else { return nil }
                value = shifted | Int64(byte)
            }
            return value
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x37).contains($0) }
        guard digits.endIndex == field.endIndex || field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 })
        else { return nil }
        for digit in digits { value = value << 3 | Int64(digit & 7) }  // at most 12 digits: 36 bits
        return value
    }
}
