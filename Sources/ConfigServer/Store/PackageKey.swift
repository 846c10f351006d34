internal import RollerCore

/// One build of a package: what the store keeps things by.
struct PackageKey: Hashable, Sendable, CustomStringConvertible {
    let name: PackageName
    let version: PackageVersion
    let platform: Platform

    var description: String { "\(name)/\(version)/\(platform)" }
}

/// What is known of a package that is in the store.
struct PackageRecord: Hashable, Sendable {
    /// The digest of the manifest's text.
    let manifest: Digest
    /// The digest of the archive.
    let archive: Digest
    /// The size of the archive.
    let size: ByteCount
}
