internal import struct Crypto.SHA256
internal import LinuxSystem
internal import OrderedCollections
internal import RollerCore
internal import SystemPackage

extension PackageStore {
    /// What came of publishing.
    enum Published: Hashable, Sendable {
        /// The package is new.
        case made
        /// The same bytes were there already.
        case unchanged
    }

    /// Makes a package of a manifest and the archive that it names, which was received before. The archive is read again
    /// from the disk and must be what the manifest says, entry by entry. Then the package appears whole, on disk.
    ///
    /// Of several who publish one name at once, one wins; the others learn whether theirs was the same.
    func publish(_ key: PackageKey, manifest text: [UInt8]) throws(StoreError) -> Published {
        switch try stage(key, manifest: text) {
        case .there: .unchanged
        case .staged(let package): try show(package)
        }
    }

    /// Checks a manifest and the archive that it names, and brings both together on disk, where nobody sees them yet.
    /// - Parameter archive: The archive's name in `pending`; nil is the name under which it was received.
    func stage(
        _ key: PackageKey, manifest text: [UInt8], archive: String? = nil
    ) throws(StoreError) -> Staging {
        let manifest: PackageManifest
        do throws(ManifestError) { manifest = try PackageManifest.read(text) } catch { throw .badManifest(error) }
        let named = PackageKey(name: manifest.name, version: manifest.version, platform: manifest.platform)
        guard named == key else { throw .otherPackage(key, manifest: named.description) }
        let offered = PackageRecord(manifest: Digest(of: text), archive: manifest.archive, size: manifest.size)
        if let existing = try record(of: key) {
            try compare(key, existing, offered)
            return .there(existing)
        }
        let package = StagedPackage(key, offered, text: text, in: self)
        do throws(StoreError) {
            try fill(package.name, text, manifest, archive: archive ?? manifest.archive.hex)
        } catch {
            // Whoever published the same archive first took it along.
            if case .archiveMissing = error, let existing = try record(of: key) {
                try compare(key, existing, offered)
                return .there(existing)
            }
            throw error
        }
        return .staged(package)
    }

    /// Gives a staged package its name: from here on it is there.
    func show(_ package: StagedPackage) throws(StoreError) -> Published {
        guard try moveIntoPlace(package.name, package.key) else {
            guard let existing = try record(of: package.key) else { throw .missing(package.key, near: []) }
            try compare(package.key, existing, package.record)
            return .unchanged
        }
        // The package has a name of its own for these bytes.
        try? pending.remove(package.record.archive.hex)
        return .made
    }

    /// Checks whether what is offered is what is there.
    func compare(_ key: PackageKey, _ existing: PackageRecord, _ offered: PackageRecord) throws(StoreError) {
        guard existing != offered else { return }
        throw .conflict(key, existing: existing.asValue, offered: offered.asValue)
    }

    /// Brings both files together in a directory of their own, checked and on disk.
    private func fill(
        _ staging: String, _ text: [UInt8], _ manifest: PackageManifest, archive: String
    ) throws(StoreError) {
        do {
            try pending.makeDirectory(staging)
            let directory = try pending.openDirectory(staging)
            try takeArchive(archive, manifest.archive, into: directory)
            try Self.check(directory, against: manifest)
            let file = try directory.openFile("manifest", for: .creating(permissions: 0o644))
            try file.write(text)
            try file.sync()
            try file.close()
            try directory.sync()
        } catch let error as FileError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .badArchive("\(error)")
        }
    }

    /// Gives a received archive a second name, so that the bytes that are checked are those that are published.
    private func takeArchive(
        _ name: String, _ digest: Digest, into directory: borrowing Directory
    ) throws(StoreError) {
        do throws(FileError) {
            try pending.link(name, to: "archive", in: directory)
        } catch {
            throw error.errno == .noSuchFileOrDirectory ? .archiveMissing(digest) : StoreError(error)
        }
    }

    private static func check(_ directory: borrowing Directory, against manifest: PackageManifest) throws {
        let archive = try directory.openFile("archive", for: .reading)
        let size = ByteCount(try archive.status().size)
        guard size == manifest.size else { throw StoreError.sizeDiffers(manifest: manifest.size, archive: size) }
        let digest = try digest(of: archive)
        guard digest == manifest.archive else {
            throw StoreError.digestDiffers(announced: manifest.archive, received: digest)
        }
        try ArchiveCheck(manifest).run(directory.path.appending("archive"))
    }

    static func digest(of file: borrowing OpenFile) throws(FileError) -> Digest {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = try file.read(into: &buffer)
            if count == 0 { break }
            hash.update(data: buffer[..<count])
        }
        guard let digest = Digest(bytes: Array(hash.finalize())) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }

    /// Gives a staged package its name.
    /// - Returns: False when something has the name already.
    private func moveIntoPlace(_ staging: String, _ key: PackageKey) throws(StoreError) -> Bool {
        let name = "packages/\(key.name)"
        let version = "\(name)/\(key.version)"
        do throws(FileError) {
            try root.makeDirectories(version)
            try pending.rename(staging, to: "\(version)/\(key.platform)", in: root, replacing: false)
            // From the inside out, so that a power cut leaves the whole package or none.
            for place in [version, name, "packages"] { try root.openDirectory(place).sync() }
            try pending.sync()
            return true
        } catch {
            // Only the rename minds what is there already.
            if error.errno == .fileExists || error.errno == .directoryNotEmpty { return false }
            throw StoreError(error)
        }
    }
}

extension PackageRecord {
    /// The digests, for a message.
    var asValue: Value {
        .map(["archive": .string(archive.rawValue), "manifest": .string(manifest.rawValue)])
    }
}
