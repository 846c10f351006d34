internal import CLinux
internal import Glibc
internal import SystemPackage

/// A checked path below a directory: the parents, if any, and the last component.
struct RelativePath {
    let text: String
    let parent: String?
    let last: String

    /// Nil unless `text` is one or more components joined by single slashes, none of them "." or "..", and without NUL.
    init?(_ text: String) {
        var lastSlash: String.Index?
        var start = text.startIndex
        let bytes = text.utf8
        for index in bytes.indices {
            if bytes[index] == 0 { return nil }
            guard bytes[index] == UInt8(ascii: "/") else { continue }
            guard Self.isName(bytes[start..<index]) else { return nil }
            lastSlash = index
            start = bytes.index(after: index)
        }
        guard Self.isName(bytes[start...]) else { return nil }
        self.text = text
        parent = lastSlash.map { String(text[..<$0]) }
        last = lastSlash == nil ? text : String(text[start...])
    }

    private static func isName(_ bytes: Substring.UTF8View) -> Bool {
        switch bytes.count {
        case 0: false
        case 1, 2: bytes.contains { $0 != UInt8(ascii: ".") }
        default: true
        }
    }
}

extension Directory {
    /// How several components are resolved: by the kernel in one call, or here, one by one, where it cannot.
    enum Resolver { case kernel, walk }

    /// Opens what `relative` names, following no symlink on the way nor at its end, and never leaving this directory.
    func open(
        _ relative: String, _ flags: CInt, permissions: mode_t = 0, for operation: String,
        by resolver: Resolver = .kernel
    ) throws(FileError) -> Descriptor {
        let checked = try check(relative, for: operation)
        if resolver == .kernel {
            // RESOLVE_NO_SYMLINKS refuses a symlink at the end as well, with ELOOP, unless O_NOFOLLOW asks for the symlink
            // itself; O_DIRECTORY would then turn that into ENOTDIR.
            let flags = flags | O_CLOEXEC | (flags & O_DIRECTORY == 0 ? O_NOFOLLOW : 0)
            do {
                return Descriptor(
                    owning: try attempt(operation, full(relative)) {
                        linux_openat_beneath(descriptor.raw, relative, flags, permissions)
                    })
            } catch let error where error.errno == .noFunction || error.errno == .notPermitted {
                // No openat2 before Linux 5.6, and some seccomp filters answer EPERM. A true EPERM comes up again below.
            }
        }
        return try walk(to: checked, flags, permissions, for: operation)
    }

    /// The same by one open a component. A component cannot be swapped for a symlink between look and use: it is opened
    /// with O_NOFOLLOW, and the next one relative to what that opened.
    private func walk(
        to target: RelativePath, _ flags: CInt, _ permissions: mode_t, for operation: String
    ) throws(FileError) -> Descriptor {
        var parent: CInt = descriptor.raw
        defer { if parent != descriptor.raw { _ = close(parent) } }
        for component in (target.parent ?? "").split(separator: "/") {
            let next = try step(from: parent, String(component), linux_O_PATH | O_DIRECTORY, 0, target, operation)
            if parent != descriptor.raw { _ = close(parent) }
            parent = next
        }
        return Descriptor(owning: try step(from: parent, target.last, flags, permissions, target, operation))
    }

    private func step(
        from parent: CInt, _ name: String, _ flags: CInt, _ permissions: mode_t, _ target: RelativePath,
        _ operation: String
    ) throws(FileError) -> CInt {
        do {
            return try attempt(operation, full(target.text)) {
                openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC, permissions)
            }
        } catch let error where error.errno == .notDirectory {
            // With O_DIRECTORY a symlink gives ENOTDIR here and ELOOP above. The errno alone depends on this look.
            var found = stat()
            guard fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) == 0, FileKind(mode: found.st_mode) == .symlink
            else { throw error }
            throw FileError(operation, full(target.text), .tooManySymbolicLinkLevels)
        }
    }

    /// Calls `body` with the descriptor of the directory that holds `relative`, and its name there.
    func withParent<Result: ~Copyable>(
        of relative: String, for operation: String, _ body: (CInt, String) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let checked = try check(relative, for: operation)
        guard let parent = checked.parent else { return try body(descriptor.raw, checked.last) }
        let holder = try openParent(parent, of: relative, for: operation)
        defer { extendLifetime(holder) }
        return try body(holder.raw, checked.last)
    }

    private func openParent(
        _ parent: String, of relative: String, for operation: String
    ) throws(FileError) -> Descriptor {
        do {
            return try open(parent, linux_O_PATH | O_DIRECTORY, for: operation)
        } catch {
            throw FileError(operation, full(relative), error.errno)
        }
    }

    func check(_ relative: String, for operation: String) throws(FileError) -> RelativePath {
        guard let checked = RelativePath(relative) else {
            throw FileError(
                operation, "\(path)/\(relative)", .invalidArgument, detail: "not a plain path below the directory")
        }
        return checked
    }

    /// `relative` with this directory's own path before it, for messages.
    func full(_ relative: String) -> String { path.appending(relative).string }
}
