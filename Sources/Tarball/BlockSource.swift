/// Where the tar stream comes from, block by block.
protocol BlockSource: AnyObject {
    /// The next bytes, never none, valid until the next call. Nil at the end, when all is well with it.
    func next() throws(TarballError) -> UnsafeRawBufferPointer?

    /// The bytes of the archive read for the blocks handed out so far, or for some more.
    var archiveBytes: Int64 { get }
}
