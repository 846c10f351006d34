internal import YAMLDocument

/// Changes to the text of a host's file that leave every other byte alone: comments, order, quotes, spacing.
public enum HostEdit {
    /// The text with another release below `hostclass`, written in the quotes that the old one has.
    /// - Parameters:
    ///   - bytes: The text of the host's file, which must read without an error.
    ///   - name: The host, from the file's name.
    ///   - file: The path of the file, for findings.
    /// - Returns: The new text, and the release that the old one names. When that is the same, so is the text.
    /// - Throws: `HostEditError` when the file has errors, or when the one value cannot be changed alone.
    public static func settingRelease(
        in bytes: [UInt8], of name: HostName, to release: ReleaseReference, file: String
    ) throws(HostEditError) -> (bytes: [UInt8], old: ReleaseReference) {
        let old = try read(bytes, of: name, file: file)
        guard old.host.release != release else { return (bytes, release) }
        guard let value = old.root["hostclass"], let scalar = value.scalar,
            let range = scalarRange(value, in: bytes),
            let replacement = replacement(for: scalar, in: bytes[range], with: release.rawValue)
        else { throw .notEditable(file, why: "its 'hostclass' is not written as one value in one place") }
        let edited = bytes[..<range.lowerBound] + replacement + bytes[range.upperBound...]

        // The proof that nothing else changed: read again, all is as before but for this one value.
        let new = try read(Array(edited), of: name, file: file)
        guard new.host.release == release else { throw .notEditable(file, why: "the new value reads as another one") }
        guard new.root.values(without: "hostclass") == old.root.values(without: "hostclass") else {
            throw .notEditable(file, why: "other values refer to its 'hostclass' by an alias")
        }
        return (Array(edited), old.host.release)
    }

    private static func read(
        _ bytes: [UInt8], of name: HostName, file: String
    ) throws(HostEditError) -> (host: Host, root: YAMLNode) {
        var reader = FileReader(file: file)
        let host = Host.read(name, bytes, &reader)
        guard !reader.findings.hasErrors, let host, let root = YAMLDocument.parse(bytes).root else {
            throw .unreadable(file, reader.findings.sortedForReading())
        }
        return (host, root)
    }

    /// Where the scalar itself stands, in bytes: an anchor before it stays.
    private static func scalarRange(_ node: YAMLNode, in bytes: [UInt8]) -> Range<Int>? {
        guard var start = offset(of: node.range.start, in: bytes), let end = offset(of: node.range.end, in: bytes),
            start < end
        else { return nil }
        if bytes[start] == UInt8(ascii: "&") {
            // A blank ends an anchor's name, and comments may stand between it and the scalar only on lines of their own.
            guard let blank = bytes[start..<end].firstIndex(where: isBlank),
                let text = bytes[blank..<end].firstIndex(where: { !isBlank($0) }), bytes[text] != UInt8(ascii: "#")
            else { return nil }
            start = text
        }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a }

    /// The bytes before `position`: lines end with a line feed, as the reader refuses other ends; columns count scalars.
    private static func offset(of position: YAMLPosition, in bytes: [UInt8]) -> Int? {
        var index = 0
        for _ in 1..<position.line {
            guard let end = bytes[index...].firstIndex(of: 0x0a) else { return nil }
            index = end + 1
        }
        var column = 1
        while column < position.column {
            guard index < bytes.count else { return nil }
            index += 1
            while index < bytes.count, bytes[index] & 0xc0 == 0x80 { index += 1 }
            column += 1
        }
        return index
    }

    /// `text` in the style of the scalar that `old` is. A reference needs no quotes and no escapes in any style.
    private static func replacement(for scalar: YAMLScalar, in old: ArraySlice<UInt8>, with text: String) -> [UInt8]? {
        switch scalar.style {
        case .plain: return Array(text.utf8)
        case .singleQuoted: return Array("'\(text)'".utf8)
        case .doubleQuoted: return Array("\"\(text)\"".utf8)
        case .literal, .folded:
            // The line with the text, below the `|` or `>` and their comment.
            let former = Array(scalar.text.utf8)
            guard let line = old.firstIndex(of: 0x0a),
                let start = old[line...].indices.first(where: { old[$0...].starts(with: former) })
            else { return nil }
            return old[..<start] + Array(text.utf8) + old[(start + former.count)...]
        }
    }
}

extension YAMLNode {
    /// What the entries but one of a map say, without where it stands.
    fileprivate func values(without key: String) -> [String: PlaceFree] {
        Dictionary(
            (mapping ?? []).filter { $0.key.text != key }.map { ($0.key.text, PlaceFree($0.value)) },
            uniquingKeysWith: { first, _ in first })
    }
}

/// A node's content alone, for comparing two texts.
private indirect enum PlaceFree: Hashable {
    case scalar(YAMLScalar)
    case sequence([PlaceFree])
    case mapping([String], [PlaceFree])

    init(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let scalar): self = .scalar(scalar)
        case .sequence(let items): self = .sequence(items.map(PlaceFree.init))
        case .mapping(let entries): self = .mapping(entries.map(\.key.text), entries.map { PlaceFree($0.value) })
        }
    }
}

/// Why a host's file cannot be edited.
public enum HostEditError: RollerError, Hashable {
    /// The file has errors of its own.
    case unreadable(String, [Diagnostic])
    /// The value cannot be changed without changing more.
    case notEditable(String, why: String)

    /// "cannot edit {file}", and the first thing that stands in the way.
    public var message: String {
        switch self {
        case .unreadable(let file, let findings):
            "cannot edit \(file): "
                + (findings.first { $0.severity == .error }.map { "\($0.location): \($0.message)" } ?? "it is empty")
        case .notEditable(let file, let why): "cannot edit \(file): \(why)"
        }
    }

    /// Where to see more, or what to do by hand.
    public var hint: String? {
        switch self {
        case .unreadable: "`rollerctl lint` shows all that is wrong"
        case .notEditable: "edit the file by hand"
        }
    }
}
