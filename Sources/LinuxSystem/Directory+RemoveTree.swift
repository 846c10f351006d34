internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// Removes `relative` and, if it is a directory, all below it. Follows no symlink, and enters no mount: finding one, it
    /// stops with EXDEV. Directories of the caller's own that may not be read or written are made so. Any depth will do.
    ///
    /// What is gone when it fails stays gone; calling it again goes on.
    /// - Returns: How many names were removed. 0 when there was nothing.
    @discardableResult
    public func removeTree(_ relative: String) throws(FileError) -> Int {
        guard let found = try status(of: relative) else { return 0 }
        guard found.kind == .directory else {
            try remove(relative)
            return 1
        }
        return try withParent(of: relative, for: "remove") { parent, name throws(FileError) in
            var removal = TreeRemoval(of: full(relative), below: parent)
            return try removal.run(name)
        }
    }
}

/// One run of `removeTree`: the chain of directories from the top of the tree to where it is at work.
///
/// Only the lowest of them are kept open. A higher one is opened again from below, as "..", and must be the directory it was.
private struct TreeRemoval: ~Copyable {
    private struct Level {
        let name: [CChar]
        let device: UInt64
        let inode: UInt64
        var descriptor: CInt?
        var directories: [[CChar]] = []
        var passes = 1
    }

    private static let keptOpen = 32
    /// How often a directory is read again because names appeared in it, or were passed over, while it was emptied.
    private static let passLimit = 16

    private let top: String
    private let parent: CInt
    private var levels: [Level] = []
    private var reader = EntryReader()
    private var count = 0

    init(of top: String, below parent: CInt) {
        self.top = top
        self.parent = parent
    }

    deinit { for case let descriptor? in levels.map(\.descriptor) { _ = close(descriptor) } }

    mutating func run(_ name: String) throws(FileError) -> Int {
        let mount = try identity(of: parent, at: top)
        try enter(name.utf8CString.map { $0 }, in: parent, on: mount)
        while let level = levels.last, let descriptor = level.descriptor {
            if let next = levels[levels.count - 1].directories.popLast() {
                try enter(next, in: descriptor, on: mount)
            } else {
                try leave()
            }
        }
        return count
    }

    /// Opens a directory, removes all in it that is no directory, and notes those that are.
    private mutating func enter(
        _ name: [CChar], in parent: CInt, on mount: linux_mount_status
    ) throws(FileError) {
        let descriptor = try open(name, in: parent)
        do throws(FileError) {
            let found = try identity(of: descriptor, at: path(name))
            let isSameMount =
                found.has_mount_id != 0 && mount.has_mount_id != 0
                ? found.mount_id == mount.mount_id : found.device == mount.device
            guard isSameMount else {
                throw FileError("remove", path(name), .improperLink, detail: "something is mounted there")
            }
            levels.append(Level(name: name, device: found.device, inode: found.inode, descriptor: descriptor))
        } catch {
            _ = close(descriptor)
            throw error
        }
        if levels.count > Self.keptOpen, let old = levels[levels.count - 1 - Self.keptOpen].descriptor {
            _ = close(old)
            levels[levels.count - 1 - Self.keptOpen].descriptor = nil
        }
        try empty(descriptor)
    }

    private func open(_ name: [CChar], in parent: CInt) throws(FileError) -> CInt {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        do {
            return try attempt("remove", path(name)) { openat(parent, name, flags) }
        } catch let error where error.errno == .permissionDenied {
            // Either may be what is closed: the directory it is in, which is ours to open unless it holds the tree, or itself.
            if parent != self.parent {
                try attempt("set the permissions of", path()) { fchmod(parent, 0o700) }
            }
            try attempt("set the permissions of", path(name)) { fchmodat(parent, name, 0o700, AT_SYMLINK_NOFOLLOW) }
            return try attempt("remove", path(name)) { openat(parent, name, flags) }
        }
    }

    private mutating func empty(_ descriptor: CInt) throws(FileError) {
        reader.reset()
        while let entry = try next(in: descriptor) {
            if FileKind(entryType: entry.type) != .directory, try unlink(entry.name, in: descriptor) {
                count += 1
                continue
            }
            let name = UnsafeBufferPointer(start: entry.name, count: strlen(entry.name) + 1)
            levels[levels.count - 1].directories.append(Array(name))
        }
    }

    /// The path is put together for an error alone: in a deep tree it is long.
    private mutating func next(in descriptor: CInt) throws(FileError) -> EntryReader.Raw? {
        do {
            return try reader.next(in: descriptor, at: "")
        } catch {
            throw FileError(error.operation, path(), error.errno)
        }
    }

    /// False when the name turns out to be a directory: EISDIR, on Linux also for root (unlink(2)).
    private func unlink(_ name: UnsafePointer<CChar>, in descriptor: CInt) throws(FileError) -> Bool {
        do {
            try removing(from: descriptor, at: path() + "/" + String(cString: name)) { unlinkat(descriptor, name, 0) }
            return true
        } catch let error where error.errno == .isDirectory {
            return false
        }
    }

    /// Goes back up and removes the directory just emptied.
    private mutating func leave() throws(FileError) {
        let level = levels[levels.count - 1]
        guard let descriptor = level.descriptor else { return }
        let above = try descriptorAbove(descriptor)
        do {
            try removing(from: above, at: path()) { unlinkat(above, level.name, AT_REMOVEDIR) }
        } catch let error where error.errno == .directoryNotEmpty && level.passes < Self.passLimit {
            levels[levels.count - 1].passes += 1
            _ = lseek(descriptor, 0, SEEK_SET)
            return try empty(descriptor)
        }
        count += 1
        _ = close(descriptor)
        levels.removeLast()
    }

    /// The descriptor of the directory above the lowest level, opened again if it was let go.
    private mutating func descriptorAbove(_ descriptor: CInt) throws(FileError) -> CInt {
        guard levels.count > 1 else { return parent }
        let index = levels.count - 2
        if let open = levels[index].descriptor { return open }
        let above = try attempt("remove", path()) {
            openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        levels[index].descriptor = above
        let found = try identity(of: above, at: path())
        guard found.inode == levels[index].inode, found.device == levels[index].device else {
            throw FileError("remove", path(), .staleNFSFileHandle, detail: "it was moved while it was being removed")
        }
        return above
    }

    /// Calls `body`, once more with the directory made writable if that is what it lacked.
    private func removing(
        from directory: CInt, at shown: @autoclosure () -> String, _ body: () -> CInt
    ) throws(FileError) {
        do {
            _ = try attempt("remove", shown(), body)
        } catch let error where error.errno == .permissionDenied && directory != parent {
            _ = try attempt("set the permissions of", shown()) { fchmod(directory, 0o700) }
            _ = try attempt("remove", shown(), body)
        }
    }

    private func identity(
        of descriptor: CInt, at shown: @autoclosure () -> String
    ) throws(FileError) -> linux_mount_status {
        var found = linux_mount_status()
        try attempt("examine", shown()) { linux_mount_status(descriptor, "", &found) }
        return found
    }

    /// Where it is at work, with one more name if given.
    private func path(_ name: [CChar]? = nil) -> String {
        let names = levels.map(\.name) + (name.map { [$0] } ?? [])
        return names.dropFirst().reduce(top) { $0 + "/" + Self.text($1) }
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
