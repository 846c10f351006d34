internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// Tells the status of everything below this directory, without names: what was written, made or given another owner or
    /// mode since shows in it. One call a name; symlinks are not followed, and other file systems not entered on purpose.
    ///
    /// The order is that of the file system, and the same as long as no directory changes.
    public func eachStatus(_ body: (FileStatus) -> Void) throws(FileError) {
        var reader = EntryReader()
        // Paths, not descriptors: one is open at a time, however deep the tree.
        var pending = [""]
        while let path = pending.popLast() {
            let folder = path.isEmpty ? try reopen() : try open(path, O_RDONLY | O_DIRECTORY, for: "open")
            let prefix = path.isEmpty ? "" : path + "/"
            while let entry = try reader.next(in: folder.raw, at: full(path)) {
                var found = stat()
                try attempt("examine", full(prefix + String(cString: entry.name))) {
                    fstatat(folder.raw, entry.name, &found, AT_SYMLINK_NOFOLLOW)
                }
                let status = FileStatus(found)
                body(status)
                guard status.kind == .directory else { continue }
                guard let name = String(validatingCString: entry.name) else {
                    let shown = full(prefix + String(cString: entry.name))
                    throw FileError("list", shown, .illegalByteSequence, detail: "the name is not UTF-8")
                }
                pending.append(prefix + name)
            }
        }
    }
}
