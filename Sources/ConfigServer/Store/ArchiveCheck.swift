internal import LinuxSystem
internal import RollerCore
internal import SystemPackage
internal import Tarball

/// Compares an archive with a manifest, path by path: kind, mode, size, digest and target must all agree, and neither may
/// have a path that the other lacks.
struct ArchiveCheck {
    private let policy: TarballPolicy
    private let entries: [String: PackageManifest.Kind]

    init(_ manifest: PackageManifest) {
        entries = Dictionary(
            manifest.entries.map { ($0.path.rawValue, $0.kind) }, uniquingKeysWith: { first, _ in first })
        // Setuid is for whom the manifest says so in plain sight, and for no one else.
        let setuid = manifest.entries.compactMap { entry -> String? in
            switch entry.kind {
            case .file(let permissions, _, _), .directory(let permissions):
                permissions & 0o6000 == 0 ? nil : entry.path.rawValue
            case .symlink, .hardLink: nil
            }
        }
        var policy = TarballPolicy.strict
        policy.setuid = setuid.isEmpty ? .none : .only(Set(setuid))
        self.policy = policy
    }

    /// Reads the archive at `path` to its end.
    func run(_ path: FilePath) throws(StoreError) {
        var missing = Set(entries.keys)
        do {
            _ = try TarballScan.scan(path, policy: policy) { entry in
                guard let expected = entries[entry.path] else {
                    throw StoreError.differs(path: entry.path, why: "the manifest does not have it")
                }
                if let why = Self.difference(entry, expected) { throw StoreError.differs(path: entry.path, why: why) }
                missing.remove(entry.path)
            }
        } catch let error as StoreError {
            throw error
        } catch let error as TarballError {
            if case .file(let error) = error { throw StoreError(error) }
            throw .badArchive(error.message)
        } catch {
            throw .badArchive("\(error)")
        }
        if let path = missing.min() { throw .differs(path: path, why: "the archive does not have it") }
    }

    /// How an entry differs from what the manifest says of its path; nil when it does not.
    private static func difference(_ entry: TarballEntry, _ expected: PackageManifest.Kind) -> String? {
        switch (entry.kind, expected) {
        case (.file(let size), .file(let permissions, let expectedSize, let digest)):
            if entry.permissions != permissions { return "the mode" }
            if size != expectedSize.bytes { return "the size" }
            return entry.digest.flatMap { Digest(bytes: $0) } == digest ? nil : "the contents"
        case (.directory, .directory(let permissions)): return entry.permissions == permissions ? nil : "the mode"
        case (.symlink(let target), .symlink(let expectedTarget)):
            return target.utf8.elementsEqual(expectedTarget.utf8) ? nil : "the link's target"
        case (.hardLink(let target), .hardLink(let expectedTarget)):
            return target.utf8.elementsEqual(expectedTarget.rawValue.utf8) ? nil : "the link's target"
        case (.file, _), (.directory, _), (.symlink, _), (.hardLink, _): return "the kind"
        }
    }
}
