internal import YAMLDocument

/// The YAML head of a manifest's text.
struct ManifestHead {
    let name: PackageName
    let version: PackageVersion
    let platform: Platform
    let archive: Digest
    let size: ByteCount
    let unpacked: Int
    let files: Int
    let directories: Int
    let links: Int
    let origin: [String: String]

    static func read(_ bytes: [UInt8]) throws(ManifestError) -> ManifestHead {
        var reader = FileReader(file: "manifest")
        let head = reader.parse(bytes).flatMap { read($0, &reader) }
        if let finding = reader.findings.sortedForReading().first {
            throw .malformed(line: finding.location.line, why: finding.message)
        }
        guard let head else { throw .malformed(line: 1, why: "the head is empty") }
        return head
    }

    private static func read(_ node: YAMLNode, _ reader: inout FileReader) -> ManifestHead? {
        let keys = [
            "manifest", "name", "version", "platform", "archive", "size", "unpacked", "files", "directories", "links",
            "origin",
        ]
        guard let fields = reader.fields(of: node, as: "a manifest", known: keys, required: keys) else { return nil }
        // Eighteen digits, as in the lines below the head: sums of them fit 64 bits, or are seen not to.
        let number = { (reader: inout FileReader, key: String) -> Int? in
            fields[key].flatMap { reader.int($0, of: key, in: 0...999_999_999_999_999_999) }
        }
        guard let format = fields["manifest"].flatMap({ reader.int($0, of: "the manifest's format", in: 1...1) }),
            format == 1,
            let name = fields["name"].flatMap({ reader.text($0, as: PackageName.self, of: "a package's name") }),
            let version = fields["version"].flatMap({ reader.verbatim($0, as: PackageVersion.self, of: "a version") }),
            let platform = fields["platform"].flatMap({ reader.text($0, as: Platform.self, of: "a platform") }),
            let archive = fields["archive"].flatMap({ reader.text($0, as: Digest.self, of: "a digest") }),
            let size = number(&reader, "size"), let unpacked = number(&reader, "unpacked"),
            let files = number(&reader, "files"), let directories = number(&reader, "directories"),
            let links = number(&reader, "links"),
            let words = fields["origin"].flatMap({ origin($0, &reader) })
        else { return nil }
        return ManifestHead(
            name: name, version: version, platform: platform, archive: archive, size: ByteCount(Int64(size)),
            unpacked: unpacked, files: files, directories: directories, links: links, origin: words)
    }

    /// Free words by key.
    private static func origin(_ node: YAMLNode, _ reader: inout FileReader) -> [String: String]? {
        guard case .mapping(let entries) = node.content else {
            reader.add(.wrongType, at: node.range, "origin is a map, and this is \(node.kindInWords)")
            return nil
        }
        var words: [String: String] = [:]
        for entry in entries {
            guard let word = reader.string(entry.value, of: "'\(entry.key.text)' of origin") else { return nil }
            words[entry.key.text] = word
        }
        return words
    }
}
