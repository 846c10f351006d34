internal import CLibArchive

/// The bytes inside a gzip or zstd file, in xz or bzip2 where those are allowed, or those of a plain file as they are.
///
/// Several zstd frames count as one stream (RFC 8878, section 3). Several gzip members do not: the checksum covers a
/// member, libarchive does not compare it, and where members meet cannot be seen from outside.
final class Decompressor: BlockSource {
    private let handle: OpaquePointer
    private let input: ArchiveInput
    private var isGzip = false
    private var crc = CRC32()
    private var count: UInt64 = 0
    private var hasEnded = false

    /// Whether decompression is worth a thread.
    var isCompressed: Bool { archive_filter_count(handle) > 1 }

    var archiveBytes: Int64 { input.count }

    /// - Parameter allowsOthers: Whether to read xz and bzip2 too.
    static func open(_ source: ArchiveInput.Source, allowsOthers: Bool) throws(TarballError) -> Decompressor {
        let input = ArchiveInput(source)
        guard let handle = archive_read_new() else { throw .outOfMemory }
        let decompressor = Decompressor(owning: handle, reading: input)
        try decompressor.start(allowsOthers)
        return decompressor
    }

    /// Takes ownership: from here `deinit` frees the handle, whatever throws later.
    private init(owning handle: OpaquePointer, reading input: ArchiveInput) {
        self.handle = handle
        self.input = input
    }

    deinit { archive_read_free(handle) }

    private func start(_ allowsOthers: Bool) throws(TarballError) {
        try check(archive_read_support_filter_none(handle), "set up reading")
        try check(archive_read_support_filter_gzip(handle), "set up gzip")
        try check(archive_read_support_filter_zstd(handle), "set up zstd")
        if allowsOthers {
            try check(archive_read_support_filter_xz(handle), "set up xz")
            try check(archive_read_support_filter_bzip2(handle), "set up bzip2")
        }
        // "Raw" is the format of a file that is no archive: what it holds comes out as one entry.
        try check(archive_read_support_format_raw(handle), "set up reading")
        let context = Unmanaged.passUnretained(input).toOpaque()  // `self` keeps it alive as long as the handle
        let read:
            @convention(c) (
                OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?
            ) -> Int = { _, context, block in
                guard let context, let block else { return -1 }
                guard let chunk = Unmanaged<ArchiveInput>.fromOpaque(context).takeUnretainedValue().nextOrFailure()
                else {
                    return -1
                }
                block.pointee = chunk.baseAddress
                return chunk.count
            }
        let status = archive_read_open(handle, context, nil, read, nil)
        if status != ARCHIVE_OK, input.failure == nil, input.count == 0 { throw .truncated }
        try check(status, "open the archive")
        var entry: OpaquePointer?
        try check(archive_read_next_header(handle, &entry), "read the archive")
        // A filter of ours, and the one that stands for the file. More would be gzip inside zstd and so on.
        guard archive_filter_count(handle) <= 2 else {
            throw .damaged(doing: "read the archive", cause: "it is compressed more than once")
        }
        isGzip = archive_filter_code(handle, 0) == ARCHIVE_FILTER_GZIP
    }

    func next() throws(TarballError) -> UnsafeRawBufferPointer? {
        guard !hasEnded else { return nil }
        while true {
            var bytes: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            let status = archive_read_data_block(handle, &bytes, &size, &offset)
            if status == ARCHIVE_EOF {
                try checkEnd()
                hasEnded = true
                return nil
            }
            try check(status, "decompress")
            guard size > 0 else { continue }
            let chunk = UnsafeRawBufferPointer(start: bytes, count: size)
            count += UInt64(size)
            if isGzip { crc.update(chunk) }
            return chunk
        }
    }

    private func checkEnd() throws(TarballError) {
        // libarchive stops without a word at bytes after a gzip member that do not look like another.
        let consumed = archive_filter_bytes(handle, -1)
        guard consumed == input.count, try input.next().isEmpty else { throw .trailingData }
        guard isGzip else { return }
        let trailer = input.tail.reduce((UInt64(0), UInt64(0))) { ($0.0 | UInt64($1) << $0.1, $0.1 + 8) }.0
        guard trailer == UInt64(crc.value) | (count & 0xFFFF_FFFF) << 32 else {
            throw .damaged(
                doing: "decompress", cause: "the gzip checksum or size is wrong, or there are several members")
        }
    }

    private func check(_ status: Int32, _ doing: String) throws(TarballError) {
        guard status != ARCHIVE_OK else { return }
        if let failure = input.failure { throw failure }
        throw .damaged(doing: doing, cause: lastError(of: handle))
    }
}

/// The message libarchive left with its last status other than OK.
func lastError(of handle: OpaquePointer) -> String {
    archive_error_string(handle).map { String(cString: $0) } ?? "libarchive gave no reason"
}
