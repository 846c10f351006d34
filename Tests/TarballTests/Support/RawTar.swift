/// One tar entry as bytes, right or wrong as the test wants it.
struct RawEntry {
    var name: [UInt8]
    var type = Character("0")
    var body: [UInt8] = []
    var size: String?
    var link = ""
    var mode = "0000644"
    var uid = 0
    var gid = 0
    var magic = "ustar\u{0}00"
    var pax: [(String, String)] = []
    var badChecksum = false
    var isZeroBlock = false

    init(_ name: String) { self.name = Array(name.utf8) }

    init(bytes: [UInt8]) { name = bytes }

    static func file(_ name: String, _ text: String = "hello\n") -> RawEntry {
        var entry = RawEntry(name)
        entry.body = Array(text.utf8)
        return entry
    }

    static func directory(_ name: String) -> RawEntry { make(name, "5") { $0.mode = "0000755" } }

    static func symlink(_ name: String, _ target: String) -> RawEntry { make(name, "2") { $0.link = target } }

    static func hardLink(_ name: String, _ target: String) -> RawEntry { make(name, "1") { $0.link = target } }

    static func make(_ name: String, _ type: Character, _ change: (inout RawEntry) -> Void = { _ in }) -> RawEntry {
        var entry = RawEntry(name)
        entry.type = type
        change(&entry)
        return entry
    }

    /// The entry with a pax header before it.
    func with(pax: [(String, String)]) -> RawEntry {
        var copy = self
        copy.pax = pax
        return copy
    }

    var bytes: [UInt8] {
        if isZeroBlock { return [UInt8](repeating: 0, count: 512) }
        var result: [UInt8] = []
        if !pax.isEmpty {
            var header = RawEntry.make("PaxHeader/x", "x")
            header.body = pax.flatMap { RawEntry.record($0.0, $0.1) }
            result += header.bytes
        }
        result += header
        result += body
        result += [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
        return result
    }

    private var header: [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Collection<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { block[offset + index] = byte }
        }
        put(name.prefix(100), at: 0)
        put(mode.utf8, at: 100)
        put(octal(uid, 7).utf8, at: 108)
        put(octal(gid, 7).utf8, at: 116)
        put((size ?? octal(body.count, 11)).utf8, at: 124)
        put(octal(1_700_000_000, 11).utf8, at: 136)
        put("        ".utf8, at: 148)
        put(String(type).utf8, at: 156)
        put(link.utf8.prefix(100), at: 157)
        put(magic.utf8, at: 257)
        let sum = block.reduce(0) { $0 + Int($1) } + (badChecksum ? 1 : 0)
        put((octal(sum, 6) + "\u{0} ").utf8, at: 148)
        return block
    }

    private func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while String(length).utf8.count + rest.utf8.count != length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }
}

/// A whole tar stream, with its end.
func tar(_ entries: [RawEntry]) -> [UInt8] {
    entries.flatMap(\.bytes) + [UInt8](repeating: 0, count: 1024)
}
