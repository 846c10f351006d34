internal import LinuxSystem

extension TarballError {
    /// What went wrong, on one line. Names are quoted, and control characters in them are escaped.
    public var message: String {
        switch self {
        case .system(let doing, let on, let errno): "cannot \(doing) \(quoted(on)): \(errno)"
        case .file(let error): escaped(error.message)
        case .outOfMemory: "out of memory"
        case .damaged(let doing, let cause): "cannot \(doing): \(escaped(cause))"
        case .truncated: "the tarball ends too early"
        case .trailingData: "something follows the end of the tarball"
        case .badHeader(let path, let why): "the header of \(quoted(path)) is not valid: \(escaped(why))"
        case .emptyPath: "an entry has no path"
        case .nonUTF8Path(let bytes): "the path \(quoted(String(decoding: bytes, as: UTF8.self))) is not UTF-8"
        case .controlCharacterInPath(let path): "the path \(quoted(path)) has a control character"
        case .pathTooLong(let path, let limit): "the path \(quoted(shortened(path))) is longer than \(limit) bytes"
        case .pathTooDeep(let path, let limit): "the path \(quoted(shortened(path))) has more than \(limit) components"
        case .absolutePath(let path): "the path \(quoted(path)) is absolute"
        case .escapingPath(let path): "the path \(quoted(path)) has a '..' component"
        case .unclearPath(let path): "the path \(quoted(path)) has a '.' or an empty component"
        case .duplicatePath(let path): "the path \(quoted(path)) is there twice"
        case .pathClash(let path, let other):
            "the paths \(quoted(other)) and \(quoted(path)) differ only by case or Unicode normal form"
        case .fileBelowNonDirectory(let path, let parent):
            "the path \(quoted(path)) lies below \(quoted(parent)), which is no directory"
        case .escapingLink(let path, let target):
            "the symbolic link \(quoted(path)) to \(quoted(target)) leaves the tree, or has '..' after a name"
        case .absoluteLink(let path, let target):
            "the symbolic link \(quoted(path)) holds the absolute path \(quoted(target))"
        case .hardLinkOutside(let path, let target):
            "the hard link \(quoted(path)) to \(quoted(target)) leaves the tree"
        case .hardLinkToMissing(let path, let target):
            "the hard link \(quoted(path)) names \(quoted(target)), which is no earlier file"
        case .device(let path): "\(quoted(path)) is a device"
        case .fifoOrSocket(let path): "\(quoted(path)) is a pipe or a socket"
        case .unsupportedType(let path, let type):
            "\(quoted(path)) is of a type that is not supported: \(escaped(type))"
        case .setuid(let path): "\(quoted(path)) is setuid or setgid"
        case .ownerNotAllowed(let path, let uid, let gid):
            "\(quoted(path)) belongs to \(uid):\(gid), which is not allowed"
        case .extendedAttribute(let path, let name): "\(quoted(path)) has the extended attribute \(quoted(name))"
        case .attributesTooLarge(let path, let limit):
            "the extended attributes of \(quoted(path)) are larger than \(limit) bytes together"
        case .tooManyEntries(let limit): "there are more than \(limit) entries"
        case .entryTooLarge(let path, let limit): "\(quoted(path)) is larger than \(limit) bytes"
        case .tooLarge(let limit): "the files are larger than \(limit) bytes together"
        case .tooManyPathBytes(let limit): "the paths are longer than \(limit) bytes together"
        case .changedWhileRead(let path): "\(quoted(path)) changed while it was read"
        case .outsidePrefix(let path, let prefix): "\(quoted(path)) is not below \(quoted(prefix))"
        case .wrongSize(let path, let expected, let actual):
            "\(quoted(path)) has \(actual) bytes where \(expected) were announced"
        }
    }
}

extension TarballError: CustomStringConvertible {
    /// The same as `message`.
    public var description: String { message }
}

private func quoted(_ text: String) -> String { "'\(escaped(text))'" }

private func shortened(_ text: String) -> String {
    text.utf8.count > 200 ? String(text.prefix(100)) + "..." : text
}

/// A name from an archive must not steer the terminal it is shown on, nor look like other text.
private func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafeToShow) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if isUnsafeToShow(scalar) {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Control characters, line separators and the invisible characters that reorder text.
func isUnsafeToShow(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    default: return false
    }
}
