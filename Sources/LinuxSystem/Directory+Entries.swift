internal import CLinux
internal import Glibc
internal import SystemPackage

extension Directory {
    /// One name in a directory.
    public struct Entry: Hashable, Sendable {
        /// The name, one component.
        public let name: String
        /// What it stands for, symlinks not followed.
        public let kind: FileKind

        /// An entry called `name`.
        public init(name: String, kind: FileKind) {
            self.name = name
            self.kind = kind
        }
    }

    /// All names but "." and "..", in the order of their bytes. A name that is not UTF-8 is an error (EILSEQ).
    public func entries() throws(FileError) -> [Entry] {
        let listing = try reopen()
        var reader = EntryReader()
        var found: [Entry] = []
        while let entry = try reader.next(in: listing.raw, at: path.string) {
            guard let name = String(validatingCString: entry.name) else {
                let shown = full(String(cString: entry.name))
                throw FileError("list", shown, .illegalByteSequence, detail: "the name is not UTF-8")
            }
            let kind: FileKind
            do {
                kind = try entry.kind(in: listing.raw, at: path.string)
            } catch let error where error.errno == .noSuchFileOrDirectory {
                continue  // gone since it was listed
            }
            found.append(Entry(name: name, kind: kind))
        }
        found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return found
    }
}

/// Reads the names of one directory after another through one buffer, without a call per name.
struct EntryReader: ~Copyable {
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var filled = 0
    private var position = 0

    deinit { buffer.deallocate() }

    /// An entry in the buffer; valid until the next call of `next`.
    struct Raw {
        let name: UnsafePointer<CChar>
        let type: UInt8

        /// What it is; asks for its status only where the file system did not say.
        func kind(in directory: CInt, at path: @autoclosure () -> String) throws(FileError) -> FileKind {
            if let kind = FileKind(entryType: type) { return kind }
            var found = stat()
            try attempt("examine", "\(path())/\(String(cString: name))") {
                fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW)
            }
            return FileKind(mode: found.st_mode)
        }
    }

    /// The next name in `directory` but "." and "..", or nil at the end, after which another directory may be read.
    mutating func next(in directory: CInt, at path: @autoclosure () -> String) throws(FileError) -> Raw? {
        while true {
            if position == filled {
                position = 0
                filled = 0
                filled = try attempt("list", path()) { linux_getdents(directory, buffer.baseAddress, buffer.count) }
                if filled == 0 { return nil }
            }
            // The kernel aligns entries to 8 bytes and ends each name with a zero byte inside the entry's length.
            guard let start = buffer.baseAddress else { return nil }
            let entry = (start + position).assumingMemoryBound(to: linux_entry.self)
            position += Int(entry.pointee.length)
            guard let name = linux_entry_name(entry), !Self.isDots(name) else { continue }
            return Raw(name: name, type: entry.pointee.kind)
        }
    }

    /// Forgets what is left of a directory that was not read to its end.
    mutating func reset() {
        position = 0
        filled = 0
    }

    private static func isDots(_ name: UnsafePointer<CChar>) -> Bool {
        let dot = CChar(UInt8(ascii: "."))
        return name[0] == dot && (name[1] == 0 || (name[1] == dot && name[2] == 0))
    }
}
