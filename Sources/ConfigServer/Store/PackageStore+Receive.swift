internal import struct Crypto.SHA256
internal import LinuxSystem
internal import NIOCore
internal import RollerCore
internal import Synchronization

/// An archive that is being received: a file without a lasting name. Dropped before `finish`, it leaves nothing.
final class ArchiveReceiver: Sendable {
    private struct Progress {
        var hash = SHA256()
        var size: Int64 = 0
        var isKept = false
    }

    private let store: PackageStore
    private let name: String
    private let file: OpenFile
    private let progress = Mutex(Progress())

    init(into store: PackageStore) throws(StoreError) {
        self.store = store
        name = "\(PackageStore.receivingPrefix)\(PackageStore.uniqueName())"
        do throws(FileError) {
            file = try store.pending.openFile(name, for: .creating(permissions: 0o644))
        } catch {
            throw StoreError(error)
        }
    }

    deinit {
        // Best effort: what stays is removed at a later start.
        if !progress.withLock({ $0.isKept }) { try? store.pending.remove(name) }
    }

    /// Writes what came. Calls follow one another.
    func write(_ bytes: [UInt8]) throws(StoreError) {
        do throws(FileError) { try file.write(bytes) } catch { throw StoreError(error) }
        progress.withLock { progress in
            progress.hash.update(data: bytes)
            progress.size += Int64(bytes.count)
        }
    }

    /// Puts the whole archive under its digest, on disk, to wait for its manifest.
    func finish(as announced: Digest) throws(StoreError) {
        let received = progress.withLock { Digest(bytes: Array($0.hash.finalize())) }
        guard let received, received == announced else {
            throw .digestDiffers(announced: announced, received: received ?? announced)
        }
        do throws(FileError) {
            try file.sync()
            try store.pending.rename(name, to: announced.hex, in: store.pending, replacing: true)
            progress.withLock { $0.isKept = true }
            try store.pending.sync()
        } catch {
            throw StoreError(error)
        }
    }
}

extension PackageStore {
    /// What the names of files begin with that are still being received.
    static let receivingPrefix = "receiving-"
    /// What the names of directories begin with that become packages.
    static let stagingPrefix = "staging-"

    /// A name that nothing else has.
    static func uniqueName() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
