import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// The unpacked packages of a host: `packages/<digest of the archive>/{manifest,tree}`. A directory of that name is complete;
/// what is being unpacked stands beside it under another.
struct PackageStore {
    let home: RollerHome

    /// How the names begin of what is being unpacked.
    static let unfinishedPrefix = ".unpacking-"

    init(_ home: RollerHome) { self.home = home }

    private func name(_ package: Bundle.Package) -> String { package.archive.hex }
    private func unfinishedName(_ package: Bundle.Package) -> String { Self.unfinishedPrefix + package.archive.hex }

    /// The folder that holds the package: what was just unpacked outranks what it is to replace.
    func folder(of package: Bundle.Package) throws(FileError) -> String {
        try isUnpacked(unfinishedName(package)) ? unfinishedName(package) : name(package)
    }

    /// Whether the package is there whole.
    func has(_ package: Bundle.Package) throws(FileError) -> Bool {
        try home.packages.status(of: name(package)) != nil
    }

    /// The manifest of a package that is there, whole or just unpacked.
    func manifest(_ package: Bundle.Package) throws -> PackageManifest {
        try PackageManifest.read(try openManifest(package).readToEnd(limit: manifestLimit))
    }

    /// Its text.
    func openManifest(_ package: Bundle.Package) throws(FileError) -> OpenFile {
        for folder in [name(package), unfinishedName(package)] {
            let path = "\(folder)/manifest"
            guard try home.packages.status(of: path) != nil else { continue }
            return try home.packages.openFile(path, for: .reading)
        }
        throw FileError("open", home.packages.path.appending(name(package)).string, .noSuchFileOrDirectory)
    }

    /// The tree of a package that is there, whole or just unpacked.
    func tree(_ package: Bundle.Package) throws(FileError) -> Directory {
        try home.packages.openDirectory("\(folder(of: package))/tree")
    }

    /// Unpacks an archive whose digest was verified, comparing every entry with the manifest.
    /// - Parameter text: The manifest's text, whose digest was verified.
    func unpack(
        _ package: Bundle.Package, archive: FilePath, manifest: PackageManifest, text: [UInt8]
    ) throws {
        let folder = unfinishedName(package)
        if try home.packages.status(of: folder) != nil { _ = try home.packages.removeTree(folder) }
        try home.packages.makeDirectory(folder, permissions: 0o700)
        try home.packages.makeDirectory("\(folder)/tree", permissions: 0o755)
        try home.packages.createFile("\(folder)/manifest", permissions: 0o600, bytes: text)
        let tree = try home.packages.openDirectory("\(folder)/tree")
        var check = ManifestCheck(manifest)
        _ = try Unpacker.unpack(archive, into: tree, policy: check.policy) { try check.compare($0) }
        try check.finish()
        try recordUnpacked(folder)
    }

    /// Gives what was unpacked its name. Its bytes were synced before. A damaged package of that name goes, and the
    /// generations that share its bytes are mended.
    func publish(_ package: Bundle.Package) throws {
        let (unfinished, name) = (unfinishedName(package), name(package))
        guard try isUnpacked(unfinished) else { return }
        guard try has(package) else {
            return try home.packages.rename(unfinished, to: name, in: home.packages, replacing: false)
        }
        let damaged = try damage(in: name) ?? []
        try home.packages.exchange(unfinished, with: name, in: home.packages)
        try mend(
            damaged, from: home.packages.openDirectory("\(unfinished)/tree"),
            to: home.packages.openDirectory("\(name)/tree"))
        try RollerHome.removeTree(unfinished, in: home.packages)
        try recordLinks(of: package)
    }
}

/// What ended the unpacking of a verified archive, as roll tells it: its bytes are at fault, or this machine.
func unpackingError(_ error: any Error, of package: PackageName) -> RollError {
    switch error {
    case let error as RollError: error
    case let error as TarballError where !error.isOfThisMachine: .manifestDiffers(package: package, why: error.message)
    default: .cannotStage(what: "unpack the package '\(package)'", cause: error)
    }
}

extension TarballError {
    fileprivate var isOfThisMachine: Bool {
        switch self {
        case .system, .file, .outOfMemory: true
        default: false
        }
    }
}

/// As large as a manifest may be: a million paths of two hundred bytes.
let manifestLimit = 256 << 20

/// Compares the entries of an archive with its manifest while they are unpacked, and stops at the first that differs.
struct ManifestCheck {
    private let manifest: PackageManifest
    private var comparison: ManifestComparison

    init(_ manifest: PackageManifest) {
        self.manifest = manifest
        comparison = ManifestComparison(manifest)
    }

    /// What an archive of this manifest may hold: setuid only where the manifest, which git pins, has it.
    var policy: TarballPolicy {
        var policy = TarballPolicy.strict
        policy.setuid = .only(Set(manifest.privilegedPaths.map(\.rawValue)))
        policy.attributes = .only(manifest.attributeNames)
        // Room for one entry too many, with the directories that its path implies: it is refused by its name.
        policy.maxEntries = manifest.entries.count + policy.maxDepth
        // Likewise for a file that is larger than it should be.
        policy.maxUnpackedBytes = max(policy.maxUnpackedBytes, manifest.unpackedSize.bytes)
        return policy
    }

    mutating func compare(_ entry: TarballEntry) throws {
        // In two steps: as the argument of a call on self, the comparison would be copied whole for each entry.
        let difference = comparison.difference(of: ArchiveEntry(entry))
        try refuse(difference)
    }

    /// Whether all that the manifest lists has come.
    func finish() throws { try refuse(comparison.missing.first) }

    private func refuse(_ difference: ManifestDifference?) throws {
        guard let difference else { return }
        throw RollError.manifestDiffers(
            package: manifest.name, why: "'\(difference.path)': \(difference.why.rawValue)")
    }
}

extension ArchiveEntry {
    fileprivate init(_ entry: TarballEntry) {
        let kind: Kind =
            switch entry.kind {
            case .file(let size): .file(size: size)
            case .directory: .directory
            case .symlink(let target): .symlink(target: target)
            case .hardLink(let target): .hardLink(target: target)
            }
        self.init(
            path: entry.path, kind: kind, permissions: entry.permissions, digest: entry.digest,
            attributes: entry.extendedAttributes)
    }
}
