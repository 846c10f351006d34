import LinuxSystem
import RollerCore

/// The digests of files that were read before, so that a file is not read again as long as the kernel says that nobody
/// wrote to it: same inode, size, time of modification and time of change, which no program can set (as in git's index).
struct DigestMemory: Equatable {
    /// Sorted by inode.
    private var entries: [Entry]

    /// A file when it was read.
    struct Entry: Equatable {
        var inode: UInt64
        var size: Int64
        var modified: FileTime
        var changed: FileTime
        var digest: [UInt8]

        init(_ status: FileStatus, digest: [UInt8]) {
            (inode, size) = (status.inode, status.size)
            (modified, changed) = (status.modified, status.changed)
            self.digest = digest
        }
    }

    /// Remembers `entries`, but for files that changed so shortly before `start`, when reading began, that a second change
    /// could have the same time: file systems count time in ticks of a few milliseconds.
    init(_ entries: [Entry] = [], readFrom start: FileTime = FileTime(seconds: .max)) {
        let safe = FileTime(seconds: start.seconds - 1, nanoseconds: start.nanoseconds)
        self.entries = entries.filter { $0.changed < safe }.sorted { $0.inode < $1.inode }
    }

    /// The digest of a file that was not written to since it was read.
    func digest(_ status: FileStatus) -> [UInt8]? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].inode < status.inode { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count else { return nil }
        let entry = entries[low]
        guard entry == Entry(status, digest: entry.digest) else { return nil }
        return entry.digest
    }
}

// MARK: As bytes

extension DigestMemory {
    /// A mark, records of one size, and the digest of all that.
    private static let mark = Array("roll-digests-1\n\0".utf8)
    private static let recordSize = 72

    var bytes: [UInt8] {
        var out = Self.mark
        out.reserveCapacity(out.count + entries.count * Self.recordSize + 32)
        for entry in entries {
            append(entry.inode, to: &out)
            append(UInt64(bitPattern: entry.size), to: &out)
            for time in [entry.modified, entry.changed] {
                append(UInt64(bitPattern: time.seconds), to: &out)
                append(UInt32(bitPattern: time.nanoseconds), to: &out)
            }
            out += entry.digest
        }
        return out + sha256(out)
    }

    /// What was remembered; nil when the bytes are not as they were written.
    init?(bytes: [UInt8]) {
        let count = bytes.count - Self.mark.count - 32
        guard count >= 0, count % Self.recordSize == 0, bytes.starts(with: Self.mark),
            sha256(Array(bytes.dropLast(32))).elementsEqual(bytes.suffix(32))
        else { return nil }
        entries = stride(from: Self.mark.count, to: bytes.count - 32, by: Self.recordSize).map { Entry(bytes, at: $0) }
    }

    private func append(_ number: some FixedWidthInteger, to out: inout [UInt8]) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            out.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension DigestMemory.Entry {
    fileprivate init(_ bytes: [UInt8], at start: Int) {
        func number(_ offset: Int, _ width: Int) -> UInt64 {
            (0..<width).reversed().reduce(0) { $0 << 8 | UInt64(bytes[start + offset + $1]) }
        }
        func time(_ offset: Int) -> FileTime {
            FileTime(
                seconds: Int64(bitPattern: number(offset, 8)),
                nanoseconds: Int32(truncatingIfNeeded: number(offset + 8, 4)))
        }
        inode = number(0, 8)
        size = Int64(bitPattern: number(8, 8))
        modified = time(16)
        changed = time(28)
        digest = Array(bytes[(start + 40)..<(start + 72)])
    }
}

// MARK: On disk

extension RollerHome {
    private static let memoryName = "digests"

    /// What is remembered of files that were read before. What cannot be read is not remembered: they are read again.
    func digestMemory() -> DigestMemory {
        guard let bytes = try? root.readFile(Self.memoryName, limit: 1 << 30) else { return DigestMemory() }
        return DigestMemory(bytes: bytes) ?? DigestMemory()
    }

    /// Remembers. Not on disk when this returns: what a power cut loses is read again.
    func remember(_ memory: DigestMemory) throws(FileError) {
        try root.replaceFile(Self.memoryName, permissions: 0o600, bytes: memory.bytes, durable: false)
    }
}
