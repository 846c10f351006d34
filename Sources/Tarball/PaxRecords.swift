/// The records of a pax extended header: `LENGTH KEY=VALUE\n`, one after the other (POSIX.1-2017, pax).
struct PaxRecords {
    private(set) var path: [UInt8]?
    private(set) var link: [UInt8]?
    private(set) var size: Int64?
    /// Extended attributes by name, as GNU tar, star and libarchive write them.
    private(set) var attributes: [String: [UInt8]] = [:]

    /// Keys that change nothing that is kept of an entry, or that libarchive reads alone.
    private static let harmless: Set<String> = [
        "atime", "charset", "comment", "ctime", "gid", "gname", "mtime", "uid", "uname", "LIBARCHIVE.creationtime",
        "SCHILY.dev", "SCHILY.fflags", "SCHILY.ino", "SCHILY.nlink",
    ]

    private static let attributePrefix = "SCHILY.xattr."

    /// - Parameter isGlobal: Whether the records are meant for all entries that follow. Only a comment may be, since
    ///   readers differ about the rest: libarchive skips global headers, GNU tar obeys them.
    init(_ bytes: [UInt8], isGlobal: Bool, name: String) throws(TarballError) {
        var seen: Set<String> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), space > rest.startIndex,
                space - rest.startIndex <= 8, rest[rest.startIndex] != UInt8(ascii: "0"),
                rest[..<space].allSatisfy({ (0x30...0x39).contains($0) })
            else { throw .badHeader(name, why: "a pax record has no length") }
            let length = rest[..<space].reduce(0) { $0 * 10 + Int($1 & 0xF) }
            guard length <= rest.count, length > space + 1 - rest.startIndex,
                rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw .badHeader(name, why: "a pax record has a wrong length") }
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            rest = rest[(rest.startIndex + length)...]

            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > record.startIndex else {
                throw .badHeader(name, why: "a pax record has no key")
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            guard seen.insert(key).inserted else { throw .badHeader(name, why: "two pax records for \(key)") }
            if isGlobal {
                guard key == "comment" else { throw .badHeader(name, why: "a global pax record for \(key)") }
            } else {
                try take(key, Array(record[(equals + 1)...]), name: name)
            }
        }
    }

    private mutating func take(_ key: String, _ value: [UInt8], name: String) throws(TarballError) {
        switch key {
        case "path", "linkpath":
            guard !value.isEmpty, !value.contains(0) else {
                throw .badHeader(name, why: "the pax record for \(key) is empty or holds a NUL")
            }
            if key == "path" { path = value } else { link = value }
        case "size":
            guard (1...18).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .badHeader(name, why: "the pax record for size is no number, or negative")
            }
            size = value.reduce(0) { $0 * 10 + Int64($1 & 0xF) }
        case let key where key.utf8.starts(with: PaxRecords.attributePrefix.utf8):
            attributes[String(key.utf8.dropFirst(PaxRecords.attributePrefix.utf8.count)) ?? key] = value
        // libarchive says each once more so; the reading compares the two.
        case let key where key.hasPrefix("LIBARCHIVE.xattr."): break
        case let key where PaxRecords.harmless.contains(key): break
        default: throw .badHeader(name, why: "the pax record \(key) is not supported")
        }
    }
}
