/// What every path of a tarball must be, before it is used for anything.
enum PathRules {
    /// The path in the form that `TarballEntry.path` has; empty for the root itself.
    static func normalised(_ bytes: [UInt8], isDirectory: Bool, _ policy: TarballPolicy) throws(TarballError) -> String
    {
        guard !bytes.isEmpty else { throw .emptyPath }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .nonUTF8Path(bytes) }
        guard bytes.count <= policy.maxPathBytes else { throw .pathTooLong(text, limit: policy.maxPathBytes) }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }), isPlain(text) else {
            throw .controlCharacterInPath(text)
        }
        guard bytes[0] != UInt8(ascii: "/") else { throw .absolutePath(text) }

        var rest = bytes[...]
        if rest.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { rest = rest.dropFirst(2) }
        if rest.last == UInt8(ascii: "/") {
            guard isDirectory else { throw .badHeader(text, why: "its name ends like a directory's and it is none") }
            rest = rest.dropLast()
        }
        if rest.isEmpty || rest.elementsEqual([UInt8(ascii: ".")]) {
            guard isDirectory else { throw .unclearPath(text) }
            return ""
        }
        try checkComponents(rest, of: text, policy)
        return String(decoding: rest, as: UTF8.self)
    }

    private static func checkComponents(_ path: ArraySlice<UInt8>, of text: String, _ policy: TarballPolicy)
        throws(TarballError)
    {
        var depth = 0
        var start = path.startIndex
        while start <= path.endIndex {
            let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            let length = end - start
            if length == 0 || (length == 1 && path[start] == UInt8(ascii: ".")) { throw .unclearPath(text) }
            if length == 2, path[start] == UInt8(ascii: "."), path[start + 1] == UInt8(ascii: ".") {
                throw .escapingPath(text)
            }
            guard length <= 255 else { throw .pathTooLong(text, limit: 255) }  // NAME_MAX of every Linux file system
            depth += 1
            start = end + 1
        }
        guard depth <= policy.maxDepth else { throw .pathTooDeep(text, limit: policy.maxDepth) }
    }

    /// Whether a text has no control characters, line separators or invisible marks that reorder it.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } || !text.unicodeScalars.contains(where: isUnsafeToShow)
    }

    /// The target of a symbolic link, checked to stay inside when it is followed from the directory of `path`.
    ///
    /// `..` may only come first. After a name it would start from wherever that name leads, and a name that is itself a
    /// link makes the sum of the parts mean something else (CVE-2025-4517 and its kin). With leading `..` alone every
    /// step up starts from a real directory, so links that are inside one by one stay inside together.
    static func checkLink(_ target: [UInt8], from path: String, _ policy: TarballPolicy) throws(TarballError) -> String
    {
        guard let text = String(validating: target, as: UTF8.self) else { throw .nonUTF8Path(target) }
        guard !target.isEmpty else { throw .badHeader(path, why: "it is a link to nothing") }
        guard target.count <= policy.maxPathBytes else { throw .pathTooLong(text, limit: policy.maxPathBytes) }
        guard !target.contains(where: { $0 < 0x20 || $0 == 0x7F }), isPlain(text) else {
            throw .controlCharacterInPath(text)
        }
        guard target[0] != UInt8(ascii: "/") else {
            guard policy.allowsAbsoluteLinks else { throw .absoluteLink(path, target: text) }
            return text
        }
        var depth = path.utf8.count { $0 == UInt8(ascii: "/") }
        var hasName = false
        for component in target.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual("..".utf8) {
                depth -= 1
                guard depth >= 0, !hasName else { throw .escapingLink(path, target: text) }
            } else if !component.elementsEqual(".".utf8) {
                hasName = true
            }
        }
        return text
    }
}
