public import SystemPackage

/// Reads whole tarballs without unpacking them.
public enum TarballScan {
    /// Reads the archive at `path` to its end, hashing every file.
    /// - Parameter each: Called for every entry in the order of the archive, with the digest of a file's bytes.
    /// - Throws: A `TarballError`, or what `each` throws.
    public static func scan(
        _ path: FilePath, policy: TarballPolicy = .strict, each: (TarballEntry) throws -> Void
    ) throws -> TarballTotals {
        try scan(TarballReader.open(path, policy: policy), each: each)
    }

    /// Reads an archive in memory to its end, hashing every file.
    public static func scan(
        bytes: [UInt8], policy: TarballPolicy = .strict, each: (TarballEntry) throws -> Void
    ) throws -> TarballTotals {
        try scan(TarballReader.open(bytes: bytes, policy: policy), each: each)
    }

    private static func scan(
        _ opened: consuming TarballReader, each: (TarballEntry) throws -> Void
    ) throws -> TarballTotals {
        var reader = opened
        while var entry = try reader.next() {
            entry.digest = try reader.digestContents()
            try each(entry)
        }
        return reader.totals
    }
}
