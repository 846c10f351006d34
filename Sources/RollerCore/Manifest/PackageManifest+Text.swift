internal import OrderedCollections
internal import YAMLDocument

/// A manifest as text: a head in YAML, a line of three hyphens, and one line a path.
/// ```
/// f 0755 1048576 9f86d08…(64 digits) bin/nginx
/// f 0755 76672 5dcd30f…(64 digits) bin/ping<TAB>security.capability=01000002…
/// d 0755 etc/nginx
/// l lib/libz.so -> libz.so.1         (the arrow stands between tabs)
/// h bin/gzip -> bin/gunzip           (likewise)
/// ```
/// A file's extended attributes follow its path, each after a tab, sorted by name, values in hexadecimal digits.
extension PackageManifest {
    /// The text. The same manifest always makes the same text, whose digest the lock holds.
    public var text: String {
        let counts = counts
        let head = Value.map([
            "manifest": .int(1), "name": .string(name.rawValue), "version": .string(version.rawValue),
            "platform": .string(platform.rawValue), "archive": .string(archive.rawValue),
            "size": .int(Int(size.bytes)), "unpacked": .int(Int(unpackedSize.bytes)), "files": .int(counts.files),
            "directories": .int(counts.directories), "links": .int(counts.links),
            "origin": .map(
                OrderedDictionary(
                    uniqueKeysWithValues: origin.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) })),
        ])
        var text = head.yaml + "---\n"
        for entry in entries { text += entry.line + "\n" }
        return text
    }

    /// Reads a manifest.
    public static func read(_ bytes: [UInt8]) throws(ManifestError) -> PackageManifest {
        guard let split = headEnd(bytes) else { throw .malformed(line: 1, why: "there is no line of three hyphens") }
        let headLines = bytes[..<split.head].count { $0 == UInt8(ascii: "\n") }
        let head = try ManifestHead.read(Array(bytes[..<split.head]))
        var entries: [Entry] = []
        var line = headLines + 1
        var rest = bytes[split.body...]
        while !rest.isEmpty {
            line += 1
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                throw .malformed(line: line, why: "the last line is cut off")
            }
            let entry = try Entry.read(rest[..<end], line: line)
            if let last = entries.last,
                !last.path.rawValue.utf8.lexicographicallyPrecedes(entry.path.rawValue.utf8)
            {
                throw .outOfOrder(line: line, path: entry.path.rawValue)
            }
            entries.append(entry)
            rest = rest[(end + 1)...]
        }
        let manifest = PackageManifest(
            name: head.name, version: head.version, platform: head.platform, archive: head.archive, size: head.size,
            origin: head.origin, entries: entries)
        try manifest.checkHardLinks(from: headLines + 2)
        guard manifest.counts == (head.files, head.directories, head.links),
            manifest.unpackedSize.bytes == Int64(head.unpacked)
        else { throw .countsDiffer }
        return manifest
    }

    /// How many directories and symlinks a manifest counts in its head: what each tree with the package has of its own.
    /// - Parameter start: The manifest's first 64 KiB, or all of it. The lines below the head are not read.
    public static func readOwnPaths(_ start: [UInt8]) throws(ManifestError) -> (directories: Int, links: Int) {
        guard let split = headEnd(start) else { throw .malformed(line: 1, why: "there is no line of three hyphens") }
        let head = try ManifestHead.read(Array(start[..<split.head]))
        return (head.directories, head.links)
    }

    /// A hard link names a file that the package brings itself.
    private func checkHardLinks(from firstLine: Int) throws(ManifestError) {
        var files: Set<TreePath>?
        for (position, entry) in entries.enumerated() {
            guard case .hardLink(let target) = entry.kind else { continue }
            let known = files ?? Set(entries.lazy.filter(\.isFile).map(\.path))
            files = known
            guard known.contains(target) else {
                throw .malformed(line: firstLine + position, why: "'\(target)' is no file of the package")
            }
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> (head: Int, body: Int)? {
        let marker = Array("\n---\n".utf8)
        let limit = min(bytes.count, 64 << 10) - marker.count
        guard limit >= 0 else { return nil }
        for start in 0...limit where bytes[start] == marker[0] && bytes[start..<(start + 5)].elementsEqual(marker) {
            return (start + 1, start + marker.count)
        }
        return nil
    }
}

extension PackageManifest.Entry {
    fileprivate var isFile: Bool {
        if case .file = kind { true } else { false }
    }

    /// The line of the manifest that says this, without its line break.
    public var line: String {
        switch kind {
        case .file(let permissions, let size, let digest):
            "f \(ModeAndOwner.octal(permissions)) \(size.bytes) \(digest.hex) \(path)" + attributeText
        case .directory(let permissions): "d \(ModeAndOwner.octal(permissions)) \(path)"
        case .symlink(let target): "l \(path)\t->\t\(target)"
        case .hardLink(let target): "h \(path)\t->\t\(target)"
        }
    }

    fileprivate static func read(_ bytes: ArraySlice<UInt8>, line: Int) throws(ManifestError) -> Self {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(line: line, why: "it is not UTF-8")
        }
        guard let kind = text.utf8.first, text.utf8.dropFirst().first == UInt8(ascii: " ") else {
            throw .malformed(line: line, why: "it does not begin with f, d, l or h")
        }
        let rest = text.utf8.dropFirst(2)
        switch kind {
        case UInt8(ascii: "f"):
            let end = rest.firstIndex(of: UInt8(ascii: "\t")) ?? rest.endIndex
            let fields = rest[..<end].split(
                separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let permissions = ModeAndOwner.permissions(fields[0]),
                let size = decimal(fields[1]), let digest = Digest("sha256:" + (String(fields[2]) ?? ""))
            else { throw .malformed(line: line, why: "a file has a mode, a size, a digest and a path") }
            return Self(
                path: try path(fields[3], line),
                kind: .file(permissions: permissions, size: ByteCount(size), digest: digest),
                attributes: end == rest.endIndex ? [:] : try attributes(rest[rest.index(after: end)...], line))
        case UInt8(ascii: "d"):
            let fields = rest.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count == 2, let permissions = ModeAndOwner.permissions(fields[0]) else {
                throw .malformed(line: line, why: "a directory has a mode and a path")
            }
            return Self(path: try path(fields[1], line), kind: .directory(permissions: permissions))
        case UInt8(ascii: "l"), UInt8(ascii: "h"):
            let fields = rest.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1].elementsEqual("->".utf8), !fields[2].isEmpty,
                fields[2].allSatisfy({ $0 >= 0x20 && $0 != 0x7f }), let target = String(fields[2])
            else { throw .malformed(line: line, why: "a link has a path and a target, with -> between tabs") }
            let own = try path(fields[0], line)
            guard kind == UInt8(ascii: "h") else { return Self(path: own, kind: .symlink(target: target)) }
            return Self(path: own, kind: .hardLink(target: try path(fields[2], line)))
        default: throw .malformed(line: line, why: "it does not begin with f, d, l or h")
        }
    }

    private static func path(_ text: Substring.UTF8View, _ line: Int) throws(ManifestError) -> TreePath {
        guard let text = String(text), let path = TreePath(text) else {
            throw .malformed(line: line, why: "'\(text)' cannot be a path below the prefix")
        }
        return path
    }

    private static func decimal(_ text: Substring.UTF8View) -> Int64? {
        guard (1...18).contains(text.count), text.allSatisfy(NameBytes.isDigit),
            text.count == 1 || text.first != UInt8(ascii: "0")
        else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
}

extension ModeAndOwner {
    /// Four octal digits.
    public static func octal(_ permissions: UInt16) -> String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The mode that exactly four octal digits say.
    static func permissions(_ text: Substring.UTF8View) -> UInt16? {
        guard text.count == 4, text.allSatisfy(NameBytes.isDigit), let text = String(text) else { return nil }
        return UInt16(text, radix: 8)
    }
}
