internal import CLibArchive

/// libarchive's reading of the tar format, fed with decompressed bytes that the audit saw first.
final class TarStream {
    private let handle: OpaquePointer
    private let source: any BlockSource
    private let locale: UTF8Locale
    private var audit = TarAudit()
    private var sourceHasEnded = false
    /// Why the callback failed; libarchive only hears that it did.
    private var failure: TarballError?

    var archiveBytes: Int64 { source.archiveBytes }

    static func open(_ source: any BlockSource) throws(TarballError) -> TarStream {
        let locale = try UTF8Locale()
        guard let handle = archive_read_new() else { throw .outOfMemory }
        let stream = TarStream(owning: handle, reading: source, locale)
        try stream.start()
        return stream
    }

    /// Takes ownership: from here `deinit` frees the handle, whatever throws later.
    private init(owning handle: OpaquePointer, reading source: any BlockSource, _ locale: UTF8Locale) {
        self.handle = handle
        self.source = source
        self.locale = locale
    }

    deinit { archive_read_free(handle) }

    private func start() throws(TarballError) {
        try check(archive_read_support_filter_none(handle), "set up reading")
        try check(archive_read_support_format_tar(handle), "set up tar")
        let context = Unmanaged.passUnretained(self).toOpaque()  // the handle does not outlive `self`
        let read:
            @convention(c) (
                OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?
            ) -> Int = { _, context, block in
                guard let context, let block else { return -1 }
                return Unmanaged<TarStream>.fromOpaque(context).takeUnretainedValue().supply(block)
            }
        try check(archive_read_open(handle, context, nil, read, nil), "open the tarball")
    }

    private func supply(_ block: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(TarballError) {
            guard let chunk = try nextChunk() else { return 0 }
            block.pointee = chunk.baseAddress
            return chunk.count
        } catch {
            failure = error
            return -1
        }
    }

    private func nextChunk() throws(TarballError) -> UnsafeRawBufferPointer? {
        guard let chunk = try source.next() else {
            sourceHasEnded = true
            return nil
        }
        try audit.feed(chunk)
        return chunk
    }

    /// The next entry in both readings, or nil at the end, when both agree that it is one and nothing follows.
    func next() throws(TarballError) -> (OpaquePointer, TarAudit.Entry)? {
        var entry: OpaquePointer?
        // libarchive converts names from the UTF-8 of pax to the thread's locale, and warns where it cannot.
        let status = locale.use { archive_read_next_header(handle, &entry) }
        if status == ARCHIVE_EOF {
            if let failure { throw failure }
            while try nextChunk() != nil {}
            try audit.checkEnd()
            guard audit.takeEntry() == nil else { throw .badHeader("", why: "two readers see different ends") }
            return nil
        }
        try check(status, "read a header")
        guard let entry, let audited = audit.takeEntry() else {
            throw .badHeader("", why: "two readers see different entries")
        }
        return (entry, audited)
    }

    /// The next bytes of the current entry's contents, valid until the next call; nil after the last.
    func nextBlock(at expected: Int64, of path: String) throws(TarballError) -> UnsafeRawBufferPointer? {
        var bytes: UnsafeRawPointer?
        var size = 0
        var offset: Int64 = 0
        let status = archive_read_data_block(handle, &bytes, &size, &offset)
        if status == ARCHIVE_EOF { return nil }
        try check(status, "read the contents of an entry")
        guard offset == expected else { throw .badHeader(path, why: "its contents have holes") }
        return UnsafeRawBufferPointer(start: bytes, count: size)
    }

    /// A warning is an error: something in the archive was not understood.
    private func check(_ status: Int32, _ doing: String) throws(TarballError) {
        guard status != ARCHIVE_OK else { return }
        if let failure { throw failure }
        if sourceHasEnded, !audit.hasEnded { throw .truncated }
        throw .damaged(doing: doing, cause: lastError(of: handle))
    }
}
