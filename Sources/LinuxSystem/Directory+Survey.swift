internal import CLinux
internal import Glibc
internal import SystemPackage

/// One thing below a directory that was surveyed.
public struct SurveyedEntry: Hashable, Sendable {
    /// Where it is, below the directory; bytes that are no UTF-8 are repaired, for showing.
    public let path: String
    /// Whether `path` is its name to the byte, so that it can be opened by it.
    public let isExact: Bool
    /// What the kernel knows of it, of a symlink itself.
    public let status: FileStatus
    /// What a symlink leads to, as it is written; nil for all else.
    public let target: [UInt8]?
}

extension Directory {
    /// Everything below this directory, without reading any file: one status a path. Symlinks are not followed, and what is
    /// mounted below is told and not entered. What vanishes meanwhile is left out. In no order.
    public func survey() throws(FileError) -> [SurveyedEntry] {
        var found: [SurveyedEntry] = []
        let device = try status().device
        var reader = EntryReader()
        // Paths, not descriptors, so that two are open at a time, however deep the tree.
        var pending = [""]
        while let path = pending.popLast() {
            let folder: Descriptor
            do {
                folder = path.isEmpty ? try reopen() : try open(path, O_RDONLY | O_DIRECTORY, for: "list")
            } catch let error where error.errno == .noSuchFileOrDirectory {
                continue
            }
            let prefix = path.isEmpty ? "" : path + "/"
            while let entry = try reader.next(in: folder.raw, at: full(path)) {
                var status = stat()
                guard fstatat(folder.raw, entry.name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    let code = Errno(rawValue: errno)
                    if code == .noSuchFileOrDirectory { continue }
                    throw FileError("examine", full(prefix + String(cString: entry.name)), code)
                }
                let known = FileStatus(status)
                let name = String(validatingCString: entry.name)
                let inner = prefix + (name ?? String(cString: entry.name))
                var target: [UInt8]?
                // A name that is not UTF-8 cannot be asked for again; whoever compares takes it for a stranger's in any case.
                if known.kind == .symlink, let name { target = try readLink(folder.raw, name, full(inner)) }
                found.append(
                    SurveyedEntry(path: inner, isExact: name != nil, status: known, target: target))
                if known.kind == .directory, name != nil, known.device == device { pending.append(inner) }
            }
        }
        return found
    }
}
