import struct Crypto.SHA256
import LinuxSystem
import RollerCore

/// What the kernel says of every file of an unpacked package, as two digests. A write in place through the live tree, whose
/// files are names of the same inodes, shows here without a byte being read.
struct PackageSweep: Hashable, Codable {
    /// Of inodes, sizes, modes, owners and times of modification. Roll itself changes none of them.
    let contents: Digest
    /// Of the times of change, which no program can set. Another name for a file, or one less, changes them too.
    let changes: Digest
    /// How many names there are that stand for no directory.
    let leaves: Int

    /// Looks at every file of `tree`.
    init(_ tree: borrowing Directory) throws(FileError) {
        var (contents, changes) = (FieldDigest(), FieldDigest())
        var leaves = 0
        try tree.eachStatus { status in
            contents.add(
                status.inode, UInt64(bitPattern: status.size), UInt64(status.permissions), UInt64(status.uid),
                UInt64(status.gid))
            // Making a directory's entries anew changes its time; its size says nothing.
            contents.add(status.modified)
            changes.add(status.changed)
            if status.kind != .directory { leaves += 1 }
        }
        self.contents = contents.finish()
        self.changes = changes.finish()
        self.leaves = leaves
    }
}

/// The digest of many numbers.
private struct FieldDigest {
    private var hash = SHA256()
    private var waiting: [UInt8] = []

    mutating func add(_ fields: UInt64...) {
        for field in fields {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                waiting.append(UInt8(truncatingIfNeeded: field >> shift))
            }
        }
        if waiting.count >= 64 << 10 { pass() }
    }

    mutating func add(_ time: FileTime) {
        add(UInt64(bitPattern: time.seconds), UInt64(UInt32(bitPattern: time.nanoseconds)))
    }

    mutating func finish() -> Digest {
        pass()
        guard let digest = Digest(bytes: Array(hash.finalize())) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    private mutating func pass() {
        hash.update(data: waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
