/// What differs between the trees of two generations, told from their records and manifests alone.
public struct TreeChanges: Hashable, Sendable {
    /// Paths that only the next generation has, sorted.
    public private(set) var added: [TreePath] = []
    /// Paths that both have, with other contents, kind, mode or owner; sorted.
    public private(set) var changed: [TreePath] = []
    /// Paths that only the previous generation has, sorted.
    public private(set) var removed: [TreePath] = []
    /// Packages that were added, removed or have other bytes now.
    public private(set) var packages: Set<PackageName> = []

    /// Whether the trees are the same. Packages without files, or with other directories alone, are a difference too.
    public var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty && packages.isEmpty }
    /// How many paths differ.
    public var count: Int { added.count + changed.count + removed.count }
    /// Every path that differs, sorted.
    public var paths: [TreePath] { (added + changed + removed).sorted() }

    /// Compares two generations.
    /// - Parameters:
    ///   - previous: The generation that is live; nil for a tree that Roller did not make, of which nothing is known.
    ///   - manifest: The manifest of a package of either. It is asked only for packages that differ.
    public static func between(
        _ previous: GenerationRecord?, _ next: GenerationRecord,
        manifest: (Bundle.Package) throws -> PackageManifest
    ) rethrows -> TreeChanges {
        var changes = TreeChanges()
        let oldArchives = Set(previous?.packages.map(\.archive) ?? [])
        let newArchives = Set(next.packages.map(\.archive))
        var old: [TreePath: PathState] = [:]
        var new: [TreePath: PathState] = [:]
        for package in previous?.packages ?? [] where !newArchives.contains(package.archive) {
            changes.packages.insert(package.name)
            try add(manifest(package), to: &old, modes: previous?.modes ?? [:])
        }
        for package in next.packages where !oldArchives.contains(package.archive) {
            changes.packages.insert(package.name)
            try add(manifest(package), to: &new, modes: next.modes)
        }
        if let previous { add(previous, to: &old) }
        add(next, to: &new)
        // Modes declared for paths of packages that stay as they are.
        for path in Set(next.modes.keys).union(previous?.modes.keys ?? [:].keys)
        where old[path] == nil && new[path] == nil && next.modes[path] != previous?.modes[path] {
            changes.changed.append(path)
        }
        for (path, state) in new {
            guard let before = old[path] else {
                changes.added.append(path)
                continue
            }
            if before != state { changes.changed.append(path) }
        }
        for path in old.keys where new[path] == nil { changes.removed.append(path) }
        changes.added.sort()
        changes.changed.sort()
        changes.removed.sort()
        return changes
    }

    private static func add(
        _ manifest: PackageManifest, to states: inout [TreePath: PathState], modes: [TreePath: ModeAndOwner]
    ) {
        var links: [(path: TreePath, target: TreePath)] = []
        var files: [TreePath: PackageManifest.Entry] = [:]
        for entry in manifest.entries {
            switch entry.kind {
            case .directory: continue  // shared between packages; what is in them tells
            case .hardLink(let target): links.append((entry.path, target))
            case .file, .symlink:
                states[entry.path] = PathState(entry.kind, entry.attributes, declared: modes[entry.path])
            }
        }
        guard !links.isEmpty else { return }
        // Another name of a file changes with the file.
        for entry in manifest.entries { if case .file = entry.kind { files[entry.path] = entry } }
        for link in links {
            let target = files[link.target]
            states[link.path] = PathState(
                target?.kind ?? .hardLink(target: link.target), target?.attributes ?? [:], declared: modes[link.path])
        }
    }

    private static func add(_ record: GenerationRecord, to states: inout [TreePath: PathState]) {
        for file in record.files {
            let kind = PackageManifest.Kind.file(
                permissions: file.mode.permissions, size: file.size, digest: file.digest)
            states[file.path] = PathState(kind, declared: file.mode)
        }
        for path in record.keep { states[path] = .kept }
    }
}

/// What stands at a path, for comparing: the mode and owner that the file ends up with, whoever says them.
private enum PathState: Hashable {
    case file(
        size: ByteCount, digest: Digest, permissions: UInt16, user: String, group: String,
        attributes: [AttributeName: [UInt8]])
    case other(PackageManifest.Kind, ModeAndOwner?)
    case kept

    init(_ kind: PackageManifest.Kind, _ attributes: [AttributeName: [UInt8]] = [:], declared: ModeAndOwner?) {
        guard case .file(let permissions, let size, let digest) = kind else {
            self = .other(kind, declared)
            return
        }
        self = .file(
            size: size, digest: digest, permissions: declared?.permissions ?? permissions,
            user: declared?.user ?? "root", group: declared?.group ?? "root",
            attributes: attributes)
    }
}
