import Crypto
public import LinuxSystem
public import SystemPackage

/// Unpacks tarballs below an open directory, with a writer of our own.
///
/// Nothing is ever written through a link: files are made with O_EXCL below directories that this unpacking made itself,
/// no component that is a symlink is followed, and links are made last. libarchive's own writer is safe only with flags
/// that cost more than half the time, and accepts devices, setuid bits and links to anywhere even so.
public enum Unpacker {
    /// Decompresses, hashes and writes in one pass. Everything belongs to the caller; permissions and times are the
    /// entries' own, whatever the umask; directories that no entry stands for get 0o755 and the time 0.
    ///
    /// The first failure ends it and leaves what was made so far, so `directory` should be an empty one that can be thrown
    /// away: a name that exists already is an error. Nothing is synced.
    /// - Parameter check: Called once for every entry in the order of the archive; for a file after its bytes were
    ///   written, with their digest. What it throws ends the unpacking.
    public static func unpack(
        _ archive: FilePath, into directory: borrowing Directory, policy: TarballPolicy = .strict,
        expecting check: (TarballEntry) throws -> Void
    ) throws -> TarballTotals {
        try unpack(TarballReader.open(archive, policy: policy), into: directory, expecting: check)
    }

    /// Unpacks what `reader`, just opened, reads.
    public static func unpack(
        _ reader: consuming TarballReader, into directory: borrowing Directory,
        expecting check: (TarballEntry) throws -> Void
    ) throws -> TarballTotals {
        var reader = reader
        var tree = try TreeWriter(directory)
        while var entry = try reader.next() {
            switch entry.kind {
            case .file:
                let file = try tree.makeFile(entry.path)
                var hash = SHA256()
                try reader.readBlocks { block in
                    hash.update(bufferPointer: block)
                    do throws(FileError) {
                        try file.write(block.bytes)
                    } catch {
                        throw TarballError.file(error)
                    }
                }
                try tree.finish(file, as: entry)
                entry.digest = Array(hash.finalize())
            case .directory: try tree.makeDirectory(entry)
            case .symlink, .hardLink: tree.linkLater(entry)
            }
            try check(entry)
        }
        try tree.finish()
        return reader.totals
    }
}
