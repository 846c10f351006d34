internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// All extended attributes of `relative`, of a symlink itself: names with their namespace ("security.capability", "system.
    /// posix_acl_access") and values. Empty where the file system has none. Needs /proc.
    public func extendedAttributes(of relative: String) throws(FileError) -> [String: [UInt8]] {
        let shown = full(relative)
        let file = try open(relative, linux_O_PATH, for: "read extended attributes of")
        let link = "/proc/self/fd/\(file.raw)"
        defer { extendLifetime(file) }
        return try readAttributes(
            of: shown, list: { linux_listxattr(link, $0, $1) }, get: { linux_getxattr(link, $0, $1, $2) })
    }

    /// Sets one extended attribute of `relative`, of a symlink itself. EOPNOTSUPP where the file system or the kind of file
    /// has none. Needs /proc.
    public func setExtendedAttribute(
        of relative: String, _ name: String, _ value: [UInt8]
    ) throws(FileError) {
        let operation = "set \(name) of"
        let file = try open(relative, linux_O_PATH, for: operation)
        let link = "/proc/self/fd/\(file.raw)"
        defer { extendLifetime(file) }
        try attempt(operation, full(relative)) { linux_setxattr(link, name, value, value.count) }
    }

    /// Removes one extended attribute of `relative`; ENODATA when it has none of that name. Needs /proc.
    public func removeExtendedAttribute(of relative: String, _ name: String) throws(FileError) {
        let operation = "remove \(name) of"
        let file = try open(relative, linux_O_PATH, for: operation)
        let link = "/proc/self/fd/\(file.raw)"
        defer { extendLifetime(file) }
        try attempt(operation, full(relative)) { linux_removexattr(link, name) }
    }
}

extension OpenFile {
    /// All extended attributes of the file: names with their namespace, and values.
    public func extendedAttributes() throws(FileError) -> [String: [UInt8]] {
        try readAttributes(
            of: path.string, list: { linux_flistxattr(descriptor.raw, $0, $1) },
            get: { linux_fgetxattr(descriptor.raw, $0, $1, $2) })
    }

    /// Sets one extended attribute of the file.
    public func setExtendedAttribute(_ name: String, _ value: [UInt8]) throws(FileError) {
        try attempt("set \(name) of", path.string) { linux_fsetxattr(descriptor.raw, name, value, value.count) }
    }
}

/// Lists the names, then gets each value. Both calls tell the size first and are made again if it grew (ERANGE).
private func readAttributes(
    of shown: String, list: (UnsafeMutablePointer<CChar>?, Int) -> Int,
    get: (String, UnsafeMutableRawPointer?, Int) -> Int
) throws(FileError) -> [String: [UInt8]] {
    let names: [UInt8]
    do {
        names = try readSized("read extended attributes of", shown) { buffer in
            list(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
    } catch let error where error.errno == .notSupported {
        return [:]
    }
    var found: [String: [UInt8]] = [:]
    for bytes in names.split(separator: 0) {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw FileError("read extended attributes of", shown, .illegalByteSequence, detail: "a name is not UTF-8")
        }
        do {
            found[name] = try readSized("read \(name) of", shown) { get(name, $0.baseAddress, $0.count) }
        } catch let error where error.errno == .noData {
            continue  // gone since it was listed
        }
    }
    return found
}

private func readSized(
    _ operation: String, _ shown: String, _ call: (UnsafeMutableRawBufferPointer) -> Int
) throws(FileError) -> [UInt8] {
    while true {
        let size = try attempt(operation, shown) { call(UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
        if size == 0 { return [] }
        var buffer = [UInt8](repeating: 0, count: size)
        do {
            let count = try attempt(operation, shown) { buffer.withUnsafeMutableBytes(call) }
            return Array(buffer[..<count])
        } catch let error where error.errno == .outOfRange {
            continue
        }
    }
}
