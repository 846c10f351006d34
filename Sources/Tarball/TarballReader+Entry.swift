internal import CLibArchive

extension TarballReader {
    /// Both readings of an entry as one value, or nil for the root directory.
    func entry(_ handle: OpaquePointer, _ audited: TarAudit.Entry) throws(TarballError) -> TarballEntry? {
        let shown = String(decoding: audited.path, as: UTF8.self)
        let isDirectory = audited.type == UInt8(ascii: "5")
        let path = try PathRules.normalised(audited.path, isDirectory: isDirectory, policy)
        try agree(audited.path, archive_entry_pathname(handle), "name", shown)
        guard archive_entry_size(handle) == audited.size else {
            throw .badHeader(shown, why: "two readers see different sizes")
        }
        let kind = try kind(of: path, handle, audited)
        if path.isEmpty { return nil }

        let permissions = archive_entry_mode(handle) & 0o7777
        let (uid, gid) = (archive_entry_uid(handle), archive_entry_gid(handle))
        guard let uid = UInt32(exactly: uid), let gid = UInt32(exactly: gid), uid != .max, gid != .max else {
            throw .ownerNotAllowed(path, uid: uid, gid: gid)  // all bits set means "no change" to chown
        }
        let modified = Int64(archive_entry_mtime(handle))
        guard (0..<(1 << 38)).contains(modified) else {
            throw .badHeader(path, why: "its time is before 1970 or absurdly late")
        }
        return TarballEntry(
            path: path, kind: kind, permissions: UInt16(permissions), uid: uid, gid: gid, modified: modified,
            extendedAttributes: try extendedAttributes(handle, audited.attributes, of: path))
    }

    private func kind(of path: String, _ handle: OpaquePointer, _ audited: TarAudit.Entry)
        throws(TarballError) -> TarballEntry.Kind
    {
        let fileType = archive_entry_filetype(handle) & 0o170000
        func require(_ type: UInt32) throws(TarballError) {
            guard fileType == type else { throw .badHeader(path, why: "two readers see different types") }
        }
        let hardLink = archive_entry_hardlink(handle)
        guard (hardLink != nil) == (audited.type == UInt8(ascii: "1")) else {
            throw .badHeader(path, why: "two readers see different types")
        }
        switch audited.type {
        case 0, UInt8(ascii: "0"):
            try require(0o100000)
            return .file(size: audited.size)
        case UInt8(ascii: "5"):
            try require(0o040000)
            return .directory
        case UInt8(ascii: "2"):
            try require(0o120000)
            let target = try PathRules.checkLink(audited.link, from: path, policy)
            try agree(audited.link, archive_entry_symlink(handle), "link target", path)
            return .symlink(target: target)
        case UInt8(ascii: "1"):
            try agree(audited.link, hardLink, "link target", path)
            let target: String
            do throws(TarballError) {
                target = try PathRules.normalised(audited.link, isDirectory: false, policy)
            } catch {
                switch error {
                case .absolutePath(let target), .escapingPath(let target): throw .hardLinkOutside(path, target: target)
                default: throw error
                }
            }
            return .hardLink(target: target)
        case UInt8(ascii: "3"), UInt8(ascii: "4"): throw .device(path)
        case UInt8(ascii: "6"): throw .fifoOrSocket(path)
        default: throw .unsupportedType(path, type: "tar type \(audited.type)")
        }
    }

    /// libarchive may compose the characters of a name (NFC); in all else it must have read the same.
    private func agree(
        _ audited: [UInt8], _ name: UnsafePointer<CChar>?, _ what: String, _ path: String
    ) throws(TarballError) {
        guard let name, String(cString: name) == String(decoding: audited, as: UTF8.self) else {
            throw .badHeader(path, why: "two readers see different values of its \(what)")
        }
    }

    /// What libarchive read, which may come from either of two keys, and must be what the audit read from one of them.
    private func extendedAttributes(
        _ handle: OpaquePointer, _ audited: [String: [UInt8]], of path: String
    ) throws(TarballError) -> [String: [UInt8]] {
        guard archive_entry_xattr_reset(handle) > 0 || !audited.isEmpty else { return [:] }
        var seen: Set<String> = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(handle, &name, &value, &size) == ARCHIVE_OK {
            guard let name else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: value, count: size))
            guard audited[String(cString: name)] == bytes else {
                throw .badHeader(
                    path, why: "two readers see different values of its attribute \(String(cString: name))")
            }
            seen.insert(String(cString: name))
        }
        guard seen.count == audited.count else {
            throw .badHeader(path, why: "two readers see different extended attributes")
        }
        return audited
    }
}
