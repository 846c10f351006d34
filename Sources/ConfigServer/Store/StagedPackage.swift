internal import LinuxSystem
internal import RollerCore
internal import SystemPackage

/// A package whose archive and manifest are on disk, checked against each other, under a name that nobody sees. Dropped
/// before it is shown, it leaves nothing.
final class StagedPackage: Sendable {
    let key: PackageKey
    let record: PackageRecord
    /// The manifest.
    let text: [UInt8]
    /// Its directory in `pending`.
    let name: String
    private let store: PackageStore

    init(_ key: PackageKey, _ record: PackageRecord, text: [UInt8], in store: PackageStore) {
        self.key = key
        self.record = record
        self.text = text
        self.store = store
        name = "\(PackageStore.stagingPrefix)\(PackageStore.uniqueName())"
    }

    deinit {
        // Best effort: what stays is removed at a later start. Once shown, nothing has the name any more.
        _ = try? store.pending.removeTree(name)
    }

    /// Where its archive is.
    var archive: FilePath { store.pending.path.appending(name).appending("archive") }
}

extension PackageStore {
    /// What came of staging.
    enum Staging: Sendable {
        /// The same bytes are published already.
        case there(PackageRecord)
        /// They are ready to be shown.
        case staged(StagedPackage)
    }
}
