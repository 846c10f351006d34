internal import CLibArchive
internal import Glibc
public import LinuxSystem
public import SystemPackage

/// The members of an ar archive, which is what a Debian package is on the outside (deb(5)).
public enum ArMembers {
    /// A member as it was copied.
    public struct Member: Hashable, Sendable {
        /// Its name, without the slash that some writers end it with.
        public let name: String
        /// Its bytes.
        public let size: Int64
    }

    /// Copies every member of `archive` into `directory`, as a file of its name that only its owner may read.
    /// - Parameter maxBytes: The most bytes of all members together.
    /// - Returns: The members in the order of the archive.
    /// - Throws: A `TarballError`; for names that are anything but letters, digits, dots, hyphens and underscores too.
    public static func copy(
        _ archive: FilePath, into directory: borrowing Directory, maxBytes: Int64
    ) throws(TarballError) -> [Member] {
        let reader = try Reader.open(archive)
        var members: [Member] = []
        var left = maxBytes
        while let (name, size) = try reader.next() {
            guard !members.contains(where: { $0.name == name }) else { throw .duplicatePath(name) }
            guard size <= left else { throw .tooLarge(limit: maxBytes) }
            left -= size
            let file = try attempt { () throws(FileError) in
                try directory.openFile(name, for: .creating(permissions: 0o600))
            }
            var copied: Int64 = 0
            while let block = try reader.nextBlock() {
                copied += Int64(block.count)
                guard copied <= size else { break }
                do throws(FileError) {
                    try file.write(block.bytes)
                } catch {
                    throw .file(error)
                }
            }
            guard copied == size else { throw .wrongSize(name, expected: size, actual: copied) }
            members.append(Member(name: name, size: size))
        }
        return members
    }

    /// libarchive's reading of the format.
    private final class Reader {
        private let handle: OpaquePointer

        static func open(_ path: FilePath) throws(TarballError) -> Reader {
            guard let handle = archive_read_new() else { throw .outOfMemory }
            let reader = Reader(owning: handle)
            try reader.check(archive_read_support_filter_none(handle), "set up reading")
            try reader.check(archive_read_support_format_ar(handle), "set up ar")
            try reader.check(
                path.withPlatformString { archive_read_open_filename(handle, $0, 256 << 10) }, "open '\(path)'")
            return reader
        }

        /// Takes ownership: from here `deinit` frees the handle, whatever throws later.
        private init(owning handle: OpaquePointer) { self.handle = handle }

        deinit { archive_read_free(handle) }

        func next() throws(TarballError) -> (name: String, size: Int64)? {
            var entry: OpaquePointer?
            let status = archive_read_next_header(handle, &entry)
            if status == ARCHIVE_EOF { return nil }
            try check(status, "read a member's header")
            guard let entry, let name = archive_entry_pathname(entry).map({ String(cString: $0) }) else {
                throw .emptyPath
            }
            let isPlain = name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
            }
            guard isPlain, (1...64).contains(name.utf8.count), name != ".", name != ".." else {
                throw .badHeader(name, why: "that is no name of a member")
            }
            return (name, archive_entry_size(entry))
        }

        /// The next bytes of the member, valid until the next call; nil after the last.
        func nextBlock() throws(TarballError) -> UnsafeRawBufferPointer? {
            var bytes: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            let status = archive_read_data_block(handle, &bytes, &size, &offset)
            if status == ARCHIVE_EOF { return nil }
            try check(status, "read a member")
            return UnsafeRawBufferPointer(start: bytes, count: size)
        }

        private func check(_ status: Int32, _ doing: String) throws(TarballError) {
            guard status != ARCHIVE_OK else { return }
            throw .damaged(doing: doing, cause: lastError(of: handle))
        }
    }
}
