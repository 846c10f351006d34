/// How a new archive is compressed. With one version of the libraries the same choice gives the same bytes.
public enum TarballCompression: Hashable, Sendable {
    case none
    /// gzip at level 1 to 9, without a name or time in its header.
    case gzip(level: Int)
    /// zstd at level 1 to 22, by at least one thread beside the caller's.
    ///
    /// zstd cuts its input into jobs whose size depends on the level alone, so any number of threads from 1 on gives the
    /// same bytes. No thread at all means no jobs and other bytes, so 0 counts as 1.
    case zstd(level: Int, threads: Int)
}
