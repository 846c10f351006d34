import LinuxSystem
import RollerCore

/// Files of the store are names of the inodes that live trees have too, so that a write in place through the live tree
/// changes the store. It must not reach the next generation: every package is swept when it was linked, and again before it
/// is used; where the sweeps differ its files are hashed, and what is not as the manifest says is fetched anew.
extension PackageStore {
    /// What may be wrong with a package.
    enum Condition: Hashable {
        case missing
        /// As its manifest says.
        case sound
        /// Changed since it was unpacked, at these paths; none where something was added.
        case damaged([TreePath])
    }

    private static let sweepFile = "swept"
    private static let damageFile = "damaged"

    /// Looks at a package of the store. Reads its files only where the kernel says that something happened to one.
    func condition(of package: Bundle.Package) throws -> Condition {
        guard try has(package) else { return .missing }
        let folder = package.archive.hex
        // From a call that was cut off; the package in the store is whole.
        try RollerHome.removeTree(Self.unfinishedPrefix + folder, in: home.packages)
        if let known = try damage(in: folder) { return .damaged(known) }
        let tree = try home.packages.openDirectory("\(folder)/tree")
        // Before the bytes are read: what is written meanwhile shows the next time.
        let sweep = try PackageSweep(tree)
        if sweep == recordedSweep(in: folder) { return .sound }
        let manifest = try? manifest(package)
        let damaged = try manifest.map { try differences(of: tree, from: $0) } ?? []
        guard let manifest, damaged.isEmpty, sweep.leaves == manifest.leaves else {
            // Kept until the package is replaced: the generations that share the bytes are mended then.
            try home.packages.replaceFile(
                "\(folder)/\(Self.damageFile)", permissions: 0o600,
                bytes: Array(damaged.map(\.rawValue).joined(separator: "\n").utf8), durable: true)
            return .damaged(damaged)
        }
        try record(sweep, in: folder)
        return .sound
    }

    /// What is known to be damaged; nil where nothing is.
    func damage(in folder: String) throws(FileError) -> [TreePath]? {
        let path = "\(folder)/\(Self.damageFile)"
        guard try home.packages.status(of: path) != nil else { return nil }
        let text = String(decoding: try home.packages.readFile(path, limit: manifestLimit), as: UTF8.self)
        return text.split(separator: "\n").compactMap { TreePath(String($0)) }
    }

    /// Whether the folder holds a package that was unpacked to its end.
    func isUnpacked(_ folder: String) throws(FileError) -> Bool {
        try home.packages.status(of: "\(folder)/\(Self.sweepFile)") != nil
    }

    /// Notes how the files of a package are, which was just unpacked and compared with its manifest.
    func recordUnpacked(_ folder: String) throws(FileError) {
        try record(PackageSweep(try home.packages.openDirectory("\(folder)/tree")), in: folder)
    }

    /// Notes that files of a package got other names, or lost some.
    /// - Throws: `RollError` when one of them was written to since they were compared with the manifest.
    func recordLinks(of package: Bundle.Package) throws {
        let folder = try self.folder(of: package)
        let sweep = try PackageSweep(try home.packages.openDirectory("\(folder)/tree"))
        guard let recorded = recordedSweep(in: folder), recorded.contents == sweep.contents else {
            throw RollError.cannotStage(what: "link the package '\(package.name)'", cause: WrittenMeanwhile())
        }
        try record(sweep, in: folder)
    }

    /// Does what takes names away from files of packages, and notes it for those that were as they were noted before. The
    /// others are hashed before they are used again.
    func tracking<Failure: Error>(_ archives: [Digest], _ work: () throws(Failure) -> Void) throws(Failure) {
        let unchanged = archives.compactMap { archive -> (folder: String, sweep: PackageSweep)? in
            guard let sweep = sweep(archive), sweep == recordedSweep(in: archive.hex) else { return nil }
            return (archive.hex, sweep)
        }
        try work()
        for (folder, before) in unchanged {
            guard let tree = try? home.packages.openDirectory("\(folder)/tree"), let sweep = try? PackageSweep(tree),
                sweep.contents == before.contents
            else { continue }
            try? record(sweep, in: folder)  // the next roll hashes the package else
        }
    }

    private func sweep(_ archive: Digest) -> PackageSweep? {
        guard let tree = try? home.packages.openDirectory("\(archive.hex)/tree") else { return nil }
        return try? PackageSweep(tree)
    }

    /// A sweep that cannot be read is none: the package is hashed then.
    private func recordedSweep(in folder: String) -> PackageSweep? {
        guard let bytes = try? home.packages.readFile("\(folder)/\(Self.sweepFile)", limit: 4096) else { return nil }
        return try? readJSON(bytes, as: PackageSweep.self)
    }

    private func record(_ sweep: PackageSweep, in folder: String) throws(FileError) {
        // A power cut that loses it, or leaves an older one, costs one reading of the package.
        try home.packages.replaceFile(
            "\(folder)/\(Self.sweepFile)", permissions: 0o600, bytes: canonicalJSON(sweep), durable: false)
    }
}

private struct WrittenMeanwhile: RollerError {
    var message: String { "somebody wrote to its files through the live tree at this moment" }
    var hint: String? { "services were not touched; run it again" }
}

extension PackageManifest {
    /// How many paths stand for no directory.
    fileprivate var leaves: Int { counts.files + counts.links }
}
