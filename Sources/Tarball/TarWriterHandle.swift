internal import CLibArchive

/// libarchive's writer, fed with whole entries.
final class TarWriterHandle {
    private let handle: OpaquePointer
    private let entry: OpaquePointer
    private let locale: UTF8Locale
    let output: ArchiveOutput

    static func open(_ output: ArchiveOutput, _ compression: TarballCompression) throws(TarballError) -> TarWriterHandle
    {
        let locale = try UTF8Locale()
        guard let handle = archive_write_new() else { throw .outOfMemory }
        guard let entry = archive_entry_new() else {
            archive_write_free(handle)
            throw .outOfMemory
        }
        let writer = TarWriterHandle(owning: handle, entry, writingTo: output, locale)
        try writer.start(compression)
        return writer
    }

    /// Takes ownership: from here `deinit` frees both, whatever throws later.
    private init(
        owning handle: OpaquePointer, _ entry: OpaquePointer, writingTo output: ArchiveOutput, _ locale: UTF8Locale
    ) {
        self.locale = locale
        self.handle = handle
        self.entry = entry
        self.output = output
    }

    deinit {
        // Freeing closes, and closing writes out what is left; after a failure nobody wants that.
        archive_write_fail(handle)
        archive_write_free(handle)
        archive_entry_free(entry)
    }

    private func start(_ compression: TarballCompression) throws(TarballError) {
        // ustar where that can say it all, pax headers for the rest.
        try check(archive_write_set_format_pax_restricted(handle), "set up tar")
        // Each extended attribute once, under the key that GNU tar knows too.
        try check(archive_write_set_format_option(handle, nil, "xattrheader", "SCHILY"), "set up tar")
        switch compression {
        case .none: try check(archive_write_add_filter_none(handle), "set up writing")
        case .gzip(let level):
            try check(archive_write_add_filter_gzip(handle), "set up gzip")
            try option("gzip", "compression-level", String(level))
            try option("gzip", "timestamp", nil)
        case .zstd(let level, let threads):
            try check(archive_write_add_filter_zstd(handle), "set up zstd")
            try option("zstd", "compression-level", String(level))
            try option("zstd", "threads", String(max(1, threads)))
        }
        try check(archive_write_set_bytes_per_block(handle, 64 << 10), "set up writing")
        // Or the last block is filled up with zeros, after the compressed data too.
        try check(archive_write_set_bytes_in_last_block(handle, 1), "set up writing")
        let context = Unmanaged.passUnretained(output).toOpaque()  // `self` keeps it alive as long as the handle
        let write: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafeRawPointer?, Int) -> Int = {
            _, context, bytes, count in
            guard let context else { return -1 }
            let output = Unmanaged<ArchiveOutput>.fromOpaque(context).takeUnretainedValue()
            return output.write(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
        }
        try check(archive_write_open(handle, context, nil, write, nil), "open the archive")
    }

    private func option(_ filter: String, _ name: String, _ value: String?) throws(TarballError) {
        try check(archive_write_set_filter_option(handle, filter, name, value), "set \(name) of \(filter)")
    }

    /// Writes the headers of an entry; as many bytes of contents as it has must follow.
    func begin(_ value: TarballEntry) throws(TarballError) {
        archive_entry_clear(entry)
        archive_entry_set_pathname(entry, value.path)
        // The file types of stat.h; libarchive's own names for them are macros that Swift does not see.
        switch value.kind {
        case .file(let size):
            archive_entry_set_filetype(entry, 0o100000)
            archive_entry_set_size(entry, size)
        case .directory: archive_entry_set_filetype(entry, 0o040000)
        case .symlink(let target):
            archive_entry_set_filetype(entry, 0o120000)
            archive_entry_set_symlink(entry, target)
        case .hardLink(let target):
            archive_entry_set_filetype(entry, 0o100000)
            archive_entry_set_hardlink(entry, target)
            archive_entry_set_size(entry, 0)
        }
        archive_entry_set_perm(entry, UInt32(value.permissions))
        archive_entry_set_uid(entry, Int64(value.uid))
        archive_entry_set_gid(entry, Int64(value.gid))
        archive_entry_set_mtime(entry, Int(value.modified), 0)
        for (name, bytes) in value.extendedAttributes.sorted(by: { $0.key < $1.key }) {
            bytes.withUnsafeBytes { archive_entry_xattr_add_entry(entry, name, $0.baseAddress, $0.count) }
        }
        // Names outside ASCII are written as UTF-8 from the character set of the thread's locale.
        try check(locale.use { archive_write_header(handle, entry) }, "write the header of '\(value.path)'")
    }

    func write(_ bytes: RawSpan, of path: String) throws(TarballError) {
        guard !bytes.isEmpty else { return }
        let written = bytes.withUnsafeBytes { archive_write_data(handle, $0.baseAddress, $0.count) }
        guard written == bytes.byteCount else {
            if let failure = output.failure { throw failure }
            throw .damaged(doing: "write '\(path)'", cause: lastError(of: handle))
        }
    }

    func endEntry() throws(TarballError) { try check(archive_write_finish_entry(handle), "end an entry") }

    func close() throws(TarballError) {
        try check(archive_write_close(handle), "end the archive")
        try output.close()
    }

    private func check(_ status: Int32, _ doing: String) throws(TarballError) {
        guard status != ARCHIVE_OK else { return }
        if let failure = output.failure { throw failure }
        throw .damaged(doing: doing, cause: lastError(of: handle))
    }
}
